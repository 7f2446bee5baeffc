"""Texts spelled otherwise: letters for letters of their kind; different texts stay different."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.code_points import CodePoints, Points
from lakescan.udfs.anonymize.crypto.lanes import Int64s
from lakescan.udfs.anonymize.operators.fake.draw import Draw, UInt64s
from lakescan.udfs.anonymize.operators.fake.permutation import turned
from lakescan.udfs.anonymize.text_types import TEXT

#: Letters of one piece have together so many bits at most, before the last of them.
_PIECE_BITS = 44


class Letters:
    """Kinds of letters: each becomes another of its kind.

    Args:
        kinds: the letters of each; a letter is of one kind only, of at most 2^15 letters.
    """

    def __init__(self, kinds: Iterable[str]) -> None:
        own = [np.array([ord(letter) for letter in kind]) for kind in kinds]
        self.sizes = np.array([len(kind) for kind in own], np.uint64)
        self._starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(self.sizes)[:-1])).astype(
            np.int64
        )
        self._codes = np.concatenate(own).astype(np.uint32)
        self._kinds = np.full(int(self._codes.max()) + 1, -1, np.int16)
        self._places = np.zeros(len(self._kinds), np.uint16)
        for number, kind in enumerate(own):
            self._kinds[kind] = number
            self._places[kind] = np.arange(len(kind))

    def kinds(self, points: Points) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        """The kind of each character; -1 for what is of none."""
        inside = points < len(self._kinds)
        return np.where(inside, self._kinds[np.where(inside, points, 0)], np.int16(-1))

    def places(self, points: Points) -> UInt64s:
        """Where each letter stands in its kind."""
        return self._places[points].astype(np.uint64)

    def at(self, kinds: Int64s, places: UInt64s) -> Points:
        """The letters at places of kinds."""
        return self._codes[self._starts[kinds] + places.astype(np.int64)]


def respelled(texts: pl.Series, letters: Letters, draw: Draw, salt: str) -> pl.Series:
    """Other texts, as long, with letters of the same kinds in the same places.

    It is a permutation of all texts of one form; one that has any letter is never its own image.

    Args:
        texts: strings without nulls.
        letters: which letters change for which; all other characters stay.
        draw: gives the key.
        salt: keeps uses apart.
    """
    was = CodePoints.of(texts.to_arrow().cast(TEXT))
    points = was.points.astype(np.uint32)
    every = letters.kinds(points)
    at = np.flatnonzero(every >= 0)
    if not at.size:
        return texts
    kinds = every[at].astype(np.int64)
    lanes = was.lanes[at]
    pieces = _pieces(lanes, np.log2(letters.sizes[kinds].astype(np.float64)))
    places = letters.places(points[at])
    form = letters.at(kinds, np.zeros(len(kinds), np.uint64))
    # The first piece depends on all that follows, all that follows on what became of the first:
    # so each of two texts that differ anywhere becomes another, and it can be told which it was.
    told = points.copy()
    told[at] = np.where(pieces == 0, form, points[at])
    for piece in range(int(pieces.max()) + 1):
        mine = np.flatnonzero(pieces == piece)
        some = np.unique(lanes[mine])
        seen = _texts(told, was).gather(some)
        tweaks = draw.numbers(seen, f"{salt} {piece}")
        sizes = letters.sizes[kinds[mine]]
        places[mine] = _turned(draw, lanes[mine], places[mine], sizes, tweaks)
        if piece == 0:
            told[at] = form
            told[at[mine]] = letters.at(kinds[mine], places[mine])
    points[at] = letters.at(kinds, places)
    return _texts(points, was)


def _pieces(lanes: Int64s, bits: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Int64s:
    """For each letter the piece of its text that it is of."""
    before = np.cumsum(bits) - bits
    first = np.flatnonzero(np.diff(lanes, prepend=-1))
    counts = np.diff(np.append(first, len(lanes)))
    pieces: Int64s = ((before - np.repeat(before[first], counts)) // _PIECE_BITS).astype(np.int64)
    return pieces


def _turned(draw: Draw, lanes: Int64s, places: UInt64s, sizes: UInt64s, tweaks: UInt64s) -> UInt64s:
    """Letters of one piece of each text, read as one number, permuted, and written as letters."""
    first = np.flatnonzero(np.diff(lanes, prepend=-1))
    counts = np.diff(np.append(first, len(lanes)))
    row = np.repeat(np.arange(len(first)), counts)
    column = np.arange(len(lanes)) - np.repeat(first, counts)
    width = int(counts.max())
    digits = np.zeros((len(first), width), np.uint64)
    radices = np.ones((len(first), width), np.uint64)
    digits[row, column], radices[row, column] = places, sizes
    numbers = np.zeros(len(first), np.uint64)
    for each in range(width):
        numbers = numbers * radices[:, each] + digits[:, each]
    numbers = turned(draw, numbers, radices.prod(axis=1), tweaks)
    for each in reversed(range(width)):
        digits[:, each] = numbers % radices[:, each]
        numbers = numbers // radices[:, each]
    return digits[row, column]


def _texts(points: Points, like: CodePoints) -> pl.Series:
    series = pl.from_arrow(CodePoints(points, like.offsets).to_arrow())
    assert isinstance(series, pl.Series)
    return series
