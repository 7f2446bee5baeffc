"""The Ray engine: units through ``map_batches`` on a pool of actors, dead letters for failures.

Ray Data is a scheduler here, no more: bundles of units go in, outcomes come out as pickled bytes.
Ray tries a task whose actor died again without end, so each try is written into a `Journal` first,
and a unit that has used up its tries becomes a dead letter instead of one more death.
"""

from __future__ import annotations

import logging
import pickle
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from lakescan.engines.attempt import Attempt
from lakescan.engines.bundle import bundles
from lakescan.engines.cpus import usable_cpus
from lakescan.engines.options import EngineOptions
from lakescan.engines.protocol import Outcome, Result, Task, Unit
from lakescan.engines.ray.journal import Journal
from lakescan.engines.ray.opening import connected
from lakescan.engines.ray.stage import SETUP, Stage
from lakescan.errors import TransientError

if TYPE_CHECKING:
    from ray.data import Dataset

_log = logging.getLogger(__name__)

#: Units that are given to Ray at once: what the driver and Ray's store hold of a long plan.
_WINDOW = 65_536


class _Ended(NamedTuple):
    place: int
    tries: int
    tried: Attempt[Any]


class RayEngine:
    """Runs units on a Ray cluster: a running one, or one started on this machine for the run."""

    name = "ray"

    def __init__(self, options: EngineOptions) -> None:
        self._options = options
        self.parallelism = options.workers or usable_cpus()
        self._places = self.parallelism

    def run(
        self, task: Task[Unit, Result], units: Sequence[Unit]
    ) -> Iterator[Outcome[Unit, Result]]:
        """Run ``task`` over ``units``.

        Raises:
            MissingDependencyError: Ray is not installed.
            TransientError: the cluster cannot be reached.
            UsageError: no node of it has room for such a worker.
            LakescanError: the task's setup failed.
        """
        if not units:
            return
        given = enumerate(units)
        with connected(self._options) as places:
            self.parallelism = self._options.workers or places
            self._places = places
            packed = pickle.dumps(task)
            alive = True
            while missing := dict(islice(given, _WINDOW)):
                taken = len(missing)
                if alive:
                    yield from self._outcomes(packed, missing)
                for unit in missing.values():
                    lost = TransientError("the Ray cluster lost this work, each time")
                    yield Outcome(unit, None, lost, 0.0, self._options.attempts)
                alive = len(missing) < taken

    def _outcomes(self, task: bytes, missing: dict[int, Unit]) -> Iterator[Outcome[Unit, Any]]:
        """Run what is missing, and take from it what ended."""
        for index, tries, tried in self._rounds(task, missing):
            unit = missing.pop(index)
            yield Outcome(unit, tried.result, tried.error, tried.seconds, tries)

    def _rounds(self, task: bytes, missing: dict[int, Unit]) -> Iterator[_Ended]:
        """Run what is missing, again where Ray itself failed, until a few rounds gave nothing."""
        fruitless = 0
        while missing and fruitless < self._options.attempts:
            before = len(missing)
            try:
                for ended in self._round(task, list(missing.items())):
                    if ended.place == SETUP:
                        assert ended.tried.error is not None
                        raise ended.tried.error
                    if ended.place in missing:  # Ray may run a task twice when a node is lost
                        yield ended
            except _failures() as error:
                _log.warning("Ray failed, going on with what is left: %s", type(error).__name__)
            fruitless = 0 if len(missing) < before else fruitless + 1

    def _round(self, task: bytes, left: list[tuple[int, Unit]]) -> Iterator[_Ended]:
        journal = Journal()
        try:
            for batch in self._dataset(task, journal, left).iter_batches(
                batch_size=None, batch_format="pyarrow", prefetch_batches=0
            ):
                for index, tries, tried in zip(*_columns(batch), strict=True):
                    yield _Ended(index, tries, pickle.loads(tried))
        finally:
            journal.forget()

    def _dataset(self, task: bytes, journal: Journal, left: list[tuple[int, Unit]]) -> Dataset:
        from ray.data import ActorPoolStrategy, DataContext, from_items

        rows = [
            {"bundle": pickle.dumps([left[place] for place, _ in bundle])}
            for bundle in bundles([unit for _, unit in left], self.parallelism)
        ]
        worker = self._options.worker
        context = DataContext.get_current().copy()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        context.max_errored_blocks = 0
        with DataContext.current(context):
            return from_items(rows, override_num_blocks=len(rows)).map_batches(
                Stage,
                fn_constructor_args=(task, journal, self._options.attempts, sys.path),
                batch_format="pyarrow",
                batch_size=1,
                compute=ActorPoolStrategy(
                    min_size=1,
                    max_size=self.parallelism,
                    # More than there are places for now is for an autoscaler to make room for.
                    initial_size=min(self._places, self.parallelism),
                    max_tasks_in_flight_per_actor=2,
                ),
                num_cpus=worker.cpus,
                num_gpus=worker.gpus or None,
                memory=worker.memory,
                resources=dict(worker.resources),
            )


def _failures() -> tuple[type[Exception], ...]:
    """What Ray raises when it, or an actor of it, fails."""
    from ray.data.exceptions import RayDataUserCodeException, SystemException
    from ray.exceptions import RayError

    return (RayError, RayDataUserCodeException, SystemException)


def _columns(batch: object) -> list[list[Any]]:
    assert isinstance(batch, pa.Table)
    return [column.to_pylist() for column in batch.columns]
