"""Spans of a text exchanged for markers, and where these stand afterwards."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Exchanged(NamedTuple):
    """A text with other spans.

    Args:
        text: as it reads now.
        places: for each span where its replacement starts and ends.
    """

    text: str
    places: list[tuple[int, int]]


def exchange(text: str, spans: Sequence[tuple[int, int]], put: Sequence[str]) -> Exchanged:
    """Put other words in the place of spans.

    Args:
        text: any.
        spans: half-open, in the order of the text, none overlapping.
        put: as many replacements.
    """
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    at = length = 0
    for (start, end), word in zip(spans, put, strict=True):
        kept = text[at:start]
        length += len(kept)
        places.append((length, length + len(word)))
        pieces += (kept, word)
        length += len(word)
        at = end
    pieces.append(text[at:])
    return Exchanged("".join(pieces), places)


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
