"""Candidates: strings of one form, as texts and as matrices that several checks share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.detect.buffers import cut, string_buffers, strings
from lakescan.udfs.detect.matching.regexes import FEW, finder, is_wholly

BoolArray = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Digits = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]

_ASCII_UPPER = np.array([ord(chr(b).upper()) if b < 128 else b for b in range(256)], np.uint8)
_ALNUM = np.array([b < 128 and chr(b).isalnum() for b in range(256)])


class Candidates:
    """Strings that have the form asked for.

    Args:
        texts: a few thousand at most, so that matrices stay in a core's cache.
    """

    def __init__(self, texts: pl.Series) -> None:
        self.texts = texts
        self._digits: dict[int, Digits] = {}

    def __len__(self) -> int:
        return len(self._buffers[0]) - 1

    @cached_property
    def texts(self) -> pl.Series:
        """The strings."""
        return strings(*self._buffers)

    @cached_property
    def _buffers(self) -> tuple[Ints, Bytes]:
        bounds, data = string_buffers(self.texts)
        return bounds - bounds[0], data[bounds[0] : bounds[-1]]

    @cached_property
    def counts(self) -> Ints:
        """How many ASCII digits each string holds."""
        if self._places is not None:
            return np.full(len(self), len(self._places))
        return np.diff(self._digit_ends)

    @cached_property
    def _digit_marks(self) -> BoolArray:
        data = self._buffers[1]
        marks: BoolArray = (data - np.uint8(48)) <= 9
        return marks

    @cached_property
    def _places(self) -> Ints | None:
        """Where the digits of each string stand, if all have the same length and places."""
        bounds, data = self._buffers
        size = int(bounds[1]) if len(self) else 0
        if not size or len(data) != size * len(self) or (np.diff(bounds) != size).any():
            return None
        marks = self._digit_marks.reshape(len(self), size)
        return np.flatnonzero(marks[0]) if (marks == marks[0]).all() else None

    @cached_property
    def _digit_ends(self) -> Ints:
        bounds = self._buffers[0]
        if self._digit_marks.all():
            return bounds
        ends: Ints = np.append(0, np.cumsum(self._digit_marks))[bounds]
        return ends

    def hold(self, some: bytes) -> bool:
        """Whether one of some bytes stands anywhere in the strings."""
        data = self._buffers[1].tobytes()
        return len(data.translate(None, some)) < len(data)

    def digits(self, width: int) -> Digits:
        """The last ``width`` digits of each string, other characters dropped, zeros on the left.

        Returns:
            An (n, width) matrix of 0..9.
        """
        if width not in self._digits:
            self._digits[width] = self._aligned(width)
        return self._digits[width]

    def _aligned(self, width: int) -> Digits:
        """The matrix, its columns one after the other in memory: checks go by column."""
        columns = np.zeros((width, len(self)), np.int32)
        if self._places is not None:
            strings_by_place = self._buffers[1].reshape(len(self), -1).T
            places = self._places[-width:]
            used = columns[width - len(places) :]
            for column, place in zip(used, places, strict=True):
                column[:] = strings_by_place[place]
            used -= 48
            return columns.T
        data, marks, counts = self._buffers[1], self._digit_marks, self.counts
        flat = data if marks.all() else data[marks]
        if len(flat) and (counts == counts[0]).all():
            most = min(width, int(counts[0]))
            columns[width - most :] = flat.reshape(len(self), counts[0]).T[-most:]
            columns[width - most :] -= 48
            return columns.T
        starts, ends = self._digit_ends[:-1], self._digit_ends[1:]
        for back in range(1, width + 1):
            filled = ends - back >= starts
            if not filled.any():
                break
            columns[width - back] = np.where(filled, flat[np.maximum(ends - back, 0)], 48)
            columns[width - back] -= 48
        return columns.T

    @cached_property
    def compact(self) -> pl.Series:
        """ASCII letters and digits only, in upper case."""
        bounds, data = self._buffers
        marks = _ALNUM[data]
        return strings(np.append(0, np.cumsum(marks))[bounds], _ASCII_UPPER[data[marks]])

    def chars(self, width: int) -> Bytes:
        """The first ``width`` letters and digits, in upper case, zero bytes on the right.

        Returns:
            An (n, width) matrix of bytes; other characters are dropped.
        """
        bounds, data = self._buffers
        marks = _ALNUM[data]
        ends = np.append(0, np.cumsum(marks))[bounds]
        flat = _ASCII_UPPER[data[marks] if len(bounds) and not marks.all() else data]
        if not len(flat):
            return np.zeros((len(self), width), np.uint8)
        sizes = np.diff(ends)
        if sizes[0] <= width and (sizes == sizes[0]).all():
            out = np.zeros((len(self), width), np.uint8)
            out[:, : sizes[0]] = flat.reshape(len(self), sizes[0])
            return out
        at = ends[:-1, None] + np.arange(width)
        return np.where(at < ends[1:, None], flat[np.minimum(at, len(flat) - 1)], np.uint8(0))

    @cached_property
    def char_counts(self) -> Ints:
        """How many ASCII letters and digits each string holds."""
        bounds, data = self._buffers
        counts: Ints = np.diff(np.append(0, np.cumsum(_ALNUM[data]))[bounds])
        return counts

    def matches(self, regex: str) -> BoolArray:
        """Whether the letters and digits alone, in upper case, match ``regex`` wholly."""
        return is_wholly(self.compact, regex)

    def contain(self, source: str) -> BoolArray:
        """Whether a match of a regex, of what RE2 and Rust read alike, lies in each string."""
        if len(self) >= FEW:
            found: BoolArray = self.texts.str.contains(source).to_numpy()
            return found
        find = finder(source)
        bounds, data = self._buffers
        pieces = cut(data, bounds[:-1], bounds[1:])
        return np.array([find(piece, 0, len(piece))[0][0] >= 0 for piece in pieces], np.bool_)

    @property
    def are_ascii(self) -> bool:
        """Whether no string holds a character beyond ASCII."""
        return self._buffers[1].tobytes().isascii()


class PackedCandidates(Candidates):
    """The same of strings that lie side by side.

    Args:
        bounds: where each begins among the bytes, and the last ends.
        data: bytes of UTF-8.
    """

    def __init__(self, bounds: Ints, data: Bytes) -> None:
        self._digits = {}
        self._buffers = bounds - bounds[0], data[bounds[0] : bounds[-1]]


#: Says of each candidate whether it is the real thing.
Check = Callable[[Candidates], BoolArray]


def values36(chars: Bytes) -> Digits:
    """Bytes of upper-case letters and digits as 0..35; -1 for the zero byte.

    ``0`` to ``9`` are 0 to 9 and ``A`` to ``Z`` are 10 to 35, as in ISO 7064 and ISO 13616.
    """
    return _VALUES36[chars]


_VALUES36 = np.full(256, -1, np.int32)
_VALUES36[48:58] = np.arange(10)
_VALUES36[65:91] = np.arange(10, 36)


def number(digits: Digits) -> Ints:
    """Rows of digits as whole numbers, most significant first (at most 18)."""
    found: Ints = np.zeros(len(digits), np.int64)
    for column in digits.T:  # which lie one after the other: faster than a product of matrices
        found *= 10
        found += column
    return found


def varied(digits: Digits) -> BoolArray:
    """Whether the digits of a row are not all the same one."""
    found: BoolArray = (digits != digits[:, :1]).any(axis=1)
    return found
