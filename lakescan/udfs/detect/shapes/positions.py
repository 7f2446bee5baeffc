"""Which strings of few shapes a pattern matches, by the bytes at the places that matter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np

from lakescan.udfs.detect.buffers import BoolArray, ByteArray, IntArray
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shapes.boxes import Box, boxes
from lakescan.udfs.detect.shapes.shapes import Shapes

#: A shape of fewer strings, or of a smaller share of them, is left to the regexes.
_LEAST, _SHARE = 512, 1 / 128
#: To ask about so many places takes as long as a regex.
_ASKED = 12

_boxes = lru_cache(maxsize=4096)(boxes)


class Positions:
    """Asks of a layout's strings what they have at single places.

    Args:
        layout: of the strings.
        shapes: theirs.
    """

    def __init__(self, layout: Layout, shapes: Shapes) -> None:
        self._layout = layout
        self._shapes = shapes
        self._known: dict[int, _Alike] = {}

    @cached_property
    def _many(self) -> BoolArray:
        """Whether each shape has many strings."""
        least = max(_LEAST, int(len(self._layout) * _SHARE))
        counts = np.bincount(self._shapes.codes, minlength=len(self._shapes.distinct))
        many: BoolArray = counts >= least
        return many

    def matching(self, pattern: Pattern, codes: Sequence[int]) -> tuple[list[IntArray], list[int]]:
        """The strings of some shapes that a pattern matches.

        Args:
            pattern: asked of whole strings.
            codes: the shapes.

        Returns:
            Rows, ascending in each part, and the shapes whose strings must be asked another way.
        """
        found, left = [], []
        for code in codes:
            rows = self._decided(pattern, code) if self._many[code] else None
            if rows is None:
                left.append(code)
            elif len(rows):
                found.append(rows)
        return found, left

    def _decided(self, pattern: Pattern, code: int) -> IntArray | None:
        shape = str(self._shapes.distinct[code])
        asked = _boxes(pattern.regex, pattern.ignore_case, self._shapes.alphabet, shape)
        if asked is None:
            return None
        alike = self._known.get(code)
        if alike is None:
            alike = self._known[code] = _Alike(self._layout, self._shapes.rows([code]), len(shape))
        return alike.inside(asked)


class _Alike:
    """Strings of one shape.

    Args:
        layout: of all strings.
        rows: where these stand.
        size: bytes of each.
    """

    def __init__(self, layout: Layout, rows: IntArray, size: int) -> None:
        self._layout = layout
        self._rows = rows
        self._size = size
        self._columns: dict[int, ByteArray] = {}
        self._bounds: dict[int, tuple[int, int]] = {}

    def inside(self, asked: Sequence[Box]) -> IntArray | None:
        """The rows of those in one of some boxes; None where it takes long to find out."""
        open_boxes = []
        for box in asked:
            places = self._open(box)
            if places is None:
                continue
            if not places:
                return self._rows
            open_boxes.append(places)
        if sum(map(len, open_boxes)) > _ASKED:
            return None
        inside = np.zeros(len(self._rows), np.bool_)
        for places in open_boxes:
            fits = np.ones(len(self._rows), np.bool_)
            for at, allowed in places:
                fits &= _table(allowed)[self._column(at)]
            inside |= fits
        return self._rows[inside]

    def _open(self, box: Box) -> list[tuple[int, int]] | None:
        """The places at which some string is in the box and some may not; None for none is."""
        places = []
        for at, allowed in box:
            low, high = self._between(at)
            seen = (2 << high) - (1 << low)
            if not allowed & seen:
                return None
            if seen & ~allowed:
                places.append((at, allowed))
        return places

    def _between(self, at: int) -> tuple[int, int]:
        """The lowest and the highest byte at a place."""
        bounds = self._bounds.get(at)
        if bounds is None:
            column = self._column(at)
            bounds = self._bounds[at] = int(column.min()), int(column.max())
        return bounds

    def _column(self, at: int) -> ByteArray:
        """The bytes at a place."""
        column = self._columns.get(at)
        if column is None:
            layout = self._layout
            if len(self._rows) == len(layout):
                first, last = int(layout.offsets[0]), int(layout.offsets[-1])
                column = layout.data[first + at : last : self._size]
            else:
                column = layout.data[self._starts + at]
            self._columns[at] = column = np.ascontiguousarray(column)
        return column

    @cached_property
    def _starts(self) -> IntArray:
        starts: IntArray = self._layout.offsets[self._rows]
        return starts


@lru_cache(maxsize=1024)
def _table(allowed: int) -> BoolArray:
    """For each byte whether it is allowed."""
    return np.array([allowed >> byte & 1 for byte in range(256)], np.bool_)
