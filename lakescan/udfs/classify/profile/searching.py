"""Values waiting for the detectors: small columns share one pass over every pattern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from lakescan.udfs.classify.profile.counting import HitCounter
from lakescan.udfs.classify.profile.memory import Memory
from lakescan.udfs.classify.profile.short_numbers import without_short_numbers
from lakescan.udfs.classify.profile.sketch import Hashes
from lakescan.udfs.detect.collect import Group
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.protocol import Groups
from lakescan.udfs.detect.shapes.shapes import FINE, Shapes
from lakescan.udfs.detect.values import Values

#: A pass costs as much as some thousand values, whatever it is given.
_ENOUGH = 65_536
_ENOUGH_BYTES = 8 << 20

#: So many strings of few shapes are searched by themselves.
_ALONE = 4096

_Counts = npt.NDArray[np.int64]


class Detects(Groups, Protocol):
    """What a profiler needs of the detectors."""

    def read(self, values: Values) -> pa.Table:
        """What the model finds in strings."""

    @property
    def evidence(self) -> Groups:
        """What is counted: findings, and those that the policy allows as such."""

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
        repeats: whether they are few that stand there often, and so perhaps in other batches.
    """

    values: Values
    counts: _Counts
    hashes: Hashes
    hits: HitCounter
    short_numbers: bool = False
    repeats: bool = False


class Searches:
    """Collects what is to be searched, and searches it when there is enough.

    Args:
        detectors: what finds entities in strings.
        memory: of strings that repeat.
    """

    def __init__(self, detectors: Groups, memory: Memory) -> None:
        self._detectors = detectors
        self._memory = memory
        self._shaped = _Pool()
        self._others = _Pool()

    def add(self, search: Search) -> None:
        """Search now, or later together with others.

        Where shapes are few, most patterns never see a value: there is little cost to share.
        """
        shapes = search.values.layout.shapes
        if search.repeats and len(search.values) < _ALONE:
            _count(search, self._memory.groups(search.values, search.hashes))
        elif shapes is None or shapes.alphabet != FINE:
            self._others.add(search)
        elif len(search.values) < _ALONE:
            self._shaped.add(search)
        else:
            _count(search, self._detectors.groups(search.values))
        for pool in (self._shaped, self._others):
            if pool.is_full:
                pool.search(self._detectors)

    def flush(self) -> None:
        """Search all that waits; afterwards every hit is counted."""
        self._shaped.search(self._detectors)
        self._others.search(self._detectors)


class _Pool:
    """Searches that wait for each other."""

    def __init__(self) -> None:
        self._waiting: list[Search] = []
        self._count = 0
        self._bytes = 0

    def add(self, search: Search) -> None:
        self._waiting.append(search)
        self._count += len(search.values)
        self._bytes += int(search.values.series.estimated_size())

    @property
    def is_full(self) -> bool:
        return self._count >= _ENOUGH or self._bytes >= _ENOUGH_BYTES

    def search(self, detectors: Groups) -> None:
        """Search all of them together; none are left."""
        waiting, self._waiting = self._waiting, []
        self._count = self._bytes = 0
        if len(waiting) == 1:
            _count(waiting[0], detectors.groups(waiting[0].values))
        elif waiting:
            found = [_ascending(group) for group in detectors.groups(_joined(waiting))]
            start = 0
            for search in waiting:
                stop = start + len(search.values)
                _count(search, [part for g in found for part in _within(g, start, stop)])
                start = stop


def _joined(searches: list[Search]) -> Values:
    series = [search.values.series.rename("") for search in searches]
    layout = Layout(pl.concat(series, rechunk=True))
    shapes = [search.values.layout.shapes for search in searches]
    fine = [one for one in shapes if one is not None and one.alphabet == FINE]
    if len(fine) == len(shapes):
        layout.shapes = Shapes.joined(fine)
    return Values.laid_out(layout)


def _ascending(group: Group) -> Group:
    """The findings in the order of their rows."""
    if (group.rows[1:] >= group.rows[:-1]).all():
        return group
    return group.take(np.argsort(group.rows, kind="stable"))


def _within(group: Group, start: int, stop: int) -> Iterator[Group]:
    """The findings in some of the rows, which are counted from the first of them."""
    low, high = np.searchsorted(group.rows, [start, stop])
    if low < high:
        part = group.take(slice(low, high))
        yield replace(part, rows=part.rows - start)


def _count(search: Search, found: list[Group]) -> None:
    if search.short_numbers:
        found = without_short_numbers(found, search.values)
    search.hits.add(found, search.values, search.counts, search.hashes)
