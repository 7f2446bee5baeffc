"""What a worker does with a unit: read it, find what is in it, count."""

from __future__ import annotations

from collections.abc import Mapping

from lakescan.connectors import ReadRequest, read
from lakescan.connectors.damage import Damage
from lakescan.jobs.scan.unit import Partial, ScanUnit, pack_profiles
from lakescan.policy import Policy
from lakescan.udfs.classify import Memory, TableProfiler
from lakescan.udfs.detect import DetectorSet, build_detectors


class ScanTask:
    """Profiles splits. Picklable: detectors are built in ``setup``.

    Args:
        policy: what to look for.
        storage: connection properties.
    """

    def __init__(self, policy: Policy, storage: Mapping[str, str]) -> None:
        self._policy = policy
        self._storage = dict(storage)
        self._detectors: DetectorSet | None = None
        self._memory: Memory | None = None

    def setup(self) -> None:
        """Build the detectors and load their tables."""
        self._detectors = build_detectors(self._policy)
        self._detectors.setup()
        self._memory = Memory(self._detectors.evidence)

    def __call__(self, unit: ScanUnit) -> Partial:
        """Read the unit's split batch by batch; nothing but its profiles is kept."""
        assert self._detectors is not None, "setup comes first"
        profiler = TableProfiler(self._detectors, unit.reads, self._memory)
        rows, damage = 0, Damage()
        request = ReadRequest(
            columns=unit.columns,
            max_rows=unit.max_rows,
            max_row_groups=unit.max_row_groups,
            storage=self._storage,
            damage=damage,
        )
        for batch in read(unit.split, request):
            rows += batch.num_rows
            profiler.update(batch)
        profiles = pack_profiles(profiler.finish())
        return Partial(unit.id, rows, profiles, damage.error(unit.split.uri))
