"""What is done in a Ray actor."""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lakescan.engines.allocation import keep_freed_memory
from lakescan.engines.attempt import Attempt, as_lakescan_error, attempt, packed

if TYPE_CHECKING:
    from lakescan.engines.protocol import Task


class Actor:
    """Sets up a task, and does units one after the other.

    Args:
        path: the driver's import path; searched last, for a cluster on the driver's machine.
        module: what it imports while it waits for a task.
    """

    def __init__(self, path: Sequence[str], module: str) -> None:
        gc.disable()  # what a start makes is no garbage
        for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
            os.environ.setdefault(name, "1")
        sys.path.extend(place for place in path if place not in sys.path)
        keep_freed_memory()
        if module:
            import_module(module)
        self._task: Task[Any, Any] | None = None

    def set_up(self, task: bytes) -> bytes:
        """How that went, as a message to the driver.

        Args:
            task: pickled, because unpickling it loads what must not load before the limits are set.
        """
        try:
            made: Task[Any, Any] = pickle.loads(task)
            made.setup()
            gc.freeze()
        except Exception as error:  # noqa: BLE001 - it becomes the run's failure
            return packed(None, Attempt(None, as_lakescan_error(error), 0.0))
        finally:
            gc.enable()
        self._task = made
        return packed(None, Attempt(True, None, 0.0))

    def run(self, index: int, unit: bytes) -> bytes:
        """What became of a unit, as a message to the driver."""
        assert self._task is not None, "setup comes first"
        return packed(index, attempt(self._task, pickle.loads(unit)))
