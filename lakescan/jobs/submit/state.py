"""How a submitted job fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

#: The states of Ray's Job API, in our words.
STATUSES = ("pending", "running", "succeeded", "failed", "stopped")
_GATE = 1
_LAKE = 3
_PARTIAL = 4
_INTERRUPTED = 130
_SIGNALLED = 128


@dataclass(frozen=True, slots=True)
class JobState:
    """One job of a cluster.

    Args:
        id: its submission id.
        status: one of `STATUSES`.
        driver_exit: how its process ended; None while it has not, or where the cluster lost it.
        message: the cluster's own word on it.
        started, ended: milliseconds since 1970; None where that is not yet so.
    """

    id: str
    status: str
    driver_exit: int | None = None
    message: str = ""
    started: int | None = None
    ended: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it runs any more."""
        return self.status in ("succeeded", "failed", "stopped")

    @property
    def is_answered(self) -> bool:
        """Whether it did what it was to do: a gate that tripped is an answer, too."""
        return self.status == "succeeded" or (self.status == "failed" and self.driver_exit == _GATE)

    @property
    def gave_up(self) -> bool:
        """Whether it ended by itself, with an error: what it had begun to write is gone.

        What is partial is not: it goes on, or is through.
        """
        driver = self.driver_exit or 0
        return self.status == "failed" and 0 < driver < _SIGNALLED and driver != _PARTIAL

    @property
    def exit_code(self) -> int:
        """What the shell is told of a job that is over.

        The job's own exit code; 130 of one that was stopped; 3 of one that the cluster lost.
        """
        if self.status == "succeeded":
            return 0
        if self.status == "stopped":
            return _INTERRUPTED
        if self.driver_exit is None:
            return _LAKE
        return self.driver_exit if self.driver_exit > 0 else _SIGNALLED - self.driver_exit

    @property
    def line(self) -> str:
        """One line for people."""
        words = [self.id, self.status]
        if self.is_over:
            words.append(f"exit code {self.exit_code}")
        if self.started is not None:
            words.append(f"begun {_time(self.started)}")
        if self.ended:
            words.append(f"ended {_time(self.ended)}")
        return ", ".join(words)


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
