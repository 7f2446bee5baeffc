"""Short numbers: judged by size and header, not by detectors."""

from __future__ import annotations

import numpy as np
import polars as pl

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.buffers import BoolArray
from lakescan.udfs.detect.collect import Group
from lakescan.udfs.detect.shapes.shapes import FINE
from lakescan.udfs.detect.values import Values

#: A shorter whole number, or one with a fraction, is a short number.
MIN_DIGITS = 5

#: Says the same of a string and of its shape.
_REGEX = rf"^\s*[+-]?(?:\d{{1,{MIN_DIGITS - 1}}}|\d*\.\d+|\d+\.\d*)\s*$"

#: Longer cells are no short numbers, whatever stands in them.
_LONGEST = 40

#: Without shapes: with a smaller share of short numbers in a sample of so many, all values go to
#: the detectors, since it is cheaper to forget what was found.
_FEW, _SAMPLE = 0.2, 2048


def short_numbers(values: Values) -> BoolArray | None:
    """Which strings are short numbers; None where few are, so that it is cheaper not to ask."""
    shapes = values.layout.shapes
    if shapes is not None:
        short = shapes.matching(_REGEX)
        if shapes.alphabet == FINE or not short.any():
            return short
        # The letters of a coarse shape are zeros, too.
    sample = values.series.gather_every(max(1, len(values) // _SAMPLE))
    return None if _matches(sample).mean() < _FEW else _matches(values.series)


def without_short_numbers(groups: list[Group], values: Values) -> list[Group]:
    """Findings without those in cells that are short numbers."""
    lengths = values.lengths.to_numpy()
    kept = []
    for group in groups:
        doubtful = np.flatnonzero(lengths[group.rows] <= _LONGEST)
        long = np.ones(len(group.rows), dtype=bool)
        if len(doubtful):
            long[doubtful] = ~_matches(taken(values.series, group.rows[doubtful]))
        if long.any():
            kept.append(group if long.all() else group.take(np.flatnonzero(long)))
    return kept


def _matches(series: pl.Series) -> BoolArray:
    found: BoolArray = series.str.contains(_REGEX).to_numpy()
    return found
