"""Where the strings that a matcher looks at stand among the values that were given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lakescan.udfs.detect.collect import Collector, Int64s


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of each of some strings.

    Args:
        rows: the index of its value.
        starts: code points of the value before it; None for none anywhere.
        lengths: its code points.
    """

    rows: Int64s
    starts: Int64s | None
    lengths: Int64s

    def at(self, chosen: Int64s) -> Placement:
        """The places of some of the strings."""
        starts = None if self.starts is None else self.starts[chosen]
        return Placement(self.rows[chosen], starts, self.lengths[chosen])

    def add(self, found: Int64s, entity: str, detector: str, score: float, out: Collector) -> None:
        """Add findings that span whole strings."""
        if not len(found):
            return
        # Rows that are found come in order and once each.
        rows, lengths = self.rows, self.lengths
        if len(found) < len(rows):
            rows, lengths = rows[found], lengths[found]
        if self.starts is None:
            starts, ends = np.zeros(len(found), np.int64), lengths
        else:
            starts = self.starts if len(found) == len(self.rows) else self.starts[found]
            ends = starts + lengths
        out.add_whole(rows, starts, ends, (entity, detector, score))
