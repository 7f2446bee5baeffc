"""Whole numbers that stand there as fractions: ``2025550142.0``.

They are what is left of a telephone or an identity number in a column that a data frame held as
floats, since others in it were missing.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from lakescan.udfs.arrays import taken
from lakescan.udfs.classify.profile.short_numbers import MIN_DIGITS
from lakescan.udfs.detect.buffers import IntArray
from lakescan.udfs.detect.matching.grammar import DIGIT, DOT
from lakescan.udfs.detect.shapes.shapes import FINE
from lakescan.udfs.detect.values import Values

#: A double holds every whole number of so many digits; shorter ones are short numbers.
_MOST_DIGITS = 15
_SHAPE = rf"^\d{{{MIN_DIGITS},{_MOST_DIGITS + 1}}}\.\d$"
_LEAST, _END = 10.0 ** (MIN_DIGITS - 1), 10.0 ** (_MOST_DIGITS + 1)


def whole(numbers: pl.Series) -> IntArray:
    """The places of those fractions that are whole and long enough to be told from amounts."""
    size = np.abs(numbers.to_numpy())
    return np.flatnonzero((size >= _LEAST) & (size < _END) & (size == np.rint(size)))


def without_fractions(values: Values) -> Values:
    """The strings, those that are whole numbers without the ``.0`` at their end."""
    shapes = values.layout.shapes
    if shapes is not None and shapes.alphabet == FINE:
        rows = np.flatnonzero(shapes.matching(_SHAPE))
    else:
        rows = np.flatnonzero(values.layout.masks == np.uint8(DIGIT | DOT))
        rows = rows[taken(values.series, rows).str.contains(_SHAPE).to_numpy()]
    rows = rows[taken(values.series, rows).str.ends_with(".0").to_numpy()]
    if not len(rows):
        return values
    chosen = np.zeros(len(values), np.bool_)
    chosen[rows] = True
    bare = values.series.str.strip_suffix(".0")
    return Values(bare.zip_with(pl.Series(chosen), values.series))
