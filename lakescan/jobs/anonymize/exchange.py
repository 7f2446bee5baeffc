"""Spans of one text exchanged for other words, and where these stand afterwards."""

from __future__ import annotations

from collections.abc import Sequence
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
