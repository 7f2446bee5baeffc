"""What a Ray actor does with a bundle of units."""

from __future__ import annotations

import gc
import os
import pickle
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lakescan.engines.allocation import keep_freed_memory
from lakescan.engines.attempt import Attempt, as_lakescan_error, attempt, backoff
from lakescan.engines.ray.journal import Journal
from lakescan.errors import TransientError

if TYPE_CHECKING:
    from lakescan.engines.protocol import Task

#: In place of a unit's index: the task's setup failed.
SETUP = -1
_SCHEMA = pa.schema([("index", pa.int64()), ("tries", pa.int32()), ("attempt", pa.large_binary())])


class Stage:
    """The callable class that ``map_batches`` runs in each actor.

    Args:
        task: pickled, because unpickling it loads what must not load before the limits are set.
        journal: counts deaths.
        attempts: how often a unit is tried.
        path: the driver's import path; searched last, for a cluster on the driver's machine.
    """

    def __init__(
        self,
        task: bytes,
        journal: Journal,
        attempts: int,
        path: Sequence[str],
    ) -> None:
        self._pickled = task
        self._journal = journal
        self._attempts = attempts
        self._task: Task[Any, Any] | None = None
        self._ended: int | None = None
        for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
            os.environ.setdefault(name, "1")
        sys.path.extend(place for place in path if place not in sys.path)
        keep_freed_memory()

    def __call__(self, batch: pa.Table) -> Iterator[pa.Table]:
        """Run the bundles of ``batch``; one row for each unit that ended."""
        for bundle in batch.column("bundle").to_pylist():
            for index, unit in pickle.loads(bundle):
                yield self._one(index, unit)

    def _one(self, index: int, unit: object) -> pa.Table:
        tries = self._journal.begin(index, self._ended)
        self._ended = None
        if tries > self._attempts:
            lost = TransientError("worker lost, each time", hint="is memory short?")
            return _row(index, self._attempts, Attempt(None, lost, 0.0))
        if self._task is None:
            # Not in __init__: a death in here must count as a try, or Ray would restart forever.
            gc.disable()  # what a start makes is no garbage
            try:
                task: Task[Any, Any] = pickle.loads(self._pickled)
                task.setup()
                gc.freeze()
            except Exception as error:  # noqa: BLE001 - it becomes the unit's outcome
                return _row(SETUP, 1, Attempt(None, as_lakescan_error(error), 0.0))
            finally:
                gc.enable()
            self._task = task
        tried = attempt(self._task, unit)
        while tried.passing and tries < self._attempts:
            time.sleep(backoff(tries))
            tries += 1
            tried = attempt(self._task, unit)
        self._ended = index
        return _row(index, tries, tried)


def _row(index: int, tries: int, tried: Attempt[Any]) -> pa.Table:
    try:
        message = pickle.dumps(tried, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - a result that cannot travel is a failure
        failure: Attempt[Any] = Attempt(None, as_lakescan_error(error), tried.seconds)
        message = pickle.dumps(failure, pickle.HIGHEST_PROTOCOL)
    return pa.table([[index], [tries], [message]], schema=_SCHEMA)
