"""Values waiting for the detectors: small columns share one pass over every pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from lakescan.udfs.classify.counting import HitCounter
from lakescan.udfs.classify.short_numbers import without_short_numbers
from lakescan.udfs.classify.sketch import Hashes
from lakescan.udfs.detect.findings import plain
from lakescan.udfs.detect.values import Values

#: A pass costs as much as some thousand values, whatever it is given.
_ENOUGH = 65_536
_ENOUGH_BYTES = 8 << 20

#: So many strings of few shapes are searched by themselves.
_ALONE = 1024

_Counts = npt.NDArray[np.int64]


class Detects(Protocol):
    """What a profiler needs of the detectors."""

    def detect(self, values: Values) -> pa.Table:
        """All findings in strings; see `lakescan.udfs.detect.protocol.Detector`."""

    def read(self, values: Values) -> pa.Table:
        """What the model finds in strings."""

    @property
    def reader(self) -> str:
        """The model's detector; empty where there is none."""

    @property
    def reads(self) -> int:
        """How many values of a column the model may read."""


@dataclass(frozen=True, slots=True)
class Search:
    """Strings of one column.

    Args:
        values: no nulls.
        counts: for each value, in how many rows it stands.
        hashes: each value's hash.
        hits: where the findings are counted.
        short_numbers: whether there are short numbers among them, whose findings do not count.
    """

    values: Values
    counts: _Counts
    hashes: Hashes
    hits: HitCounter
    short_numbers: bool = False


class Searches:
    """Collects what is to be searched, and searches it when there is enough.

    Args:
        detectors: what finds entities in strings.
    """

    def __init__(self, detectors: Detects) -> None:
        self._detectors = detectors
        self._waiting: list[Search] = []
        self._count = 0
        self._bytes = 0

    def add(self, search: Search) -> None:
        """Search now, or later together with others.

        Where shapes are few, most patterns never see a value: there is no cost to share.
        """
        if len(search.values) >= _ALONE and search.values.layout.shapes is not None:
            _count(search, search.values, self._detectors.detect(search.values))
            return
        self._waiting.append(search)
        self._count += len(search.values)
        self._bytes += int(search.values.series.estimated_size())
        if self._count >= _ENOUGH or self._bytes >= _ENOUGH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Search all that waits; afterwards every hit is counted."""
        waiting, self._waiting = self._waiting, []
        self._count = self._bytes = 0
        if not waiting:
            return
        if len(waiting) == 1:
            values = waiting[0].values
            _count(waiting[0], values, self._detectors.detect(values))
            return
        joined = pl.concat([search.values.series.rename("") for search in waiting], rechunk=True)
        findings = self._detectors.detect(Values(joined)).sort_by("row")
        rows = plain(findings["row"])
        start = 0
        for search in waiting:
            stop = start + len(search.values)
            low, high = np.searchsorted(rows, [start, stop])
            if low < high:
                part = findings.slice(low, high - low)
                own = pl.Series(rows[low:high] - start).to_arrow()
                _count(search, search.values, part.set_column(0, part.field(0), own))
            start = stop


def _count(search: Search, values: Values, findings: pa.Table) -> None:
    if search.short_numbers:
        findings = without_short_numbers(findings, values)
    search.hits.add(findings, values, search.counts, search.hashes)
