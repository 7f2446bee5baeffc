"""Shapes: what is left of strings when every digit is 0 and every letter A or a.

Columns of codes, numbers and names have millions of values but few shapes. What depends on the
shape alone (byte classes, white space at the ends, which patterns could match) is worked out once
a shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, hexdigits

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.arrays import to_numpy
from lakescan.udfs.detect.buffers import (
    BoolArray,
    ByteArray,
    IntArray,
    string_buffers,
    strings,
    translated,
    translated_bytes,
)

#: So many strings, evenly spaced, are looked at to see whether shapes are few.
_SAMPLE = 256
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
        found: BoolArray = self.distinct.str.contains(regex).to_numpy()[self.codes]
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


def few_shapes(series: pl.Series, offsets: IntArray, data: ByteArray) -> Shapes | None:
    """The shapes of strings, in the finest alphabet in which they are few; None if in none.

    Args:
        series: the strings.
        offsets: where each begins among the bytes, and the last ends.
        data: the bytes.
    """
    count = len(series)
    if not count:
        return None
    some = np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.int64)
    sample = string_buffers(series.gather(some))
    for alphabet in _ALPHABETS:
        tried = translated(*sample, alphabet.table)
        if tried.n_unique() * _TO_A_SHAPE <= len(tried):
            shapes = translated_bytes(offsets, data, alphabet.table)
            if tried.n_unique() == 1 and _are_one(offsets, shapes):
                return Shapes(alphabet, tried[:1], np.zeros(count, np.int32))
            return _shapes(strings(offsets - offsets[0], shapes), alphabet)
    return None


def _are_one(offsets: IntArray, shapes: ByteArray) -> bool:
    """Whether all shapes are the first one."""
    width = int(offsets[1] - offsets[0])
    if not width or (np.diff(offsets) != width).any():
        return False
    table = shapes.reshape(-1, width)
    return bool((table == table[0]).all())


def _shapes(shapes: pl.Series, alphabet: Alphabet) -> Shapes:
    codes = to_numpy(shapes.hash().to_arrow().dictionary_encode().indices)
    first = np.empty(int(codes.max()) + 1, np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return Shapes(alphabet, shapes.gather(first), codes)
