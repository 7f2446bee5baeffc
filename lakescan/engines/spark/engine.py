"""The Spark engine: bundles of units as the rows of a DataFrame, a partition each.

A job takes a wave of bundles and gives back a row for each unit that ended, as Arrow. Two jobs and
more are under way at a time, so that no processor waits for the last bundle of a wave.
"""

from __future__ import annotations

import logging
import pickle
import re
import sys
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lakescan.engines.attempt import Attempt
from lakescan.engines.bundle import bundles
from lakescan.engines.cpus import usable_cpus
from lakescan.engines.options import EngineOptions
from lakescan.engines.protocol import Outcome, Result, Task, Unit
from lakescan.engines.spark.session import connected
from lakescan.engines.spark.stage import BUNDLES, ENDED_DDL, SETUP, Stage, begins, never, value_of
from lakescan.engines.spark.waves import Place, Wave, Waves
from lakescan.errors import TerminalError, TransientError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_log = logging.getLogger(__name__)

#: Jobs that may fail in a row with nothing done, until the rest is given up.
_FRUITLESS = 20
#: Of the session that jobs run in; others of the same Spark keep theirs.
_SETTINGS = {
    # A row, a batch, a partition: bundles are spread without a shuffle.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",
    "spark.sql.execution.arrow.localRelationThreshold": "0",
    # A plan of two steps needs no compiler.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}


class SparkEngine:
    """Runs units on Spark: the session that there is, a cluster, or Spark on this machine."""

    name = "spark"

    def __init__(self, options: EngineOptions) -> None:
        self._options = options
        self.parallelism = options.workers or usable_cpus()

    def run(
        self, task: Task[Unit, Result], units: Sequence[Unit]
    ) -> Iterator[Outcome[Unit, Result]]:
        """Run ``task`` over ``units``.

        Raises:
            MissingDependencyError: PySpark is not installed.
            UsageError: there is no Java.
            TransientError: the cluster cannot be reached.
            TerminalError: the cluster's workers cannot run lakescan.
            LakescanError: the task's setup failed.
        """
        if not units:
            return
        with connected(self._options) as spark:
            slots = spark.sparkContext.defaultParallelism
            self.parallelism = min(self._options.workers or slots, slots)
            jobs = 1 if self.parallelism < slots else 2
            run = _Run(spark, pickle.dumps(task), units, self._options.attempts)
            try:
                yield from run.outcomes(self.parallelism, jobs)
            finally:
                run.close()


@dataclass(frozen=True, slots=True)
class _Done:
    """How a job ended: rows, or nothing if it failed."""

    wave: Wave
    rows: pa.Table | None
    error: Exception | None = None


@dataclass
class _Run:
    """One run under way."""

    spark: SparkSession
    task: bytes
    units: Sequence[Any]
    attempts: int
    name: str = field(default_factory=lambda: f"lakescan-{uuid.uuid4().hex[:12]}")

    def __post_init__(self) -> None:
        self._done = bytearray(len(self.units))  # 1 where a unit ended
        self._left = len(self.units)
        self._broadcast = self.spark.sparkContext.broadcast(self.task)
        self._session = self.spark.newSession()
        for name, value in _SETTINGS.items():
            self._session.conf.set(name, value)
        # A copy that Spark begins of a slow task is no sign of a death.
        self._copies = self.spark.sparkContext.getConf().get("spark.speculation", "false") == "true"

    def close(self) -> None:
        """Stop what still runs, and take the task back."""
        context = self.spark.sparkContext
        context.cancelJobsWithTag(self.name)
        self._broadcast.destroy()

    def outcomes(self, parallelism: int, jobs: int) -> Iterator[Outcome[Any, Any]]:
        """Run everything; at most ``jobs`` jobs at a time, the widest ``parallelism`` times two."""
        from pyspark import inheritable_thread_target

        packed = bundles(self.units, parallelism)
        width = parallelism if jobs == 1 else 2 * parallelism
        waves = Waves(([index for index, _ in bundle] for bundle in packed), width)
        job = inheritable_thread_target(self.spark)(self._job)
        running: set[Future[_Done]] = set()
        fruitless = 0
        with ThreadPoolExecutor(jobs) as threads:
            try:
                while fruitless < _FRUITLESS:
                    while len(running) < jobs and (wave := waves.take()) is not None:
                        running.add(threads.submit(job, wave))
                    if not running:
                        break
                    ended, running = wait(running, return_when=FIRST_COMPLETED)
                    for done in [each.result() for each in ended]:
                        before = self._left
                        yield from self._ended(done, waves)
                        fruitless = 0 if self._left < before else fruitless + 1
            finally:
                self.spark.sparkContext.cancelJobsWithTag(self.name)
        while (index := self._done.find(0)) >= 0:
            yield self._lost(Place(index, self.attempts))

    def _job(self, wave: Wave) -> _Done:
        """Run a wave, in a thread of its own."""
        context = self.spark.sparkContext
        context.addJobTag(self.name)
        context.setJobDescription(f"lakescan: {sum(map(len, wave))} units")
        rows = [
            pickle.dumps([(place.index, place.tries, self.units[place.index]) for place in bundle])
            for bundle in wave
        ]
        begun = never if self._copies else begins
        stage = Stage(self.name, partial(value_of, self._broadcast), self.attempts, sys.path, begun)
        try:
            frame = self._session.createDataFrame(pa.table([rows], schema=BUNDLES))
            return _Done(wave, frame.mapInArrow(stage, ENDED_DDL).toArrow())
        except _failures() as error:
            return _Done(wave, None, error)

    def _ended(self, done: _Done, waves: Waves) -> Iterator[Outcome[Any, Any]]:
        if done.error is not None:
            yield from self._failed(done, waves)
            return
        assert done.rows is not None
        died = []
        for index, tries, message in zip(*_columns(done.rows), strict=True):
            if message is None:
                died.append(Place(index, tries))
                continue
            tried: Attempt[Any] = pickle.loads(message)
            if index == SETUP:
                assert tried.error is not None
                raise tried.error
            if not self._done[index]:
                self._end(index)
                yield Outcome(self.units[index], tried.result, tried.error, tried.seconds, tries)
        if died:
            _log.warning("a worker of Spark was lost; %d units are tried again", len(died))
        alone = {bundle[0].index for bundle in done.wave if len(bundle) == 1}
        yield from self._given_up([place for place in died if place.index in alone])
        waves.alone([place for place in died if not self._done[place.index]])

    def _failed(self, done: _Done, waves: Waves) -> Iterator[Outcome[Any, Any]]:
        """Go on after a job that failed."""
        assert done.error is not None
        hopeless = _hopeless(done.error)
        if hopeless is not None:
            raise hopeless
        _log.warning("a job of Spark failed, its parts run again: %s", type(done.error).__name__)
        if len(done.wave) == 1 and len(done.wave[0]) == 1:
            yield from self._given_up([done.wave[0][0].again])
        there = (place.index for bundle in done.wave for place in bundle)
        waves.lost(done.wave, frozenset(index for index in there if not self._done[index]))

    def _given_up(self, alone: Sequence[Place]) -> Iterator[Outcome[Any, Any]]:
        """Units that died alone, as often as they are tried."""
        for place in alone:
            if place.tries >= self.attempts and not self._done[place.index]:
                yield self._lost(place)

    def _end(self, index: int) -> None:
        self._done[index] = 1
        self._left -= 1

    def _lost(self, place: Place) -> Outcome[Any, Any]:
        self._end(place.index)
        lost = TransientError("worker lost, each time", hint="is memory short?")
        return Outcome(self.units[place.index], None, lost, 0.0, place.tries)


def _failures() -> tuple[type[Exception], ...]:
    """What PySpark raises when a job fails, or Spark itself is gone."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    return (PySparkException, Py4JError, OSError, EOFError)


def _hopeless(error: Exception) -> TerminalError | None:
    """What a job failed of that every other would fail of, too."""
    text = str(error)
    missing = re.search(r"No module named '([\w.]+)'", text)
    if missing is not None:
        return TerminalError(
            f"Spark's Python workers have no module {missing[1]!r}",
            hint="install lakescan on every node, for the Python of PYSPARK_PYTHON",
        )
    if "PYTHON_VERSION_MISMATCH" in text:
        return TerminalError(
            "Spark's Python workers have another Python than the driver",
            hint="set PYSPARK_PYTHON",
        )
    return None


def _columns(table: pa.Table) -> list[list[Any]]:
    return [column.to_pylist() for column in table.columns]
