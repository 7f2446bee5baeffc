"""Values: a column's distinct strings, in the forms that vectorized code wants."""

from __future__ import annotations

import re
from functools import cached_property

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.buffers import BoolArray, IntArray
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.placement import Placement
from lakescan.udfs.detect.plain import plain

#: What stands in no text, only in Python's strings.
_LONE = re.compile("[\ud800-\udfff]")


def without_lone_surrogates(text: str) -> str:
    """A text as UTF-8 can hold it: U+FFFD for each half of a surrogate pair, one for one."""
    return _LONE.sub("\ufffd", text)


class Values:
    """Strings to be searched: no nulls, usually distinct.

    Args:
        series: a Polars ``String`` series.
    """

    def __init__(self, series: pl.Series) -> None:
        self.series = series

    @classmethod
    def laid_out(cls, layout: Layout) -> Values:
        """Wrap strings whose bytes have been looked at."""
        values = cls(layout.series)
        values.layout = layout
        return values

    @classmethod
    def of(cls, array: pa.Array | pa.ChunkedArray | list[str]) -> Values:
        """Wrap a list or an Arrow array of strings (of any of Arrow's three layouts).

        Half of a surrogate pair, which Python's strings may hold and UTF-8 may not, counts as the
        replacement character U+FFFD: one code point for one.
        """
        if isinstance(array, list):
            try:
                return cls(pl.Series(array, dtype=pl.String))
            except UnicodeEncodeError:
                whole = [without_lone_surrogates(text) for text in array]
                return cls(pl.Series(whole, dtype=pl.String))
        series = pl.from_arrow(array)
        assert isinstance(series, pl.Series)
        return cls(series.cast(pl.String))

    @cached_property
    def arrow(self) -> pa.Array:
        """The same strings as one Arrow ``large_string`` array."""
        array = self.series.to_arrow().cast(pa.large_string())
        return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array

    @cached_property
    def lengths(self) -> pl.Series:
        """Code points in each value, uint32."""
        if "layout" in self.__dict__ and self.layout.is_ascii:
            return pl.Series(self.layout.sizes.astype(np.uint32))
        return self.series.str.len_chars()

    @cached_property
    def layout(self) -> Layout:
        """The strings as bytes."""
        return Layout(self.series)

    @cached_property
    def plain(self) -> Values:
        """The same with plainer characters, code point for code point."""
        if self.layout.is_ascii:
            return self
        series = plain(self.series)
        return self if series is self.series else Values(series)

    def whole(self, rows: IntArray, starts: IntArray, ends: IntArray) -> BoolArray:
        """Which spans of values are the whole value, white space around it aside."""
        lengths = self.lengths.to_numpy().astype(np.int64)[rows]
        flags: BoolArray = (starts == 0) & (ends == lengths)
        open_ends = np.flatnonzero(~flags & (ends - starts + 8 >= lengths))
        if len(open_ends):
            texts = taken(self.series, rows[open_ends])
            left = texts.str.strip_chars_start().str.len_chars().to_numpy().astype(np.int64)
            right = texts.str.strip_chars_end().str.len_chars().to_numpy().astype(np.int64)
            first = lengths[open_ends] - left
            flags[open_ends] = (starts[open_ends] <= first) & (ends[open_ends] >= right)
        return flags

    @cached_property
    def trimmed(self) -> tuple[Layout, Placement]:
        """The strings without white space around them, and where they stand."""
        rows = np.arange(len(self), dtype=np.int64)
        if not self.layout.padded.any():
            return self.layout, Placement(rows, None, self._code_points(self.layout))
        bare = self.series.str.strip_chars()
        lead = self.series.str.len_chars() - self.series.str.strip_chars_start().str.len_chars()
        layout = Layout(bare)
        return layout, Placement(rows, lead.to_numpy().astype(np.int64), self._code_points(layout))

    @staticmethod
    def _code_points(layout: Layout) -> IntArray:
        if layout.is_ascii:
            return layout.sizes
        return layout.series.str.len_chars().to_numpy().astype(np.int64)

    def __len__(self) -> int:
        return len(self.series)
