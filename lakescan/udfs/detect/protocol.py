"""What a detector promises: values in, findings out, whole columns at a time."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import pyarrow as pa

from lakescan.udfs.detect.collect import Group
from lakescan.udfs.detect.values import Values


class Detector(Protocol):
    """Finds entities in strings. Third parties add theirs as ``lakescan.detectors``.

    A detector is picklable and deterministic; what it loads, it loads in ``setup``.
    """

    @property
    def name(self) -> str:
        """The first part of the name of each of its findings' detectors."""

    @property
    def version(self) -> str:
        """Changes whenever the same values may give other findings."""

    @property
    def entities(self) -> frozenset[str]:
        """All that it can find."""

    def setup(self) -> None:
        """Load models and tables; called once in each worker process, before ``detect``."""

    def detect(self, values: Values) -> pa.Table:
        """Find entities in ``values`` (distinct, none null).

        Returns:
            A table of `FINDINGS_SCHEMA`; ``row`` indexes ``values``. Findings may overlap: the
            caller resolves conflicts. ``detector`` may be finer than ``name`` (``pattern.iban``).
        """


@runtime_checkable
class Groups(Protocol):
    """Tells findings without building a table of them; a detector may do so besides ``detect``."""

    def groups(self, values: Values) -> list[Group]:
        """What ``detect`` finds, in groups of one entity, detector and score."""
