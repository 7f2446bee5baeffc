"""What a sink promises: units staged one by one, in any order, and one commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, runtime_checkable

import pyarrow as pa

from lakescan.connectors.model import Dataset
from lakescan.connectors.sinks.model import (
    Committed,
    Origin,
    OutputUnit,
    Staged,
    Target,
    Transaction,
    Unfinished,
)


class Sink(Protocol):
    """Where data goes. Found by scheme with `sink_for`; third parties add theirs by entry point.

    The road of a run, where D is done on the driver and W on any worker:

    1. D ``begin(target)``, then ``plan(transaction, dataset, origin)`` for each dataset.
    2. W ``stage(transaction, unit, batches)`` for each unit, in any order, in any process, as often
       as it takes. ``batches`` are what was read of ``unit.splits``, in their order.
    3. D ``commit(transaction, staged)`` with one `Staged` a unit; or ``abort(transaction)``.

    A sink holds no state between calls: transactions, units and results are picklable values, and
    a worker gets its own sink by `sink_for`. Whatever is killed, and whatever runs twice:

    - Before the commit, readers see the old state; nothing that was staged shows.
    - After the commit, they see all of the run. A driver that dies inside ``commit`` leaves the
      old state, or a run that was committed and that the next ``begin`` or ``commit`` finishes.
    - The same run begun again (same ``run_id``) goes on: ``staged`` tells what is there already.
    - Of several workers that stage one unit, one counts; all are given that one's `Staged`.
    - A commit that is repeated, by this driver or another, returns the same `Committed` and
      changes nothing. Another run's commit since ``begin`` makes it a `ChangedSourceError`.
    """

    schemes: frozenset[str]

    def begin(self, target: Target) -> Transaction:
        """Begin a run, or go on with it; finishes the commit of a run that died in it.

        If ``transaction.committed`` is set, this run is done: plan and stage nothing.

        Raises:
            UsageError: the mode is ``create`` and something stands there; an unknown format; the
                run was aborted.
            CredentialError: the target refuses us.
        """

    def plan(
        self, transaction: Transaction, dataset: Dataset, origin: Origin
    ) -> Iterable[OutputUnit]:
        """Cut a dataset into units; writes nothing. The same dataset gives the same units.

        Of a long listing they come one by one, and are gone through once: an error may come late.

        Raises:
            UsageError: the output would be its own source, or needs a format that is not written.
        """

    def staged(self, transaction: Transaction) -> Iterator[Staged]:
        """What this run has staged so far, so that a driver begun again stages only the rest."""

    def stage(
        self, transaction: Transaction, unit: OutputUnit, batches: Iterable[pa.RecordBatch]
    ) -> Staged:
        """Write a unit's rows where no reader looks, in constant memory.

        The first batch's schema is the output's (names, types, nullability, order): send one
        without rows where a unit has none. Later batches must have the same columns; dictionaries
        and types that cast without loss are adapted. Partition columns stand in the batches like
        any other; each must hold one value, which goes into the path.

        If another worker has staged the unit before, its result is returned and ``batches`` may
        be left unread. An error from ``batches`` is passed on, and leaves nothing staged.

        Raises:
            ChangedSourceError: the run was committed or aborted in the meantime.
            UnsupportedError: the format cannot hold such a column.
            TransientError: worth a retry of the whole unit.
        """

    def commit(self, transaction: Transaction, staged: Iterable[Staged]) -> Committed:
        """Make all that is staged visible, on the condition that the target is as at ``begin``.

        Raises:
            ChangedSourceError: another run was committed since, or this one was aborted.
            UsageError: two units have the same output.
        """

    def abort(self, transaction: Transaction) -> None:
        """Remove what the run staged; a committed run is left alone.

        Raises:
            ChangedSourceError: the run is being committed right now.
        """

    def recorded(self, target: Target) -> Mapping[str, str]:
        """The metadata of the run that was committed last (`Target.metadata`); empty if none was.

        Args:
            target: where; of no run in particular.
        """

    def unfinished(self, target: Target) -> Unfinished | None:
        """The run that began last of those that are not over; None if all are.

        Args:
            target: where; of no run in particular.
        """


@runtime_checkable
class KeepingSink(Protocol):
    """A sink that can leave what an earlier run wrote where it is, as part of a new commit."""

    def kept(self, transaction: Transaction) -> Mapping[str, Staged]:
        """What the commit below this run left and nobody changed since, by `OutputUnit.made`.

        A run of the mode ``replace`` hands those that it wants to keep to ``commit``, among what
        it staged.
        """
