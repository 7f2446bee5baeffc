"""What a worker does with an output: read its splits, rewrite their batches, stage them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from lakescan.connectors import ReadRequest, read
from lakescan.connectors.sinks import OutputUnit, Staged, Transaction, sink_for
from lakescan.jobs.keys import keyring_at
from lakescan.policy import Policy
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import TablePlan
from lakescan.udfs.anonymize.rewriter import Rewriter
from lakescan.udfs.anonymize.tally import Tallies
from lakescan.udfs.detect import DetectorSet, build_detectors

_EXPANSION = 6


@dataclass(frozen=True, slots=True)
class AnonymizeUnit:
    """One output to be written.

    Args:
        table: place of its dataset in the job.
        output: the sink's unit.
        plan: what is done to its columns.
    """

    table: int
    output: OutputUnit
    plan: TablePlan

    @property
    def weight(self) -> int:
        """Bytes to be decoded, about."""
        return _EXPANSION * sum(split.size for split in self.output.splits)


@dataclass(frozen=True, slots=True)
class Written:
    """What a unit leaves: where its rows lie, and counts."""

    staged: Staged
    tallies: Tallies


class AnonymizeTask:
    """Rewrites outputs. Picklable: each worker fetches the keys itself, by their URI.

    Args:
        policy: says what counts as personal data inside texts.
        key: the keyring's URI; None where no operator is keyed.
        transaction: the run at the sink.
        storage: connection properties of the source.
    """

    def __init__(
        self,
        policy: Policy,
        key: str | None,
        transaction: Transaction,
        storage: Mapping[str, str],
    ) -> None:
        self._policy = policy
        self._key = key
        self._transaction = transaction
        self._storage = dict(storage)
        self._keyring: Keyring | None = None
        self._detectors: DetectorSet | None = None

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_keyring": None, "_detectors": None}

    def setup(self) -> None:
        """Fetch the keys, and load what finds spans."""
        self._keyring = None if self._key is None else keyring_at(self._key)
        self._detectors = build_detectors(self._policy)
        self._detectors.setup()

    def __call__(self, unit: AnonymizeUnit) -> Written:
        """Write one output where no reader looks."""
        assert self._detectors is not None, "setup comes first"
        workshop = self.workshop(self._keyring)
        rewriter = Rewriter(unit.plan, self._policy, workshop, self._detectors)
        sink = sink_for(self._transaction.target.uri)
        staged = sink.stage(self._transaction, unit.output, self._batches(unit.output, rewriter))
        return Written(staged, rewriter.tallies)

    def workshop(self, keyring: Keyring | None) -> Workshop:
        """The operators of the plans."""
        return Workshop(keyring)

    def _batches(self, output: OutputUnit, rewriter: Rewriter) -> Iterator[pa.RecordBatch]:
        some = False
        for split in output.splits:
            for batch in read(split, ReadRequest(storage=self._storage)):
                some = True
                yield rewriter.rewrite(batch)
        if not some and output.schema is not None:
            none = [pa.nulls(0, field.type) for field in output.schema]
            yield rewriter.rewrite(pa.RecordBatch.from_arrays(none, schema=output.schema))
