"""Values: a column's distinct strings, in the two forms that vectorized code wants."""

from __future__ import annotations

from functools import cached_property

import polars as pl
import pyarrow as pa


class Values:
    """Strings to be searched: no nulls, usually distinct.

    Args:
        series: a Polars ``String`` series.
    """

    def __init__(self, series: pl.Series) -> None:
        self.series = series

    @classmethod
    def of(cls, array: pa.Array | pa.ChunkedArray | list[str]) -> Values:
        """Wrap a list or an Arrow array of strings (of any of Arrow's three layouts)."""
        if isinstance(array, list):
            return cls(pl.Series(array, dtype=pl.String))
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
        return self.series.str.len_chars()

    def __len__(self) -> int:
        return len(self.series)
