"""Layout: a column's bytes as numpy sees them, with one mask of byte classes per value."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.buffers import BoolArray, ByteArray, IntArray, cut, string_buffers
from lakescan.udfs.detect.matching.grammar import LONG, byte_class
from lakescan.udfs.detect.shapes.shapes import FINE, Shapes, few_shapes

#: Bytes looked at in one step: small enough for a core's cache, and for memory to stay flat.
_BLOCK = 1 << 20
_CLASSES = bytes(byte_class(b) for b in range(256))
#: White space of ASCII, and the bytes that other white space may begin or end with in UTF-8.
_EDGES = np.array(
    [b in b" \t\n\r\f\v\x1c\x1d\x1e\x1f\xc2\xe1\xe2\xe3\x85\xa0\x80" for b in range(256)]
)


def classes(data: ByteArray) -> ByteArray:
    """The class bit of each byte."""
    return np.frombuffer(data.tobytes().translate(_CLASSES), np.uint8)


class Layout:
    """Byte offsets, shapes, classes and signatures of the values of one series.

    Args:
        series: strings without nulls.
        buffers: their offsets and bytes, where these are at hand.
    """

    def __init__(
        self, series: pl.Series, buffers: tuple[IntArray, ByteArray] | None = None
    ) -> None:
        self.series = series
        self.offsets, self.data = string_buffers(series) if buffers is None else buffers

    def __len__(self) -> int:
        return len(self.series)

    def take(self, rows: IntArray) -> Layout:
        """The layout of some of the values, which knows of them what this one knows."""
        part = Layout(taken(self.series, rows))
        if "shapes" in self.__dict__:
            part.shapes = None if self.shapes is None else self.shapes.take(rows)
        return part

    @cached_property
    def shapes(self) -> Shapes | None:
        """The shapes of the values, where they are few."""
        return few_shapes(self.series, self.offsets, self.data)

    @cached_property
    def _of_shapes(self) -> Layout | None:
        """The layout of the distinct shapes: white space and non-ASCII bytes are as in values."""
        return None if self.shapes is None else Layout(self.shapes.distinct)

    @cached_property
    def sizes(self) -> IntArray:
        """Bytes in each value."""
        return np.diff(self.offsets)

    @cached_property
    def is_ascii(self) -> bool:
        """Whether no value holds a byte beyond ASCII."""
        if self._of_shapes is not None:
            return _is_ascii(self._of_shapes)
        return _is_ascii(self)

    @cached_property
    def padded(self) -> BoolArray:
        """Whether a value begins or ends with white space (ASCII's, or perhaps another)."""
        if self.shapes is not None and self._of_shapes is not None:
            found: BoolArray = _padded(self._of_shapes)[self.shapes.codes]
            return found
        return _padded(self)

    @cached_property
    def masks(self) -> ByteArray:
        """The byte classes that each value holds."""
        shapes = self.shapes
        if shapes is not None and self._of_shapes is not None and shapes.alphabet == FINE:
            found: ByteArray = _masks(self._of_shapes)[shapes.codes]
            return found
        return _masks(self)

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

    def pieces(self, rows: IntArray) -> list[bytes]:
        """Some of the values."""
        starts, ends = self.offsets[rows], self.offsets[rows + 1]
        return cut(self.data, starts, ends)

    def code_points(self, rows: IntArray, spans: IntArray) -> IntArray:
        """Byte spans within values as spans of code points.

        Args:
            rows: the value of each span.
            spans: an (n, 2) array.
        """
        if self.is_ascii or not len(rows):
            return spans
        low = self.offsets[rows]
        bounds = low[:, None] + spans
        points: IntArray = spans - (self._inner(bounds) - self._inner(low)[:, None])
        return points

    def _inner(self, places: IntArray) -> IntArray:
        """How many bytes before each place are within a character, not its first."""
        found: IntArray = np.searchsorted(self._within, places)
        return found

    @cached_property
    def _within(self) -> IntArray:
        """The places of bytes that are not the first of a character."""
        low, high = int(self.offsets[0]), int(self.offsets[-1])
        return np.flatnonzero((self.data[low:high] & 0xC0) == 0x80) + low


def _is_ascii(layout: Layout) -> bool:
    return layout.data[layout.offsets[0] : layout.offsets[-1]].tobytes().isascii()


def _padded(layout: Layout) -> BoolArray:
    if not len(layout.data):
        return np.zeros(len(layout), np.bool_)
    last = len(layout.data) - 1
    found: BoolArray = _EDGES[layout.data[np.minimum(layout.offsets[:-1], last)]]
    found |= _EDGES[layout.data[np.maximum(layout.offsets[1:] - 1, 0)]]
    return found & (layout.sizes > 0)


def _masks(layout: Layout) -> ByteArray:
    out = np.zeros(len(layout), np.uint8)
    starts, sizes = layout.offsets, layout.sizes
    low = 0
    while low < len(layout):
        high = int(np.searchsorted(starts, starts[low] + _BLOCK, side="right")) - 1
        high = min(max(high, low + 1), len(layout))
        out[low:high] = _or_by_value(layout.data, starts[low : high + 1], sizes[low:high])
        low = high
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
