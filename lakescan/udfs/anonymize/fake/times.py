"""Ages, bare years and the months in which cards expire: other ones that could be."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from lakescan.udfs.anonymize.fake.draw import Draw

#: Years in which people who are alive were born.
_FIRST_YEAR, _LAST_YEAR = 1930, 2019
#: Whoever is of age stays so.
_OF_AGE, _OLDEST = 18, 90
_EXPIRY = r"^\s*(0[1-9]|1[0-2])(\s*[/-]\s*)((?:20)?\d)(\d)\s*$"


def year(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another year of somebody's birth; null for what is no bare year."""
    years = texts.str.strip_chars()
    bare = years.str.contains(r"^(18|19|20)\d{2}$")
    return draw.chosen(years, "year", _numbers(_FIRST_YEAR, _LAST_YEAR)).set(~bare, None)


def age(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another age, of a child for a child's and of an adult for an adult's; null for no number."""
    ages = texts.str.strip_chars().str.extract(r"^(\d{1,3})(?:\.0+)?$", 1)
    numbers = ages.cast(pl.Int64)
    filled = ages.fill_null("")
    adult = draw.chosen(filled, "adult", _numbers(_OF_AGE, _OLDEST))
    child = draw.chosen(filled, "child", _numbers(0, _OF_AGE - 1))
    made = pl.select(pl.when(numbers < _OF_AGE).then(child).otherwise(adult)).to_series()
    return made.set(numbers.is_null(), None)


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
