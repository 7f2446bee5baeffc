"""What Spark's Python workers do with the bundles of a partition."""

from __future__ import annotations

import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lakescan.engines.attempt import Attempt, as_lakescan_error, attempt, backoff

if TYPE_CHECKING:
    from pyspark import Broadcast

    from lakescan.engines.protocol import Task

#: In place of a unit's index: the task's setup failed.
SETUP = -1
#: Of a bundle: a pickled list of (index, tries before, unit).
BUNDLES = pa.schema([("bundle", pa.binary())])
#: Of what ended: ``attempt`` is pickled, and null where the worker that had the unit died.
ENDED = pa.schema([("index", pa.int64()), ("tries", pa.int32()), ("attempt", pa.binary())])
ENDED_DDL = "index long, tries int, attempt binary"

#: The task of the run that this worker is in, set up: Spark uses its workers again.
_READY: dict[str, Task[Any, Any]] = {}


def bound_threads() -> None:
    """Keep this worker to one thread: Spark has a worker for each core."""
    for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def value_of(broadcast: Broadcast[bytes]) -> bytes:
    """What was broadcast."""
    return broadcast.value


def begins() -> int:
    """How often Spark began this partition before, because its worker died or its node was lost."""
    from pyspark import TaskContext

    context = TaskContext.get()
    return 0 if context is None else context.attemptNumber()


def never() -> int:
    """In place of `begins` where Spark begins slow tasks twice: nobody knows."""
    return 0


class Stage:
    """The callable that ``mapInArrow`` runs over each partition.

    A worker that dies takes its partition's bundles along, and Spark begins them again. The second
    time this only says so, and the driver decides: who of them it was shows when each runs alone.

    Args:
        run: names the run.
        task: gives the task, pickled: unpickling it loads what must not load before the limits are
            set.
        attempts: how often a unit is tried.
        path: the driver's import path; searched last, for a cluster on the driver's machine.
        begun: gives how often Spark has begun this partition before.
    """

    def __init__(
        self,
        run: str,
        task: Callable[[], bytes],
        attempts: int,
        path: Sequence[str],
        begun: Callable[[], int],
    ) -> None:
        self._run = run
        self._pickled = task
        self._attempts = attempts
        self._path = list(path)
        self._begun = begun

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Run the bundles; one row for each unit that ended."""
        died = self._begun() > 0
        for batch in batches:
            for bundle in batch.column("bundle").to_pylist():
                yield from self._died(bundle) if died else self._done(bundle)

    def _died(self, bundle: bytes) -> Iterator[pa.RecordBatch]:
        self._prepare()
        for index, tries, _ in pickle.loads(bundle):
            yield _row(index, tries + 1, None)

    def _done(self, bundle: bytes) -> Iterator[pa.RecordBatch]:
        self._prepare()
        try:
            task = self._task()
        except Exception as error:  # noqa: BLE001 - it becomes the run's outcome
            yield _row(SETUP, 1, Attempt(None, as_lakescan_error(error), 0.0))
            return
        for index, before, unit in pickle.loads(bundle):
            tries = before + 1
            tried = attempt(task, unit)
            while tried.passing and tries < self._attempts:
                time.sleep(backoff(tries))
                tries += 1
                tried = attempt(task, unit)
            yield _row(index, tries, tried)

    def _task(self) -> Task[Any, Any]:
        """The task, set up once in this worker."""
        if self._run not in _READY:
            _READY.clear()
            task: Task[Any, Any] = pickle.loads(self._pickled())
            task.setup()
            _READY[self._run] = task
        return _READY[self._run]

    def _prepare(self) -> None:
        bound_threads()
        sys.path.extend(place for place in self._path if place not in sys.path)


def _row(index: int, tries: int, tried: Attempt[Any] | None) -> pa.RecordBatch:
    message = None if tried is None else _pickled(tried)
    return pa.RecordBatch.from_pydict(
        {"index": [index], "tries": [tries], "attempt": [message]}, schema=ENDED
    )


def _pickled(tried: Attempt[Any]) -> bytes:
    try:
        return pickle.dumps(tried, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - a result that cannot travel is a failure
        failure: Attempt[Any] = Attempt(None, as_lakescan_error(error), tried.seconds)
        return pickle.dumps(failure, pickle.HIGHEST_PROTOCOL)
