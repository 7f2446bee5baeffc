"""Live progress on a terminal."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from lakescan.reports.legible import legible, plural, problem, size
from lakescan.reports.model import ErrorReport
from lakescan.reports.progress import Counts

_TITLES = {"planning": "Listing", "scanning": "Scanning", "reporting": "Writing"}


class LiveProgress:
    """Draws one line that moves, and prints each problem above it as it comes.

    Use as a context manager: leaving it wipes the line.

    Args:
        console: a terminal; that of standard error.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[facts]}", style="dim"),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def phase(self, name: str) -> None:
        """Name the phase; its bar begins anew."""
        if self._task is not None:
            self._progress.remove_task(self._task)
        title = _TITLES.get(name, name)
        self._task = self._progress.add_task(title, total=None, facts="")

    def update(self, counts: Counts) -> None:
        """Show how far the scan is."""
        if self._task is None:
            self.phase("scanning")
        assert self._task is not None
        facts = [
            f"{counts.done:,}/{plural(counts.planned, 'split')}",
            plural(counts.rows, "row"),
            f"{size(counts.rate)}/s",
        ]
        if counts.failed:
            facts.append(f"{counts.failed:,} failed")
        self._progress.update(
            self._task,
            total=counts.planned_bytes or counts.planned or None,
            completed=counts.bytes if counts.planned_bytes else counts.done,
            facts=", ".join(facts),
        )

    def problem(self, error: ErrorReport) -> None:
        """Print the problem above the line."""
        line = Text(f"{legible(error.uri)}: {error.kind}: {problem(error)}", style="red")
        self._progress.console.print(line, soft_wrap=True)
