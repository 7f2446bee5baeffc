"""Classes of strings that format-preserving encryption permutes, each within itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lakescan.udfs.anonymize.code_points import Points

Digits = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

NUMBERS, UPPER, LOWER, MIXED = range(4)

_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters of a class.

    Args:
        tweak: keeps the permutations of classes apart.
        characters: their place is their digit.
    """

    tweak: bytes
    characters: str

    @property
    def radix(self) -> int:
        """How many characters there are."""
        return len(self.characters)

    def digits(self, points: Points) -> Digits:
        """Characters as digits."""
        table = np.zeros(128, np.uint8)
        codes = np.frombuffer(self.characters.encode(), np.uint8)
        table[codes] = np.arange(len(codes))
        out: Digits = table[points]
        return out

    def points(self, digits: Digits) -> Points:
        """Digits as characters."""
        out: Points = np.frombuffer(self.characters.encode(), np.uint8)[digits].astype(np.uint32)
        return out


#: By class: numbers, and what has letters: capitals, small ones, or both.
ALPHABETS = (
    Alphabet(b"numbers", _DIGITS),
    Alphabet(b"upper", _DIGITS + _CAPITALS),
    Alphabet(b"lower", _DIGITS + _CAPITALS.lower()),
    Alphabet(b"mixed", _DIGITS + _CAPITALS + _CAPITALS.lower()),
)


def in_class(kind: int, rows: Digits, zeros: Bools) -> Bools:
    """Which rows of digits are strings of their class.

    Args:
        kind: the class.
        rows: digits of its alphabet.
        zeros: for each row whether the string that it came from begins with a zero: a number
            keeps that, so that it stays the number that a table without leading zeros has.
    """
    if kind == NUMBERS:
        found: Bools = (rows[:, 0] == 0) == zeros
        return found
    if kind == MIXED:
        return _any((rows >= 10) & (rows < 36)) & _any(rows >= 36)
    return _any(rows >= 10)


def _any(marks: Bools) -> Bools:
    """Which rows have a mark."""
    found: Bools = np.logical_or.reduce(marks, axis=1)
    return found


def is_digit(points: Points) -> Bools:
    """Which characters are ASCII digits."""
    return (points >= 48) & (points <= 57)


def is_capital(points: Points) -> Bools:
    """Which characters are ASCII capitals."""
    return (points >= 65) & (points <= 90)


def is_small(points: Points) -> Bools:
    """Which characters are small ASCII letters."""
    return (points >= 97) & (points <= 122)
