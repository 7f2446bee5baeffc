"""The reduce: partial results merged as they come, each unit once, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from lakescan.connectors import Dataset
from lakescan.errors import LakescanError
from lakescan.jobs.scan.docket import Left
from lakescan.jobs.scan.judge import judge
from lakescan.jobs.scan.plan import Plan
from lakescan.jobs.scan.unit import Partial, ScanUnit, unpack_profiles
from lakescan.policy import Policy
from lakescan.reports.model import DatasetReport, ErrorReport
from lakescan.udfs.classify import ColumnProfile, TableProfiler, merge
from lakescan.udfs.detect import DetectorSet
from lakescan.udfs.documents import MAX_PATHS, REST


@dataclass(slots=True)
class _Running:
    """A dataset of which units are still out."""

    left: int
    failed: int = 0
    rows: int = 0
    profiles: dict[tuple[int, str], ColumnProfile] = field(default_factory=dict)


class Fold:
    """Merges partial results; a dataset is judged, and its profiles dropped, with its last unit.

    What is held at once is the merged profiles of the datasets that are under way.
    """

    def __init__(self, plan: Plan, policy: Policy) -> None:
        self._plan = plan
        self._policy = policy
        self._done = bytearray(len(plan.units))
        self._running = {place: _Running(left) for place, left in plan.units.counts.items()}
        self._judged: dict[int, DatasetReport] = {}
        self.notices: list[ErrorReport] = []
        self.rows = 0
        self.bytes = 0
        self.committed = 0
        for place, dataset in enumerate(plan.datasets):
            if place not in self._running:
                self._judged[place] = empty_report(dataset, policy)

    def add(self, partial: Partial) -> ScanUnit | None:
        """Merge one partial result.

        Returns:
            Its unit; None where that is not planned, or ended before.
        """
        place = self._open(partial.unit)
        if place is None:
            return None
        unit = self._plan.units[place]
        self._done[place] = 1
        running = self._running[unit.dataset]
        for profile in unpack_profiles(partial.profiles):
            key = (profile.index, profile.path)
            before = running.profiles.get(key)
            running.profiles[key] = profile if before is None else merge(before, profile)
        running.rows += partial.rows
        self.rows += partial.rows
        self.bytes += unit.split.size
        self.committed += 1
        self._ended(unit.dataset)
        return unit

    def wants(self, unit: str) -> bool:
        """Whether a unit, by its id, is planned and has not ended."""
        return self._open(unit) is not None

    def give_up(self, unit: ScanUnit) -> None:
        """Note that a unit failed for good."""
        place = self._open(unit.id)
        if place is not None:
            self._done[place] = 1
            self._running[unit.dataset].failed += 1
            self._ended(unit.dataset)

    def stop(self) -> Counter[str]:
        """Leave undone what has not ended; how many units of which dataset's URI that were."""
        left: Counter[str] = Counter()
        for unit in self.open_units:
            left[self._plan.datasets[unit.dataset].uri] += 1
            self.give_up(unit)
        return left

    @property
    def open_units(self) -> Left[ScanUnit]:
        """Units that have not ended, in the order of the plan."""
        return Left(self._plan.units, self._done)

    @property
    def left(self) -> int:
        """How many units have not ended."""
        return sum(running.left for running in self._running.values())

    def _open(self, unit: str) -> int | None:
        """The place of a unit, by its id; None where that is not planned, or has ended."""
        place = self._plan.units.place(unit)
        return None if place is None or self._done[place] else place

    def reports(self) -> tuple[DatasetReport, ...]:
        """All datasets in the order of the plan; every unit must have ended."""
        assert not self._running, "units are still out"
        return tuple(self._judged[place] for place in range(len(self._plan.datasets)))

    def _ended(self, place: int) -> None:
        running = self._running[place]
        running.left -= 1
        if running.left:
            return
        del self._running[place]
        dataset = self._plan.datasets[place]
        if not running.profiles and not running.failed:
            self._judged[place] = empty_report(dataset, self._policy)
            return
        profiles = [running.profiles[key] for key in sorted(running.profiles)]
        self.notices += _notices(dataset.uri, profiles)
        whole = not running.failed and place not in self._plan.sampled
        self._judged[place] = judge(dataset, profiles, running.rows, self._policy, whole=whole)


def _notices(uri: str, profiles: Sequence[ColumnProfile]) -> Iterator[ErrorReport]:
    """What is to be told of how a dataset's columns were cut."""
    for profile in profiles:
        if profile.path.endswith(f".${REST}") and profile.rows:
            message = (
                f"the JSON in {profile.path.removesuffix(f'.${REST}')} has more than {MAX_PATHS}"
                f" different paths; {profile.rows:,} values below the others were judged together,"
                f" as {profile.path}"
            )
            yield ErrorReport(uri, "ManyPaths", message)


def empty_report(dataset: Dataset, policy: Policy) -> DatasetReport:
    """A dataset without rows still has columns, where its file names them."""
    profiler = TableProfiler(DetectorSet((), policy))
    if dataset.schema is not None:
        none = [pa.nulls(0, field.type) for field in dataset.schema]
        profiler.update(pa.RecordBatch.from_arrays(none, schema=dataset.schema))
    return judge(dataset, profiler.finish(), 0, policy, whole=True)


def error_report(uri: str, error: LakescanError) -> ErrorReport:
    """An error as reports show it."""
    return ErrorReport(error.uri or uri, error.kind, str(error))


def status_of(errors: Sequence[ErrorReport], committed: int) -> str:
    """``complete``, or ``partial`` where something failed, or ``failed`` where nothing was read."""
    if all(error.is_notice for error in errors):
        return "complete"
    return "partial" if committed else "failed"
