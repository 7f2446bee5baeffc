"""Checks of dates, alone and inside numbers."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates, Digits, Ints, number

#: The last day of each month in a leap year; none for what is no month.
_DAYS = np.zeros(128, np.int64)
_DAYS[1:13] = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def real_date(year: Ints, month: Ints, day: Ints) -> BoolArray:
    """Whether each is a day of the Gregorian calendar."""
    valid: BoolArray = (day >= 1) & (day <= _DAYS[np.clip(month, 0, 127)])
    leap_days = np.flatnonzero(valid & (day == 29) & (month == 2))
    if len(leap_days):
        years = year[leap_days]
        valid[leap_days] = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
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
