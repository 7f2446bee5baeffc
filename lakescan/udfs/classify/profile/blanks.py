"""Cells that are filled, and yet say that nothing is there."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.buffers import BoolArray
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.shapes.shapes import Alphabet

#: Compared in lower case and without white space around.
BLANK_WORDS: tuple[str, ...] = (
    "", "null", "none", "nan", "n/a", "na", "nil", "nul", "\\n", "-", "--", "?", "#n/a",
    "<na>", "(null)", "unknown", "missing",
)  # fmt: skip

#: A cell of more bytes is taken for a value, blanks in it or not.
_LONGEST = 24


def blanks(layout: Layout) -> BoolArray:
    """Which strings are blank."""
    shapes = layout.shapes
    if shapes is None:
        possible = layout.sizes <= _LONGEST
    else:
        possible = shapes.matching(_regex(shapes.alphabet))
        if possible.any():
            possible &= layout.sizes <= _LONGEST
    if not possible.any():
        return possible
    places = np.flatnonzero(possible)
    part = layout.series if len(places) == len(layout) else taken(layout.series, places)
    possible[places] = part.str.contains(_regex(None)).to_numpy()
    return possible


@lru_cache(maxsize=4)
def _regex(alphabet: Alphabet | None) -> str:
    """What blank cells match, or their shapes."""
    words = BLANK_WORDS
    if alphabet is not None:
        words = tuple(dict.fromkeys("".join(map(alphabet.of, word)) for word in words))
    return r"(?i)^\s*(?:" + "|".join(map(re.escape, words)) + r")\s*$"
