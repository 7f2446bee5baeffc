"""Shapes: what is left of strings when every digit is 0 and every letter A or a.

Columns of codes, numbers and names have millions of values but few shapes. What depends on the
shape alone (byte classes, white space at the ends, which patterns could match) is worked out once
a shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, hexdigits

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.arrays import taken, to_numpy
from lakescan.udfs.detect.buffers import (
    BoolArray,
    ByteArray,
    IntArray,
    string_buffers,
    translated,
    translated_bytes,
)
from lakescan.udfs.detect.shapes.memory import ShapeMemory

#: So many strings, evenly spaced, are looked at to see whether shapes are few.
_SAMPLE = 256
#: Of so few at once it is remembered which regexes they match.
_ASKED = 512
#: So few of them are told apart by some bits of their hashes.
_SLOTTED = 32
#: Bytes that are compared in one step, about.
_TILE = 1 << 13
#: They are when there are so many strings to a shape.
_TO_A_SHAPE = 4

#: Indices of distinct shapes, as Arrow codes a dictionary.
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Alphabet:
    """What stands in a shape for some of ASCII's characters; all others stand for themselves.

    Args:
        table: for each byte of UTF-8 what stands for it.
    """

    table: bytes

    @classmethod
    def writing(cls, stands: Mapping[str, str]) -> Alphabet:
        """The alphabet in which each key stands for the characters of its value."""
        table = bytearray(range(256))
        for sign, chars in stands.items():
            for char in chars:
                table[ord(char)] = ord(sign)
        return cls(bytes(table))

    def of(self, char: str) -> str:
        """What stands for a character."""
        return chr(self.table[ord(char)]) if char.isascii() else char


#: Digits, capitals and small letters apart: codes, numbers, names.
FINE = Alphabet.writing({"0": digits, "A": ascii_uppercase, "a": ascii_lowercase})
#: Hexadecimal digits apart from other letters: UUIDs, hashes, addresses.
HEX = Alphabet.writing({"0": hexdigits, "z": "".join(sorted({*ascii_letters} - {*hexdigits}))})
#: All alike: identifiers in base 32, 36, 64.
COARSE = Alphabet.writing({"0": digits + ascii_letters})

#: From the finest.
_ALPHABETS = (FINE, HEX, COARSE)


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of some strings.

    Args:
        alphabet: what they are written in.
        distinct: each shape once.
        codes: for each string the index of its shape.
    """

    alphabet: Alphabet
    distinct: pl.Series
    codes: Codes

    def rows(self, codes: list[int]) -> IntArray:
        """The strings that have one of some shapes."""
        if not codes:
            return np.zeros(0, np.int64)
        if len(codes) == len(self.distinct):
            return np.arange(len(self.codes))
        chosen = np.zeros(len(self.distinct), np.bool_)
        chosen[codes] = True
        return np.flatnonzero(chosen[self.codes])

    def matching(self, regex: str) -> BoolArray:
        """Of which strings the shape matches a regex."""
        if len(self.distinct) <= _ASKED:
            of_shapes = np.array(_matcher(regex).ask(self.distinct), np.bool_)
        else:
            of_shapes = self.distinct.str.contains(regex).to_numpy()
        if not of_shapes.any():
            return np.zeros(len(self.codes), np.bool_)
        found: BoolArray = of_shapes[self.codes]
        return found

    @classmethod
    def joined(cls, parts: Sequence[Shapes]) -> Shapes:
        """The shapes of several lists of strings, one after the other, all in one alphabet."""
        known: dict[str, int] = {}
        codes = []
        for part in parts:
            new = [known.setdefault(shape, len(known)) for shape in part.distinct.to_list()]
            codes.append(np.array(new, np.int32)[part.codes])
        return cls(parts[0].alphabet, pl.Series(list(known)), np.concatenate(codes))

    def take(self, rows: IntArray) -> Shapes:
        """The shapes of some of the strings; there may be fewer distinct ones among them."""
        return Shapes(self.alphabet, self.distinct, self.codes[rows])


@lru_cache(maxsize=32)
def _matcher(regex: str) -> ShapeMemory[bool]:
    return ShapeMemory(lambda shapes: pl.Series(shapes).str.contains(regex).to_list())


def few_shapes(series: pl.Series, offsets: IntArray, data: ByteArray) -> Shapes | None:
    """The shapes of strings, in the finest alphabet in which they are few; None if in none.

    Args:
        series: the strings.
        offsets: where each begins among the bytes, and the last ends.
        data: the bytes.
    """
    count = len(series)
    if count < _TO_A_SHAPE:
        return None
    some = np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.int64)
    sample = string_buffers(taken(series, some))
    for alphabet in _ALPHABETS:
        tried = translated(*sample, alphabet.table)
        kinds = tried.n_unique()
        if kinds * _TO_A_SHAPE <= len(tried):
            if kinds == 1 and _are_all(str(tried[0]), alphabet, offsets, data):
                return Shapes(alphabet, tried[:1], np.zeros(count, np.int32))
            shapes = translated(offsets, data, alphabet.table)
            return _shapes(shapes, alphabet, few=kinds <= _SLOTTED)
    return None


def _are_all(shape: str, alphabet: Alphabet, offsets: IntArray, data: ByteArray) -> bool:
    """Whether all strings have one shape: each byte is among those behind the shape's."""
    signs = shape.encode()
    if not signs or (np.diff(offsets) != len(signs)).any():
        return False
    ranges = [_ranges(alphabet)[sign] for sign in signs]
    if None in ranges:
        data, offsets = translated_bytes(offsets, data, alphabet.table), offsets - offsets[0]
        ranges = [(sign, 0) for sign in signs]
    low, span = np.array(ranges, np.uint8).T
    strings_at_once = max(1, _TILE // len(signs))
    low, span = np.tile(low, strings_at_once), np.tile(span, strings_at_once)
    first, last = int(offsets[0]), int(offsets[-1])
    rest = last - (last - first) % len(low)
    tiles = data[first:rest].reshape(-1, len(low))
    left = data[rest:last]
    return bool(
        ((tiles - low) <= span).all() and ((left - low[: len(left)]) <= span[: len(left)]).all()
    )


@lru_cache(maxsize=len(_ALPHABETS))
def _ranges(alphabet: Alphabet) -> list[tuple[int, int] | None]:
    """Of each sign the first byte behind it and how many follow; None where some are missing."""
    ranges: list[tuple[int, int] | None] = []
    for sign in range(256):
        members = [byte for byte, stands in enumerate(alphabet.table) if stands == sign] or [sign]
        span = members[-1] - members[0]
        ranges.append((members[0], span) if span < len(members) else None)
    return ranges


def _shapes(shapes: pl.Series, alphabet: Alphabet, *, few: bool) -> Shapes:
    hashes = shapes.hash()
    codes = _slotted(hashes.to_numpy()) if few else None
    if codes is None:
        codes = to_numpy(hashes.to_arrow().dictionary_encode().indices)
    first = np.empty(int(codes.max()) + 1, np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return Shapes(alphabet, taken(shapes, first), codes)


def _slotted(hashes: npt.NDArray[np.uint64]) -> Codes | None:
    """Codes of few distinct hashes by their upper bits; None where two share these."""
    slots = (hashes >> np.uint64(48)).astype(np.uint16)
    found = np.zeros(1 << 16, np.bool_)
    found[slots] = True
    used = np.flatnonzero(found)
    numbers = np.zeros(1 << 16, np.int32)
    numbers[used] = np.arange(len(used), dtype=np.int32)
    codes: Codes = numbers[slots]
    of_codes = np.empty(len(used), np.uint64)
    of_codes[codes] = hashes
    return codes if (of_codes[codes] == hashes).all() else None
