"""Markers of found words, and which of overlapping spans remain."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence


def numbered(labels: Sequence[str], surfaces: Sequence[str]) -> list[str]:
    """``NAME_1``, ``NAME_2``, ``LOCATION_1``: counted from 1 per label, in order.

    The same label over the same characters has the same number.
    """
    known: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    markers = []
    for label, surface in zip(labels, surfaces, strict=True):
        if (label, surface) not in known:
            counts[label] = counts.get(label, 0) + 1
            known[label, surface] = f"{label}_{counts[label]}"
        markers.append(known[label, surface])
    return markers


def longest(found: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Of overlapping (start, end, rank) the longer, then the lower rank, then the earlier.

    Returns:
        Those that remain, in the order of the text.
    """
    starts: list[int] = []
    kept: list[tuple[int, int, int]] = []
    for each in sorted(found, key=lambda it: (it[0] - it[1], it[2], it[0])):
        at = bisect_left(starts, each[1])
        # Those kept do not overlap: only the last that begins before this one's end may.
        if at and kept[at - 1][1] > each[0]:
            continue
        starts.insert(at, each[0])
        kept.insert(at, each)
    return kept
