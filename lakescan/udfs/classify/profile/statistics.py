"""What is counted of a column's values besides findings: their form and their size.

All fields are integers that add up, or bounds, so that merging is exact in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import add
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

#: Longest length, in characters, that the length histogram tells apart.
MAX_LENGTH_BUCKET = 64

#: The decades that dates are counted by start with these years, the last of them with 2030.
FIRST_DECADE, DECADES = 1880, 16


@dataclass(frozen=True, slots=True)
class TextStats:
    """The form of a column's filled string cells; every figure counts rows or characters.

    Args:
        rows: filled cells that were text.
        chars: characters in all of them.
        letters: ASCII letters and bytes of other scripts.
        digits: ASCII digits.
        spaces: blanks and line ends; of a user agent none.
        uppers: ASCII capitals.
        one_word: cells without a blank inside.
        prose: cells of at least six words (five blanks), most characters being letters.
        lettered: cells with a letter.
        only_letters: cells of letters, blanks, hyphens, dots and apostrophes only.
        mixed_codes: cells without a blank that hold letters and digits.
        capitalized: cells that start with a capital.
        lengths: rows by length in characters; the last bucket takes all that is longer.
        decades: cells that start with a date by its decade: of the 1880s and before, of the 1890s,
            ..., of 2030 and later; years of two digits are of 1931 to 2030. Eight digits count by
            the first four, whether or not they are a date (`NumberStats.days`).
    """

    rows: int = 0
    chars: int = 0
    letters: int = 0
    digits: int = 0
    spaces: int = 0
    uppers: int = 0
    one_word: int = 0
    prose: int = 0
    lettered: int = 0
    only_letters: int = 0
    mixed_codes: int = 0
    capitalized: int = 0
    lengths: tuple[int, ...] = (0,) * (MAX_LENGTH_BUCKET + 1)
    decades: tuple[int, ...] = (0,) * DECADES


@dataclass(frozen=True, slots=True)
class NumberStats:
    """The size of a column's numbers, whether typed or written as text; figures count rows.

    Args:
        rows: cells that are numbers.
        whole: numbers without a fraction.
        negative: numbers below zero.
        cents: numbers written with one or two decimals.
        hundredths: numbers written with two decimals; of typed ones those that have so many.
        fine: numbers with three or more decimals.
        leading_zeros: whole numbers written with a zero in front.
        ages: whole numbers in 0..120.
        years: whole numbers in 1900..2100.
        latitudes: numbers in -90..90.
        longitudes: numbers in -180..180.
        days: eight-digit whole numbers that read as a date YYYYMMDD in 1900..2100.
        seconds: whole numbers that read as Unix time in seconds or milliseconds, 2001..2100.
        stamps: whole numbers that read as a date and a time, YYYYMMDDhhmm, of 1900..2100, with or
            without seconds and their fractions behind it.
        low: the smallest, to two significant digits; None without any.
        high: the largest, likewise.
        digits: whole numbers by how many digits they have; the last bucket takes 20 and more.
    """

    rows: int = 0
    whole: int = 0
    negative: int = 0
    cents: int = 0
    hundredths: int = 0
    fine: int = 0
    leading_zeros: int = 0
    ages: int = 0
    years: int = 0
    latitudes: int = 0
    longitudes: int = 0
    days: int = 0
    seconds: int = 0
    stamps: int = 0
    low: float | None = None
    high: float | None = None
    digits: tuple[int, ...] = (0,) * 21


@dataclass(frozen=True, slots=True)
class TimeStats:
    """Typed dates and times.

    Args:
        rows: cells that hold one.
        midnights: those without a time of day.
        low: first year; None without any.
        high: last year.
        decades: as in `TextStats`.
    """

    rows: int = 0
    midnights: int = 0
    low: int | None = None
    high: int | None = None
    decades: tuple[int, ...] = (0,) * DECADES


def by_decade(years: npt.NDArray[np.int64]) -> tuple[int, ...]:
    """How many of some years lie in each decade."""
    places = np.clip((years - FIRST_DECADE) // 10, 0, DECADES - 1)
    return tuple(np.bincount(places, minlength=DECADES).tolist())


Stats = TypeVar("Stats", TextStats, NumberStats, TimeStats)


#: The fields of each kind in order, with their values where nothing was seen.
_DEFAULTS: dict[type[object], dict[str, Any]] = {
    kind: {field.name: field.default for field in fields(kind)}
    for kind in (TextStats, NumberStats, TimeStats)
}


def merge_stats(one: Stats, two: Stats) -> Stats:
    """The statistics of both together: counts add, histograms add by bucket, bounds widen."""
    if two.rows == 0:
        return one
    if one.rows == 0:
        return two
    names = _DEFAULTS[type(one)]
    merged = [_merged(name, getattr(one, name), getattr(two, name)) for name in names]
    return type(one)(*merged)


def _merged(name: str, one: Any, two: Any) -> Any:
    if name in ("low", "high"):
        if one is None or two is None:
            return two if one is None else one
        return min(one, two) if name == "low" else max(one, two)
    return tuple(map(add, one, two)) if isinstance(one, tuple) else one + two


def stats_to_record(stats: Stats) -> dict[str, object]:
    """Plain values without those that are as if nothing was seen; histograms as short lists."""
    record: dict[str, object] = {}
    for name, nothing in _DEFAULTS[type(stats)].items():
        value = getattr(stats, name)
        if value == nothing:
            continue
        if isinstance(value, tuple):
            used = max(place for place, count in enumerate(value, 1) if count)
            value = list(value[:used])
        record[name] = value
    return record


def stats_from_record(kind: type[Stats], record: Mapping[str, object]) -> Stats:
    """Read what `stats_to_record` wrote."""
    return kind(**_filled(record, _DEFAULTS[kind]))


def _filled(record: Mapping[str, object], nothing: Mapping[str, Any]) -> dict[str, Any]:
    """A record with its histograms as long as they are when nothing was seen."""
    return {
        name: (tuple(value) + nothing[name])[: len(nothing[name])]
        if isinstance(value, list)
        else value
        for name, value in record.items()
    }
