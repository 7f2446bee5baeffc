"""Counts of a running scan, told a few times a second."""

from __future__ import annotations

import time
from collections import deque

from lakescan.jobs.scan.fold import Fold
from lakescan.jobs.scan.plan import Plan
from lakescan.reports.progress import Counts, Progress

_TELL_SECONDS = 0.1
_RATE_SECONDS = 5.0


class Meter:
    """Tells ``progress`` how far ``fold`` is.

    Args:
        plan: what is to be done.
        fold: what is done.
        progress: whom to tell.
    """

    def __init__(self, plan: Plan, fold: Fold, progress: Progress) -> None:
        self._planned = len(plan.units)
        self._planned_bytes = plan.units.bytes
        self._fold = fold
        self._progress = progress
        self._started = time.monotonic()
        self._told = 0.0
        self._marks: deque[tuple[float, int]] = deque()
        self.failed = 0
        self.failed_bytes = 0
        self.reused = 0

    def tick(self) -> None:
        """A unit ended; tell it unless the last time is only just past."""
        if time.monotonic() - self._told >= _TELL_SECONDS:
            self.tell()

    def tell(self) -> None:
        """Tell the counts now."""
        now = self._told = time.monotonic()
        done_bytes = self._fold.bytes + self.failed_bytes
        while self._marks and now - self._marks[0][0] > _RATE_SECONDS:
            self._marks.popleft()
        self._marks.append((now, done_bytes))
        since, before = self._marks[0]
        rate = (done_bytes - before) / (now - since) if now > since else 0.0
        counts = Counts(
            planned=self._planned,
            done=self._fold.committed + self.failed,
            failed=self.failed,
            reused=self.reused,
            rows=self._fold.rows,
            bytes=done_bytes,
            planned_bytes=self._planned_bytes,
            seconds=now - self._started,
            rate=rate,
        )
        self._progress.update(counts)
