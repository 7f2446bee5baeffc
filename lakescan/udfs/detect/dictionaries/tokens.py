"""First and last words of cells, hashed together for look-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from lakescan.udfs.detect.buffers import strings
from lakescan.udfs.detect.layout import Layout

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
UInt64s = npt.NDArray[np.uint64]

_SPACE, _COMMA = 32, 44
_LOWERED = bytes(range(256)).lower()


@dataclass(frozen=True, slots=True)
class Ends:
    """The words of cells that have at least two, split at single spaces.

    Args:
        layout: of all cells.
        rows: the cells with a space.
        cuts: bytes where the first word begins and ends, where the last begins and ends.
        first, last: hashes of the first word and of the last.
        sizes: bytes of the first word and of the last, an (n, 2) array.
        comma: whether a comma followed the first word (it is not part of it).
        words: how many words.
    """

    layout: Layout
    rows: IntArray
    cuts: IntArray
    first: UInt64s
    last: UInt64s
    sizes: IntArray
    comma: BoolArray
    words: IntArray

    def between(self, chosen: IntArray) -> UInt64s:
        """Hashes of all that stands between first and last word in some of the cells."""
        comma = self.comma[chosen].astype(np.int64)
        low = self.cuts[chosen, 1] + comma + 1
        high = np.maximum(self.cuts[chosen, 2] - 1, low)
        pairs = strings(np.stack((low, high), axis=1).reshape(-1), self.layout.data)
        hashes: UInt64s = pairs.gather_every(2).hash().to_numpy()
        return hashes


def lowered(series: pl.Series) -> Layout:
    """The strings in lower case; the fast way where all are ASCII."""
    layout = Layout(series)
    low, high = int(layout.offsets[0]), int(layout.offsets[-1])
    data = layout.data[low:high].tobytes()
    if not data.isascii():
        return Layout(series.str.to_lowercase())
    offsets = pa.py_buffer(np.ascontiguousarray(layout.offsets - low))
    array = pa.LargeStringArray.from_buffers(
        len(series), offsets, pa.py_buffer(data.translate(_LOWERED))
    )
    return Layout(pl.Series(values=array))


def ends(layout: Layout, rows: IntArray) -> Ends:
    """Split the cells at ``rows``; those without a space are left out."""
    offsets, data = layout.offsets, layout.data
    spaces = np.flatnonzero(data == _SPACE)
    low = np.searchsorted(spaces, offsets[rows])
    high = np.searchsorted(spaces, offsets[rows + 1])
    spaced = high > low
    rows, low, high = rows[spaced], low[spaced], high[spaced]
    starts, stops = offsets[rows], offsets[rows + 1]
    first_space, last_space = spaces[low], spaces[high - 1]
    comma = data[np.maximum(first_space - 1, 0)] == _COMMA
    first_end = first_space - comma
    # Three strings a cell: first word, what is between with its spaces, last word. The fourth,
    # up to the next cell, is not asked for.
    cuts = np.stack((starts, first_end, last_space + 1, stops), axis=1).reshape(-1)
    hashes = strings(cuts, data).hash().to_numpy()
    hashes = np.append(hashes, np.zeros(int(len(rows) > 0), np.uint64)).reshape(-1, 4)
    sizes = np.stack((first_end - starts, stops - last_space - 1), axis=1)
    return Ends(
        layout, rows, cuts.reshape(-1, 4), hashes[:, 0], hashes[:, 2], sizes, comma, high - low + 1
    )
