"""Measures the form of a batch of values: strings and numbers into their statistics."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.classify.statistics import MAX_LENGTH_BUCKET, NumberStats, TextStats

_Counts = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]

#: 1 January 2001 and 2101, Unix seconds: earlier ones collide with everyday integers.
_FIRST_SECOND, _LAST_SECOND = 978_307_200, 4_133_980_800

#: 12, -3.5, .5, 1e6; 1,234.50 with thousands set off; 3,5 with a comma for the point.
_NUMBER = (
    r"^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*$"
    r"|^\s*[+-]?\d{1,3}(,\d{3})+(\.\d*)?\s*$|^\s*[+-]?\d+,\d+\s*$"
)
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"


def measure_text(values: pl.Series, counts: _Counts) -> TextStats:
    """Statistics of strings, each standing for ``counts`` rows."""
    lengths = values.str.len_chars().to_numpy().astype(np.int64)
    letters = values.str.count_matches(r"\p{L}").to_numpy().astype(np.int64)
    digits = values.str.count_matches(r"[0-9]").to_numpy().astype(np.int64)
    spaces = values.str.strip_chars().str.count_matches(r"\s+").to_numpy().astype(np.int64)
    uppers = values.str.count_matches(r"[A-Z]").to_numpy().astype(np.int64)
    plain = values.str.contains(r"^[\p{L}\p{M}\s.'’&,/()-]+$").to_numpy()
    capital = values.str.contains(r"^\s*\p{Lu}").to_numpy()

    def rows(flags: _Flags) -> int:
        return int(counts[flags].sum())

    return TextStats(
        rows=int(counts.sum()),
        chars=int(lengths @ counts),
        letters=int(letters @ counts),
        digits=int(digits @ counts),
        spaces=int(spaces @ counts),
        uppers=int(uppers @ counts),
        one_word=rows(spaces == 0),
        prose=rows((spaces >= 5) & (2 * letters > lengths)),
        lettered=rows(letters > 0),
        only_letters=rows(plain & (letters > 0)),
        mixed_codes=rows((spaces == 0) & (letters > 0) & (digits > 0)),
        capitalized=rows(capital),
        lengths=_histogram(np.minimum(lengths, MAX_LENGTH_BUCKET), counts, MAX_LENGTH_BUCKET + 1),
    )


def measure_numerals(values: pl.Series, counts: _Counts) -> NumberStats:
    """Statistics of the strings among ``values`` that are written numbers."""
    chosen = values.str.contains(_NUMBER).to_numpy()
    if not chosen.any():
        return NumberStats()
    texts, weights = values.filter(pl.Series(chosen)).str.strip_chars(), counts[chosen]
    if texts.str.contains(",", literal=True).any():
        grouped = texts.str.contains(_THOUSANDS)
        plain, pointed = texts.str.replace_all(",", ""), texts.str.replace(",", ".", literal=True)
        texts = plain.zip_with(grouped, pointed)
    numbers = texts.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    decimals = texts.str.extract(r"\.(\d*)").str.len_chars().fill_null(0).to_numpy()
    zeros = texts.str.contains(r"^0\d").to_numpy()
    return _measure(numbers, decimals.astype(np.int64), zeros, weights)


def measure_numbers(numbers: npt.NDArray[np.float64], counts: _Counts) -> NumberStats:
    """Statistics of typed numbers, as float64; NaN and infinities are left out."""
    finite = np.isfinite(numbers)
    numbers, counts = numbers[finite], counts[finite]
    with np.errstate(over="ignore", invalid="ignore"):
        hundreds = numbers * 100
        cents = np.abs(hundreds - np.rint(hundreds)) < 1e-6 * np.maximum(1, np.abs(numbers))
    decimals = np.where(numbers == np.rint(numbers), 0, np.where(cents, 2, 3))
    return _measure(numbers, decimals.astype(np.int64), np.zeros(len(numbers), bool), counts)


def _measure(
    numbers: npt.NDArray[np.float64], decimals: _Counts, zeros: _Flags, counts: _Counts
) -> NumberStats:
    finite = np.isfinite(numbers)
    if not finite.all():
        numbers, decimals, zeros = numbers[finite], decimals[finite], zeros[finite]
        counts = counts[finite]
    if len(numbers) == 0:
        return NumberStats()
    size = np.abs(numbers)
    whole = numbers == np.rint(numbers)
    digits = np.floor(np.log10(np.maximum(size, 1))).astype(np.int64) + 1
    month, day = (numbers // 100) % 100, numbers % 100
    era = numbers // 10_000

    def rows(flags: _Flags) -> int:
        return int(counts[flags].sum())

    def moment(unit: float) -> _Flags:
        return (numbers >= _FIRST_SECOND * unit) & (numbers < _LAST_SECOND * unit)

    return NumberStats(
        rows=int(counts.sum()),
        whole=rows(whole),
        negative=rows(numbers < 0),
        cents=rows((decimals == 1) | (decimals == 2)),
        fine=rows(decimals >= 3),
        leading_zeros=rows(zeros),
        ages=rows(whole & (numbers >= 0) & (numbers <= 120)),
        years=rows(whole & (numbers >= 1900) & (numbers <= 2100)),
        latitudes=rows(size <= 90),
        longitudes=rows(size <= 180),
        days=rows(
            whole
            & (era >= 1900)
            & (era <= 2100)
            & (month >= 1)
            & (month <= 12)
            & (day >= 1)
            & (day <= 31)
        ),
        seconds=rows(whole & (moment(1.0) | moment(1e3))),
        low=_coarse(numbers.min()),
        high=_coarse(numbers.max()),
        digits=_histogram(np.minimum(digits[whole], 20), counts[whole], 21),
    )


def _coarse(number: float) -> float:
    """A bound to two significant digits: the extreme may be somebody's account number.

    Rounding keeps the order, so the least of rounded numbers is the rounded least.
    """
    return float(f"{number:.1e}")


def _histogram(buckets: _Counts, counts: _Counts, size: int) -> tuple[int, ...]:
    return tuple(int(n) for n in np.bincount(buckets, weights=counts, minlength=size))
