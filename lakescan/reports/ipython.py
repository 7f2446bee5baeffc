"""Progress in a notebook: one line below the cell, drawn anew where it stands."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from lakescan.reports.legible import plural, size
from lakescan.reports.progress import Counts, Progress, Silent

if TYPE_CHECKING:
    from IPython.display import DisplayHandle

    from lakescan.reports.model import ErrorReport

_TITLES = {
    "planning": "Listing",
    "scanning": "Scanning",
    "writing": "Writing",
    "comparing": "Comparing",
    "reporting": "Done",
}
#: Seconds between two drawings of one phase.
_DRAW_SECONDS = 0.25


def usual_progress() -> Progress:
    """Who watches a job that names nobody: the notebook's cell; elsewhere nobody."""
    return NotebookProgress() if _in_notebook() else Silent()


def _in_notebook() -> bool:
    """Whether an IPython kernel runs this, one that draws HTML; nothing is imported to find out."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return getattr(shell, "kernel", None) is not None


class NotebookProgress:
    """Shows how far a job is, by the display that the first phase opens."""

    def __init__(self) -> None:
        self._shown: DisplayHandle | None = None
        self._phase = ""
        self._counts = Counts()
        self._problems = 0
        self._drawn = 0.0

    def phase(self, name: str) -> None:
        """Name the phase."""
        self._phase = name
        self._draw()

    def update(self, counts: Counts) -> None:
        """Show how far the job is, a few times a second."""
        self._counts = counts
        if time.monotonic() - self._drawn >= _DRAW_SECONDS:
            self._draw()

    def problem(self, error: ErrorReport) -> None:  # noqa: ARG002 - as the protocol has it
        """Count it: what it was stands in the result."""
        self._problems += 1

    def _draw(self) -> None:
        from IPython.display import display

        line = _Line(self._phase, self._counts, self._problems)
        if self._shown is None:
            self._shown = display(line, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._shown.update(line)  # type: ignore[no-untyped-call]
        self._drawn = time.monotonic()


@dataclass(frozen=True, slots=True)
class _Line:
    """What is drawn: nothing in it comes from the data."""

    phase: str
    counts: Counts
    problems: int

    def __repr__(self) -> str:
        facts = self._facts()
        return f"{self._title}: {facts}" if facts else self._title

    def _repr_html_(self) -> str:
        bar = Markup("")
        if self.phase == "scanning" and self.counts.planned:
            value, most = self.counts.done, self.counts.planned
            if self.counts.planned_bytes:
                value, most = self.counts.bytes, self.counts.planned_bytes
            bar = Markup('<progress value="{}" max="{}"></progress> ').format(value, most)
        return Markup('<div style="font-size: 0.9em">{} {}{}</div>').format(
            self._title, bar, self._facts()
        )

    @property
    def _title(self) -> str:
        return _TITLES.get(self.phase, self.phase)

    def _facts(self) -> str:
        counts = self.counts
        facts = []
        if counts.planned:
            facts = [f"{counts.done:,}/{plural(counts.planned, 'split')}"]
            facts.append(plural(counts.rows, "row"))
            running = self.phase == "scanning"
            facts.append(f"{size(counts.rate)}/s" if running else f"{counts.seconds:.0f} s")
        if self.problems:
            facts.append(plural(self.problems, "problem"))
        return ", ".join(facts)
