"""Checks of dates, alone and inside numbers."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates, Digits, Ints, number

_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def real_date(year: Ints, month: Ints, day: Ints) -> BoolArray:
    """Whether each is a day of the Gregorian calendar."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    known = (month >= 1) & (month <= 12)
    last = _DAYS[np.where(known, month, 0)] + (leap & (month == 2))
    valid: BoolArray = known & (day >= 1) & (day <= last)
    return valid


def pair(digits: Digits, at: int) -> Ints:
    """The number that two digits of each row make."""
    return number(digits[:, at : at + 2])


def some_century(digits: Digits, order: str) -> BoolArray:
    """Whether six digits are a day of some century: ``order`` is ``ymd`` or ``dmy``."""
    at = {letter: order.index(letter) * 2 for letter in "ymd"}
    year, month, day = (pair(digits, at[letter]) for letter in "ymd")
    # Every two-digit year is a leap year in some century if it is divisible by four.
    return real_date(2000 + year, month, day)


def ymd(candidates: Candidates) -> BoolArray:
    """Whether eight digits are a day, yyyymmdd."""
    digits = candidates.digits(8)
    return real_date(number(digits[:, :4]), pair(digits, 4), pair(digits, 6))
