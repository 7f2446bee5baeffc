"""Spans that overlap: which of them remain, worked out for all rows at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lakescan.udfs.detect.buffers import BoolArray, IntArray

#: After so many rounds, few spans are left: long chains, of which each round takes off an end.
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Spans:
    """Half-open spans on one line: each row has a stretch of its own.

    Args:
        starts, ends: so that spans of different rows never touch.
    """

    starts: IntArray
    ends: IntArray

    @classmethod
    def of(cls, rows: IntArray, starts: IntArray, ends: IntArray) -> Spans:
        """Spans that begin anew in each row."""
        width = int(ends.max(initial=0)) + 1
        offset = rows.astype(np.int64) * width
        return cls(offset + starts, offset + ends)

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, chosen: IntArray) -> Spans:
        """Some of them."""
        return Spans(self.starts[chosen], self.ends[chosen])

    def clusters(self) -> tuple[IntArray, IntArray]:
        """An order by start, and where in it each cluster of overlapping spans begins."""
        order = np.lexsort((-self.ends, self.starts))
        starts, reach = self.starts[order], np.maximum.accumulate(self.ends[order])
        begins = np.flatnonzero(np.concatenate(([True], starts[1:] >= reach[:-1])))
        return order, begins


def crowded(spans: Spans) -> BoolArray:
    """Which spans overlap another."""
    found = np.zeros(len(spans), np.bool_)
    if len(spans):
        order, begins = spans.clusters()
        sizes = np.diff(np.append(begins, len(spans)))
        found[order] = np.repeat(sizes > 1, sizes)
    return found


def winners(spans: Spans, turns: IntArray) -> BoolArray:
    """Spans that remain when each in its turn drops those that overlap it.

    Args:
        spans: in any order.
        turns: of each, all different; the lowest comes first.
    """
    kept = np.zeros(len(spans), np.bool_)
    left = np.arange(len(spans))
    for _ in range(_ROUNDS):
        if not len(left):
            return kept
        part, turn = spans.take(left), turns[left]
        order, begins = part.clusters()
        sizes = np.diff(np.append(begins, len(left)))
        best = np.repeat(np.minimum.reduceat(turn[order], begins), sizes)
        won = order[turn[order] == best]
        kept[left[won]] = True
        # Of a cluster that is gone through from left to right, each span faces one winner.
        start, end = np.repeat(part.starts[won], sizes), np.repeat(part.ends[won], sizes)
        beaten = (part.starts[order] < end) & (part.ends[order] > start)
        left = left[order[~beaten]]
    rest = left[np.argsort(turns[left])]
    kept[rest[list(_in_turn(spans.take(rest)))]] = True
    return kept


def _in_turn(spans: Spans) -> Iterator[int]:
    """The places of the spans that overlap none before them that remained."""
    starts: list[int] = []
    ends: list[int] = []
    pairs = zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)
    for place, (start, end) in enumerate(pairs):
        at = bisect_left(starts, end)
        # Those taken do not overlap, so only the last that begins before this one's end may.
        if at and ends[at - 1] > start:
            continue
        starts.insert(at, start)
        ends.insert(at, end)
        yield place


def touched(spans: Spans, others: Spans) -> BoolArray:
    """Which spans overlap any of some others."""
    if not len(others):
        return np.zeros(len(spans), np.bool_)
    order = np.argsort(others.starts, kind="stable")
    reach = np.maximum.accumulate(others.ends[order])
    before = np.searchsorted(others.starts[order], spans.ends, "left")
    found: BoolArray = (before > 0) & (reach[np.maximum(before - 1, 0)] > spans.starts)
    return found


def contained(spans: Spans, turns: IntArray) -> BoolArray:
    """Which spans lie in a longer one, or are equal to one whose turn is before.

    Args:
        spans: in any order.
        turns: of each, all different; the lowest comes first.
    """
    found = np.zeros(len(spans), np.bool_)
    if len(spans):
        order = np.lexsort((turns, -spans.ends, spans.starts))
        reach = np.maximum.accumulate(spans.ends[order])
        found[order[1:]] = reach[:-1] >= spans.ends[order[1:]]
    return found


def contained_in_better(spans: Spans, turns: IntArray) -> BoolArray:
    """Which spans lie in one whose turn is before theirs, equal ones included.

    Args:
        spans: in any order.
        turns: of each, all different; the lowest comes first.
    """
    found = np.zeros(len(spans), np.bool_)
    starts: list[int] = []
    ends: list[int] = []
    # Those so far that lie in no other: as they begin later, they end later.
    for place in np.argsort(turns).tolist():
        start, end = int(spans.starts[place]), int(spans.ends[place])
        at = bisect_right(starts, start)
        if at and ends[at - 1] >= end:
            found[place] = True
            continue
        first = bisect_left(starts, start)
        last = bisect_right(ends, end)
        starts[first:last] = [start]
        ends[first:last] = [end]
    return found
