"""Tokens: the runs of a text that an address or a number without spaces can be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lakescan.udfs.detect.buffers import ByteArray, IntArray, strings
from lakescan.udfs.detect.layout import Layout, classes
from lakescan.udfs.detect.matching.grammar import AT, DIGIT, LOWER, TOKEN, UPPER

#: Bytes cut into tokens in one step.
_BLOCK = 1 << 20
#: No pattern is shorter; letters alone are of interest only where they could be a key.
_SHORTEST, _KEY = 4, 16
_ALNUM = DIGIT | UPPER | LOWER
_PLUS = ord("+")


class Tokens:
    """The tokens of one block of texts that could be something.

    Args:
        layout: of the tokens themselves.
        rows: the text of each.
        starts: bytes of the text before each.
    """

    def __init__(self, layout: Layout, rows: IntArray, starts: IntArray) -> None:
        self.layout = layout
        self.rows = rows
        self.starts = starts


def tokens(layout: Layout) -> Iterator[Tokens]:
    """Cut texts into tokens, block by block.

    A token has letters, digits and ``. - / _ + @``, begins with a letter, a digit or ``+``, and
    ends with a letter or digit. Given are those with a digit or an ``@``, and long ones.
    """
    low, end = int(layout.offsets[0]), int(layout.offsets[-1])
    while low < end:
        high = _block_end(layout, low, end)
        found = _cut(layout, low, high)
        if found is not None:
            yield found
        low = high


def _block_end(layout: Layout, low: int, end: int) -> int:
    high = min(low + _BLOCK, end)
    if high == end:
        return end
    row = int(np.searchsorted(layout.offsets, high, side="right")) - 1
    if layout.offsets[row] > low:
        return int(layout.offsets[row])
    # Inside a text longer than a block: cut it between tokens if there is such a place.
    between = np.flatnonzero((classes(layout.data[low:high]) & TOKEN) == 0)
    return low + int(between[-1]) + 1 if len(between) else high


def _cut(layout: Layout, low: int, high: int) -> Tokens | None:
    data = layout.data[low:high]
    marks = classes(data)
    inside = (marks & TOKEN) != 0
    first_row = int(np.searchsorted(layout.offsets, low, side="right")) - 1
    last_row = int(np.searchsorted(layout.offsets, high, side="left"))
    seams = layout.offsets[first_row + 1 : last_row] - low
    begins = np.ones(len(marks) + 1, np.bool_)
    np.logical_not(inside[:-1], out=begins[1:-1])
    begins[seams] = True
    starts = np.flatnonzero(inside & begins[:-1])
    if not len(starts):
        return None
    # What lies between a token and the next adds no class that is asked for here.
    masks = np.bitwise_or.reduceat(marks, starts)
    begins[0] = True
    begins[1:-1] = ~inside[1:]
    begins[seams] = True
    ends = np.flatnonzero(inside & begins[1:]) + 1
    sizes = ends - starts
    wanted = (sizes >= _SHORTEST) & (((masks & (DIGIT | AT)) != 0) | (sizes >= _KEY))
    starts, ends = _stripped(marks, data, starts[wanted], ends[wanted])
    if not len(starts):
        return None
    series = strings(np.stack((starts, ends), axis=1).reshape(-1), data).gather_every(2)
    rows = np.searchsorted(layout.offsets, starts + low, side="right") - 1
    return Tokens(Layout(series), rows, starts + low - layout.offsets[rows])


def _stripped(
    marks: ByteArray, data: ByteArray, starts: IntArray, ends: IntArray
) -> tuple[IntArray, IntArray]:
    """Without punctuation at the ends, of which a few characters are looked at."""
    for _ in range(3):
        loose = (marks[ends - 1] & _ALNUM) == 0
        if not loose.any():
            break
        ends = ends - loose
        starts, ends = starts[ends > starts], ends[ends > starts]
    for _ in range(3):
        loose = ((marks[starts] & _ALNUM) == 0) & (data[starts] != _PLUS)
        if not loose.any():
            break
        starts = starts + loose
        starts, ends = starts[ends > starts], ends[ends > starts]
    return starts, ends
