"""Texts as code points: what offsets count, and what operators change one by one."""

from __future__ import annotations

import sys
import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lakescan.udfs.anonymize.crypto.lanes import Bytes, Int64s, Strings

Points = npt.NDArray[np.uint8] | npt.NDArray[np.uint32]
Bools = npt.NDArray[np.bool_]


class CodePoints:
    """Texts side by side, a number for each character.

    Args:
        points: of all texts; of 8 bits where all is ASCII, else of 32.
        offsets: where each begins, and the end of the last.
    """

    def __init__(self, points: Points, offsets: Int64s) -> None:
        self.points = points
        self.offsets = offsets

    @classmethod
    def of(cls, texts: pa.Array) -> CodePoints:
        """Take a ``large_string`` array without nulls apart."""
        strings = bytes_of(texts)
        data = strings.data
        if not len(data) or data.max() < 128:
            return cls(data, strings.offsets)
        starts = (data & 0xC0) != 0x80
        counted = np.concatenate((np.zeros(1, np.int64), np.cumsum(starts)))
        points = np.frombuffer(data.tobytes().decode().encode("utf-32-le"), np.uint32)
        return cls(points, counted[strings.offsets])

    @property
    def sizes(self) -> Int64s:
        """Characters in each text."""
        return np.diff(self.offsets)

    @property
    def lanes(self) -> Int64s:
        """For each character its text."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.sizes)

    def ranks(self, chosen: Bools) -> tuple[Int64s, Int64s]:
        """Count chosen characters.

        Returns:
            For each character, how many stand before it in its text; for each text, how many.
        """
        running: Int64s = np.concatenate((np.zeros(1, np.int64), np.cumsum(chosen, dtype=np.int64)))
        totals = running[self.offsets[1:]] - running[self.offsets[:-1]]
        return running[:-1] - np.repeat(running[self.offsets[:-1]], self.sizes), totals

    def to_arrow(self) -> pa.Array:
        """The texts as a ``large_string`` array."""
        points = self.points
        if not len(points) or points.max() < 128:
            return text_array(self.offsets, points.astype(np.uint8, copy=False))
        widths = 1 + (points > 0x7F).astype(np.int64) + (points > 0x7FF) + (points > 0xFFFF)
        ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(widths)))
        data = points.astype("<u4").tobytes().decode("utf-32-le").encode()
        return text_array(ends[self.offsets], np.frombuffer(data, np.uint8))


def bytes_of(texts: pa.Array) -> Strings:
    """The UTF-8 of a ``large_string`` (or ``large_binary``) array without nulls."""
    _, offsets, data = texts.buffers()
    if not len(texts):
        return Strings(np.zeros(1, np.int64), np.zeros(0, np.uint8))
    ends = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return Strings(ends - ends[0], raw[ends[0] : ends[-1]])


def text_array(offsets: Int64s, data: Bytes) -> pa.Array:
    """A ``large_string`` array of UTF-8."""
    ends = np.ascontiguousarray(offsets, np.int64)
    raw = np.ascontiguousarray(data, np.uint8)
    return pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(raw))


def _is_separator(code: int) -> bool:
    character = chr(code)
    if code < 128:
        return not character.isalnum() and (character.isprintable() or character.isspace())
    return unicodedata.category(character)[0] in "ZP"


@lru_cache(maxsize=1)
def _separators() -> Bools:
    """For each code point whether it is white space or punctuation."""
    codes = range(sys.maxunicode + 1)
    return np.fromiter(map(_is_separator, codes), np.bool_, len(codes))


#: For each byte; of those that are no ASCII, false.
_ASCII_SEPARATORS = bytes(code < 128 and _is_separator(code) for code in range(256))


def are_separators(points: Points) -> Bools:
    """Which characters are white space or punctuation (Unicode categories Z and P; ASCII signs)."""
    if not len(points) or points.max() < 128:
        data = points.astype(np.uint8, copy=False).tobytes()
        return np.frombuffer(data.translate(_ASCII_SEPARATORS), np.bool_)
    found: Bools = _separators()[points]
    return found
