"""Counts of what was done to each column; they add up over batches, splits and workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class ColumnTally:
    """What was done to one column.

    Args:
        cells: cells that were looked at: neither null nor blank.
        changed: cells that are others now.
        unfit: values that the operator could not work on, and that were taken out.
        found: spans that were exchanged, by entity; of cells treated whole, the cells.
    """

    cells: int = 0
    changed: int = 0
    unfit: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def add(self, other: ColumnTally) -> None:
        """Add another's counts."""
        self.cells += other.cells
        self.changed += other.changed
        self.unfit += other.unfit
        self.found.update(other.found)


#: By index of the top-level column and path.
Tallies = dict[tuple[int, str], ColumnTally]


def merged_tallies(parts: Iterable[Tallies]) -> Tallies:
    """All counts together."""
    out: Tallies = {}
    for part in parts:
        for key, tally in part.items():
            out.setdefault(key, ColumnTally()).add(tally)
    return out
