"""Distinct values with counts, where values repeat."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from lakescan.udfs.arrays import taken

Counts = npt.NDArray[np.int64]

#: Distinct values are worth counting out when a sample of so many has at most half as many.
_SAMPLE = 2048
_REPEATS = 0.5


def series_of(array: pa.Array) -> pl.Series:
    """An Arrow array as Polars has it, without a name: Polars takes none with a NUL in it."""
    series = pl.from_arrow(array)
    assert isinstance(series, pl.Series)
    return series.alias("")


def distinct(array: pa.Array) -> tuple[pl.Series, Counts, bool]:
    """An array's values without nulls, how often each occurs, and whether each stands there once.

    Values of which few repeat are left as they are, with a count of one each.
    """
    if pa.types.is_dictionary(array.type):
        return (*_coded(array), True)
    values = series_of(array)
    if array.null_count:
        values = values.drop_nulls()
    size = len(values)
    sample = values.gather_every(max(1, size // _SAMPLE)) if size > _SAMPLE else values
    if sample.n_unique() > _REPEATS * len(sample):
        return values, np.ones(size, dtype=np.int64), False
    return (*_counted(values), True)


def _coded(array: pa.DictionaryArray) -> tuple[pl.Series, Counts]:
    """The values of a dictionary that are used."""
    codes = series_of(array.indices).drop_nulls().to_numpy()
    words = series_of(array.dictionary)
    counts = np.bincount(codes, minlength=len(words))
    used = np.flatnonzero((counts > 0) & words.is_not_null().to_numpy())
    return taken(words, used), counts[used].astype(np.int64)


def _counted(values: pl.Series) -> tuple[pl.Series, Counts]:
    table = values.alias("value").value_counts(name="rows")
    return table.to_series(0), table.to_series(1).to_numpy().astype(np.int64)


class Tally:
    """Counts of few distinct strings, added up batch by batch.

    Args:
        most: distinct strings that are held at once.
    """

    def __init__(self, most: int = 8192) -> None:
        self._most = most
        self._parts: list[tuple[pl.Series, Counts]] = []
        self._size = 0

    def add(self, values: pl.Series, counts: Counts) -> bool:
        """Take distinct strings; False where they are too many to be held."""
        if len(values) > self._most // 2:
            return False
        self._parts.append((values, counts))
        self._size += len(values)
        if self._size > self._most:
            self._parts = [self._sum()]
            self._size = len(self._parts[0][0])
        return True

    @property
    def is_full(self) -> bool:
        """Whether most of what was taken is distinct, so that nothing is won by waiting."""
        return self._size > self._most // 2

    def take(self) -> tuple[pl.Series, Counts]:
        """All strings so far, each once, and their counts; none are left."""
        total = self._sum() if len(self._parts) > 1 else self._parts[0]
        self._parts, self._size = [], 0
        return total

    def __bool__(self) -> bool:
        return bool(self._parts)

    def _sum(self) -> tuple[pl.Series, Counts]:
        values = pl.concat([part.rename("") for part, _ in self._parts])
        counts = pl.Series(np.concatenate([counts for _, counts in self._parts]))
        frame = pl.DataFrame({"value": values, "rows": counts})
        total = frame.group_by("value").agg(pl.col("rows").sum())
        return total.to_series(0), total.to_series(1).to_numpy().astype(np.int64)
