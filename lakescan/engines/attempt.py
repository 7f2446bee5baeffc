"""One try of one unit, the same on every engine: what it gave, or why not, and how long it took."""

from __future__ import annotations

import random
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from lakescan.engines.protocol import Result, Task, Unit
from lakescan.errors import LakescanError, LimitExceededError, TerminalError, TransientError


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Result]):
    """How one try ended: exactly one of ``result`` and ``error`` is set."""

    result: Result | None
    error: LakescanError | None
    seconds: float

    @property
    def passing(self) -> bool:
        """Whether another try may end better."""
        return isinstance(self.error, TransientError)


def attempt(task: Task[Unit, Result], unit: Unit) -> Attempt[Result]:
    """Try ``unit`` once; whatever it raises becomes the error."""
    started = time.perf_counter()
    try:
        result = task(unit)
    except LakescanError as error:
        return Attempt(None, error, time.perf_counter() - started)
    except Exception as error:  # noqa: BLE001 - it becomes the unit's outcome
        return Attempt(None, as_lakescan_error(error), time.perf_counter() - started)
    except BaseException as error:
        # What extensions in Rust raise where they would end the process; no module exports it.
        if type(error).__name__ != "PanicException":
            raise
        return Attempt(None, as_lakescan_error(error), time.perf_counter() - started)
    return Attempt(result, None, time.perf_counter() - started)


def as_lakescan_error(error: BaseException) -> LakescanError:
    """Name an unforeseen exception by its type and place.

    Its own text is left out, since libraries put cell values into their messages.
    """
    if isinstance(error, LakescanError):
        return error
    if isinstance(error, MemoryError):
        return LimitExceededError("out of memory", hint="use smaller splits or fewer workers")
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return TerminalError(f"unforeseen {type(error).__name__}{place}", hint="please report this")


def backoff(tries: int, *, base: float = 0.2, cap: float = 5.0) -> float:
    """Seconds to wait after ``tries`` failed tries: exponential, with full jitter."""
    return random.uniform(0.5, 1.0) * min(cap, base * 2.0 ** (tries - 1))  # noqa: S311
