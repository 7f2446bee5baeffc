"""Progress in a task's log: a line a phase, a line a problem, and how far it is now and then."""

from __future__ import annotations

import logging
import time

from lakescan.reports.legible import legible, problem
from lakescan.reports.model import ErrorReport
from lakescan.reports.progress import Counts

_SECONDS = 30.0


class Told:
    """Tells a task's logger.

    Args:
        log: the logger.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._last = time.monotonic()

    def phase(self, name: str) -> None:
        """A phase begins."""
        self._log.info("%s", name)

    def update(self, counts: Counts) -> None:
        """How far it is, twice a minute at most."""
        if time.monotonic() - self._last >= _SECONDS:
            self._last = time.monotonic()
            done, planned, rows = counts.done, counts.planned, counts.rows
            self._log.info("%d of %d splits, %d rows", done, planned, rows)

    def problem(self, error: ErrorReport) -> None:
        """Something was passed over."""
        self._log.warning("%s: %s: %s", legible(error.uri), error.kind, problem(error))
