"""What a running job tells whoever watches it: counts, and the problems it passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lakescan.reports.model import ErrorReport


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a run is.

    Args:
        planned: splits to be read, those reused from an earlier run included.
        done: splits that ended, well or badly; equal to ``planned`` at the end.
        failed: of those, the ones that ended badly.
        reused: of those, the ones whose results an earlier run had already committed.
        rows: rows scanned so far.
        bytes: bytes in storage of the splits that are done.
        planned_bytes: bytes in storage of all splits.
        seconds: wall time since the scanning began.
        rate: bytes in storage a second, over the last few seconds.
    """

    planned: int = 0
    done: int = 0
    failed: int = 0
    reused: int = 0
    rows: int = 0
    bytes: int = 0
    planned_bytes: int = 0
    seconds: float = 0.0
    rate: float = 0.0


class Progress(Protocol):
    """Watches a run. Called in the driver's main thread; cheap, and never raises."""

    def phase(self, name: str) -> None:
        """A phase begins: ``planning``, ``scanning``, ``writing``, ``comparing``, ``reporting``."""

    def update(self, counts: Counts) -> None:
        """Splits ended; called a few times a second at most."""

    def problem(self, error: ErrorReport) -> None:
        """Something went wrong and was passed over."""


class Silent:
    """Watches and says nothing."""

    def phase(self, name: str) -> None:
        """Ignore it."""

    def update(self, counts: Counts) -> None:
        """Ignore it."""

    def problem(self, error: ErrorReport) -> None:
        """Ignore it."""
