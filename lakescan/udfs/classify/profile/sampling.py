"""The values that a model reads: of a column's distinct ones those with the smallest hashes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.arrays import taken
from lakescan.udfs.classify.profile.readings import NO_LIMIT, fit
from lakescan.udfs.classify.profile.sketch import Hashes

_Counts = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]

#: Of a value so many characters are read: a paragraph, which mostly says what a text is about.
CLIP = 400

#: So many times the wanted values are looked at first: some of them repeat.
_LOOK = 4


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Distinct values with the smallest hashes.

    Args:
        hashes: rising.
        rows: in which each value stands.
        texts: the values, or their beginnings.
        clipped: which of them are beginnings.
        limit: all distinct values whose hash is below are there.
    """

    hashes: Hashes
    rows: _Counts
    texts: pl.Series
    clipped: _Flags
    limit: int

    def first(self, count: int) -> Part:
        """The first so many values."""
        if count >= len(self.texts):
            return self
        limit = int(self.hashes[count])
        texts = self.texts.head(count)
        return Part(self.hashes[:count], self.rows[:count], texts, self.clipped[:count], limit)


class ValueSample:
    """Takes values, whole batches at a time, and keeps those with the smallest hashes.

    Args:
        size: how many distinct values are kept.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        nothing = np.zeros(0, np.int64)
        empty = pl.Series(dtype=pl.String)
        self._part = Part(nothing.astype(np.uint64), nothing, empty, nothing > 0, NO_LIMIT)

    @property
    def texts(self) -> pl.Series:
        """The values so far, or their beginnings."""
        return self._part.texts

    def fitting(self) -> Part:
        """As many of the values as a model may read."""
        return self._part.first(fit(self.texts.str.len_chars().to_list(), self._size))

    def add(self, values: pl.Series, counts: _Counts, hashes: Hashes) -> None:
        """Take values (which may repeat), the rows that each stands for, and their hashes."""
        places = self._below(hashes)
        if not len(places):
            return
        mine = self._part
        texts = taken(values, places)
        clipped = (texts.str.len_chars() > CLIP).to_numpy()
        found, first, group = np.unique(
            np.concatenate((mine.hashes, hashes[places])), return_index=True, return_inverse=True
        )
        rows = np.bincount(group, np.concatenate((mine.rows, counts[places])), len(found))
        every = pl.concat([mine.texts, texts.str.slice(0, CLIP).rename("")], rechunk=True)
        self._part = Part(
            found,
            rows.astype(np.int64),
            taken(every, first),
            np.concatenate((mine.clipped, clipped))[first],
            mine.limit,
        ).first(self._size)

    def _below(self, hashes: Hashes) -> npt.NDArray[np.int64]:
        """Where the hashes are that may be among the smallest."""
        places = np.arange(len(hashes))
        if self._part.limit < NO_LIMIT:
            places = np.flatnonzero(hashes < np.uint64(self._part.limit))
        look = _LOOK * self._size
        if len(places) <= look:
            return places
        below = hashes[places]
        bound = np.partition(below, look)[look]
        few = places[below <= bound]
        return few if len(np.unique(hashes[few])) > self._size else places
