"""What a preflight tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a step went. What is ``noted`` works, and may not be meant so."""

    OK = "ok"
    NOTED = "noted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried.

    Args:
        name: ``source``, ``name``, ``connect``, ``tls``, ``credentials``, ``list``, ``read``,
            ``write``, ``protection``, ``topic`` or ``discover``.
        outcome: how it went.
        detail: what was found; no secret, no cell.
        hint: what to do.
        seconds: it took.
    """

    name: str
    outcome: Outcome
    detail: str
    hint: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All steps, up to the first that failed."""

    uri: str
    steps: tuple[Step, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return all(step.outcome is not Outcome.FAILED for step in self.steps)
