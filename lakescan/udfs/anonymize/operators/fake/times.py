"""Ages, bare years, months in which cards expire, moments in words: other ones that could be."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from lakescan.udfs.anonymize.operators.fake.draw import Draw

#: Years in which people who are alive were born.
_FIRST_YEAR, _LAST_YEAR = 1930, 2019
#: Whoever is of age stays so.
_OF_AGE, _OLDEST = 18, 90
_AGE = r"^(\D*)(\d{1,3})((?:\.0+)?\D*)$"
_RUNS = re.compile(r"(\d+)")
_YEAR_DIGITS, _FIRST_CENTURY, _LAST_CENTURY = 4, 1800, 2100
#: Up to: from, to; quarters, months and hours, days, minutes, years of a century.
_BOUNDS = {4: (1, 4), 12: (1, 12), 31: (1, 28), 59: (0, 59), 99: (0, 99)}
_EXPIRY = r"^\s*(0[1-9]|1[0-2])(\s*[/-]\s*)((?:20)?\d)(\d)\s*$"


def year(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another year of somebody's birth; null for what is no bare year."""
    years = texts.str.strip_chars()
    bare = years.str.contains(r"^(18|19|20)\d{2}$")
    return draw.chosen(years, "year", _numbers(_FIRST_YEAR, _LAST_YEAR)).set(~bare, None)


def age(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another age, of a child for a child's and of an adult for an adult's; words beside it stay.

    Null for what is no number, or several.
    """
    ages = texts.str.extract(_AGE, 2).set(texts.str.count_matches(r"\d+(?:\.0+)?") != 1, None)
    numbers = ages.cast(pl.Int64)
    filled = ages.fill_null("")
    adult = draw.chosen(filled, "adult", _numbers(_OF_AGE, _OLDEST))
    child = draw.chosen(filled, "child", _numbers(0, _OF_AGE - 1))
    made = pl.when(numbers < _OF_AGE).then(child).otherwise(adult)
    before, after = texts.str.extract(_AGE, 1), texts.str.extract(_AGE, 3)
    return pl.select(before + made + after).to_series().set(numbers.is_null(), None)


def moment(texts: pl.Series, draw: Draw) -> pl.Series:
    """Other years, days, hours and minutes in the same form; names of months and days stay.

    For what no calendar reads: "7 Nov 2023", "10:45 pm", "Q3 2023". Each number becomes one that
    may stand there as well; null where there is none, or one of other lengths.
    """
    blocks = draw.blocks(texts, "moment")
    made = [_moment(text, block.tolist()) for text, block in zip(texts, blocks, strict=True)]
    return pl.Series(made, dtype=pl.String)


def _moment(text: str, drawn: list[int]) -> str | None:
    parts = _RUNS.split(text)
    runs = parts[1::2]
    if not runs or len(runs) > len(drawn) or any(len(run) not in (1, 2, 4) for run in runs):
        return None
    for at, (run, number) in enumerate(zip(runs, drawn, strict=False)):
        parts[2 * at + 1] = _other(run, number)
    return "".join(parts)


def _other(run: str, drawn: int) -> str:
    """Another number below the least bound that this one is below; another year for a year."""
    number = int(run)
    if len(run) == _YEAR_DIGITS and not _FIRST_CENTURY <= number <= _LAST_CENTURY:
        hour, minute = divmod(number, 100)
        return _other(f"{hour:02d}", drawn) + _other(f"{minute:02d}", drawn // 3)
    if len(run) == _YEAR_DIGITS:
        first, last = _FIRST_YEAR, _LAST_YEAR
    else:
        first, last = next(span for most, span in _BOUNDS.items() if number <= most)
        last = min(last, 10 ** len(run) - 1)
    made = first + drawn % (last - first + 1)
    if made == number:
        made = first if made == last else made + 1
    return f"{made:0{len(run)}d}"


def expiry(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another month of a year in the same decade, written alike; null for what is no such month."""
    parts = [texts.str.extract(_EXPIRY, group) for group in range(1, 5)]
    read = pl.select(parts[0] + parts[3]).to_series()
    drawn = draw.chosen(read.fill_null(""), "expiry", _months())
    made = drawn.str.slice(0, 2) + parts[1] + parts[2] + drawn.str.slice(2)
    return pl.select(made).to_series().set(read.is_null(), None)


@lru_cache(maxsize=4)
def _numbers(first: int, last: int) -> pl.Series:
    return pl.Series([str(number) for number in range(first, last + 1)])


@lru_cache(maxsize=1)
def _months() -> pl.Series:
    """Months and last digits of years: 019 is January of a year that ends in 9."""
    return pl.Series([f"{month:02d}{digit}" for month in range(1, 13) for digit in range(10)])
