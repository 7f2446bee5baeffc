"""Rate limits: a bucket of tokens for each caller, that fills up steadily."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

#: So many callers are remembered; who comes after so many others begins with a full bucket.
_REMEMBERED = 10_000


class Rates:
    """How much each caller may ask.

    Args:
        per_second: requests a second, in the long run.
        burst: requests at once.
        clock: seconds that only grow.
    """

    def __init__(
        self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_second
        self._burst = float(max(1, burst))
        self._clock = clock
        #: For each caller what is in the bucket, and when that was so.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Take a token: 0.0; or the seconds until there will be one."""
        now = self._clock()
        held, then = self._buckets.pop(name, (self._burst, now))
        held = min(self._burst, held + (now - then) * self._rate)
        wait = 0.0 if held >= 1 else (1 - held) / self._rate
        self._buckets[name] = (held - 1 if held >= 1 else held, now)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return wait
