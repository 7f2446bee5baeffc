"""Layout: a column's bytes as numpy sees them, with one mask of byte classes per value."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from lakescan.udfs.detect.grammar import LONG, byte_class

#: Bytes looked at in one step: small enough for a core's cache, and for memory to stay flat.
_BLOCK = 1 << 20
_CLASSES = bytes(byte_class(b) for b in range(256))
#: White space of ASCII, and the bytes that other white space may begin or end with in UTF-8.
_EDGES = np.array(
    [b in b" \t\n\r\f\v\x1c\x1d\x1e\x1f\xc2\xe1\xe2\xe3\x85\xa0\x80" for b in range(256)]
)

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
ByteArray = npt.NDArray[np.uint8]


def string_buffers(series: pl.Series) -> tuple[IntArray, ByteArray]:
    """Offsets (n + 1) and UTF-8 bytes of a string series without nulls."""
    array = series.to_arrow()
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if array.type != pa.large_string():
        array = array.cast(pa.large_string())
    _, offsets, data = array.buffers()
    bounds = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return bounds, np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)


def classes(data: ByteArray) -> ByteArray:
    """The class bit of each byte."""
    return np.frombuffer(data.tobytes().translate(_CLASSES), np.uint8)


def strings(offsets: IntArray, data: ByteArray) -> pl.Series:
    """The strings between each two offsets that follow each other; nothing is copied."""
    count = max(len(offsets) - 1, 0)
    cuts = np.ascontiguousarray(offsets, np.int64)
    return pl.Series(
        values=pa.LargeStringArray.from_buffers(count, pa.py_buffer(cuts), pa.py_buffer(data))
    )


class Layout:
    """Byte offsets, classes and signatures of the values of one series.

    Args:
        series: strings without nulls.
    """

    def __init__(self, series: pl.Series) -> None:
        self.series = series
        self.offsets, self.data = string_buffers(series)

    def __len__(self) -> int:
        return len(self.series)

    @cached_property
    def sizes(self) -> IntArray:
        """Bytes in each value."""
        return np.diff(self.offsets)

    @cached_property
    def is_ascii(self) -> bool:
        """Whether no value holds a byte beyond ASCII."""
        return self.data[self.offsets[0] : self.offsets[-1]].tobytes().isascii()

    @cached_property
    def padded(self) -> BoolArray:
        """Whether a value begins or ends with white space (ASCII's, or perhaps another)."""
        if not len(self.data):
            return np.zeros(len(self), np.bool_)
        last = len(self.data) - 1
        found: BoolArray = _EDGES[self.data[np.minimum(self.offsets[:-1], last)]]
        found |= _EDGES[self.data[np.maximum(self.offsets[1:] - 1, 0)]]
        return found & (self.sizes > 0)

    @cached_property
    def masks(self) -> ByteArray:
        """The byte classes that each value holds."""
        out = np.zeros(len(self), np.uint8)
        starts, sizes = self.offsets, self.sizes
        low = 0
        while low < len(self):
            high = int(np.searchsorted(starts, starts[low] + _BLOCK, side="right")) - 1
            high = min(max(high, low + 1), len(self))
            out[low:high] = _or_by_value(self.data, starts[low : high + 1], sizes[low:high])
            low = high
        return out

    @cached_property
    def signatures(self) -> npt.NDArray[np.uint16]:
        """Mask and binned length in one number: ``mask * 64 + min(bytes, 63)``."""
        binned = np.minimum(self.sizes, LONG).astype(np.uint16)
        return (self.masks.astype(np.uint16) << np.uint16(6)) | binned

    @cached_property
    def present(self) -> list[tuple[int, int, int]]:
        """Each (signature, mask, binned length) that occurs."""
        counts = np.bincount(self.signatures, minlength=1 << 14)
        return [(int(s), int(s) >> 6, int(s) & LONG) for s in np.flatnonzero(counts)]

    def having(self, signatures: list[int]) -> IntArray:
        """The rows with one of these signatures."""
        if len(signatures) == len(self.present):
            return np.arange(len(self), dtype=np.int64)
        table = np.zeros(1 << 14, np.bool_)
        table[signatures] = True
        return np.flatnonzero(table[self.signatures])

    def bytes(self, row: int) -> bytes:
        """One value."""
        return self.data[self.offsets[row] : self.offsets[row + 1]].tobytes()

    def code_points(self, rows: IntArray, spans: IntArray) -> IntArray:
        """Byte spans within values as spans of code points.

        Args:
            rows: the value of each span; equal ones side by side.
            spans: an (n, 2) array.
        """
        out = spans.copy()
        last, seen = -1, np.zeros(0, np.int64)
        for i, row in enumerate(rows.tolist()):
            if row != last:
                last = row
                data = np.frombuffer(self.bytes(row), np.uint8)
                leads = (data & 0xC0) != 0x80
                seen = np.zeros(0, np.int64) if leads.all() else np.append(0, np.cumsum(leads))
            if len(seen):
                out[i] = seen[spans[i]]
        return out


def _or_by_value(data: ByteArray, bounds: IntArray, sizes: IntArray) -> ByteArray:
    first, last = int(bounds[0]), int(bounds[-1])
    filled = sizes > 0
    if last - first <= _BLOCK:
        marks = classes(data[first:last])
        if filled.all():
            return np.bitwise_or.reduceat(marks, bounds[:-1] - first)
        out = np.zeros(len(sizes), np.uint8)
        if len(marks):
            out[filled] = np.bitwise_or.reduceat(marks, (bounds[:-1] - first)[filled])
        return out
    out = np.zeros(len(sizes), np.uint8)
    # One value longer than a block.
    mask = 0
    for at in range(first, last, _BLOCK):
        mask |= int(np.bitwise_or.reduce(classes(data[at : min(at + _BLOCK, last)])))
    out[:] = mask
    return out
