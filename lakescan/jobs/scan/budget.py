"""How much a scan may read before it stops, and how much of that is spent."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lakescan.errors import UsageError


@dataclass(frozen=True, slots=True)
class Budget:
    """When to stop a scan that is not through: it ends as ``partial``, and ``--resume`` goes on.

    Looked at whenever a unit of work ends, so what is under way then is read beyond it. What is
    taken over from earlier runs costs nothing.

    Args:
        rows: that are read at most; None for no bound.
        seconds: of wall time since the first unit began.
        bytes: in storage that are read at most.
    """

    rows: int | None = None
    seconds: float | None = None
    bytes: int | None = None

    def __post_init__(self) -> None:
        for name in ("rows", "seconds", "bytes"):
            bound = getattr(self, name)
            if bound is not None and bound <= 0:
                raise UsageError(f"a budget of {bound} {name} reads nothing", hint="give more")


class Spending:
    """What of a budget is spent.

    Args:
        budget: the bounds.
        rows, bytes: that were there before anything was read.
    """

    def __init__(self, budget: Budget, rows: int, bytes: int) -> None:  # noqa: A002 - as there
        self._budget = budget
        self._rows = rows
        self._bytes = bytes
        self._started = time.monotonic()

    def spent(self, rows: int, bytes: int) -> str | None:  # noqa: A002 - as there
        """Which bound is reached, as words; None while there is something left.

        Args:
            rows, bytes: that are there now.
        """
        budget = self._budget
        if budget.rows is not None and rows - self._rows >= budget.rows:
            return f"{budget.rows:,} rows"
        if budget.bytes is not None and bytes - self._bytes >= budget.bytes:
            return f"{budget.bytes:,} bytes"
        if budget.seconds is not None and time.monotonic() - self._started >= budget.seconds:
            return f"{budget.seconds:g} seconds"
        return None
