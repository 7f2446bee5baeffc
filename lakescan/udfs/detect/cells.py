"""Whole cells: values that are one entity and nothing else, matched without per-value Python."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.detect.collect import Collector, Int64s
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.pattern import Pattern

BoolArray = npt.NDArray[np.bool_]


class CellMatcher:
    """Runs the patterns that may make up a whole cell.

    Args:
        patterns: those with ``whole``.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = [p for p in patterns if p.whole]
        self._anchored = [rf"\A(?:{p.source})\z" for p in self._patterns]

    def match(self, layout: Layout, place: Placement, out: Collector) -> BoolArray:
        """Add findings for cells that match wholly.

        Returns:
            For each value of ``layout``: whether a pattern that is more than a shape matched it.
        """
        sure = np.zeros(len(layout), np.bool_)
        present = layout.present
        for pattern, anchored in zip(self._patterns, self._anchored, strict=True):
            facts = pattern.facts
            fitting = [s for s, mask, length in present if facts.admits(mask, length)]
            if not fitting:
                continue
            rows = layout.having(fitting)
            texts = layout.series if len(rows) == len(layout) else layout.series.gather(rows)
            hit = texts.str.contains(anchored)
            if not hit.any():
                continue
            chosen = hit.to_numpy()
            found, texts = rows[chosen], texts.filter(hit)
            if pattern.validate is None:
                place.add(found, pattern.entity, pattern.detector, pattern.score, out)
                if not pattern.shape:
                    sure[found] = True
                continue
            valid = pattern.validate(texts)
            place.add(found[valid], pattern.entity, pattern.detector, pattern.score, out)
            sure[found[valid]] = not pattern.shape
            if pattern.weak:
                shape = f"shape.{pattern.name}"
                place.add(found[~valid], pattern.entity, shape, pattern.weak, out)
        return sure


class Placement:
    """Where the values of a layout stand among those that were given.

    Args:
        rows: the index of each value.
        starts: code points of white space before it, which were cut off.
        lengths: its code points, white space not counted.
    """

    def __init__(self, rows: Int64s, starts: Int64s, lengths: Int64s) -> None:
        self.rows = rows
        self.starts = starts
        self.lengths = lengths

    def at(self, chosen: Int64s) -> Placement:
        """The places of some of the values."""
        return Placement(self.rows[chosen], self.starts[chosen], self.lengths[chosen])

    def add(self, found: Int64s, entity: str, detector: str, score: float, out: Collector) -> None:
        """Add findings that span whole values."""
        starts = self.starts[found]
        out.add(self.rows[found], starts, starts + self.lengths[found], (entity, detector, score))


def trimmed(series: pl.Series) -> tuple[pl.Series, Placement]:
    """The values without white space around them, and where they stand."""
    bare = series.str.strip_chars()
    lead = (series.str.len_chars() - series.str.strip_chars_start().str.len_chars()).to_numpy()
    lengths = bare.str.len_chars().to_numpy().astype(np.int64)
    return bare, Placement(np.arange(len(series)), lead.astype(np.int64), lengths)
