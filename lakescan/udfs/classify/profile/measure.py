"""Measures the form of a batch of values: strings and numbers into their statistics."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.arrays import taken
from lakescan.udfs.classify.profile.statistics import (
    DECADES,
    FIRST_DECADE,
    MAX_LENGTH_BUCKET,
    NumberStats,
    TextStats,
)
from lakescan.udfs.classify.profile.strata import STRATA
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.shapes.memory import ShapeMemory
from lakescan.udfs.detect.shapes.shapes import FINE, Shapes

_Counts = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]
_Floats = npt.NDArray[np.float64]

#: 1 January 2001 and 2101, Unix seconds: earlier ones collide with everyday integers.
_FIRST_SECOND, _LAST_SECOND = 978_307_200, 4_133_980_800

#: Digits of a moment written without signs: to the minute, second, thousandth, millionth.
_STAMPS = (12, 14, 17, 20)

#: 12, -3.5, .5, 1e6; 1,234.50 with thousands set off; 3,5 and 1.234,50 and 1 234,50 with a comma
#: for the point.
_NUMBER = (
    r"^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*$"
    r"|^\s*[+-]?\d{1,3}(,\d{3})+(\.\d*)?\s*$|^\s*[+-]?\d+,\d+\s*$"
    r"|^\s*[+-]?\d{1,3}([. \u00a0]\d{3})+,\d{1,4}\s*$"
)
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
#: What sets thousands off before a comma.
_SET_OFF = r"[. \u00a0](\d{3})"

#: 1984-03-21, 21.03.1984., 3/21/84, and whatever time follows; 21-Mar-1984, 21MAR84, March 21,
#: 1984; 19840321, and other eight digits.
_DATE = (
    r"^\s*(\d{4}[-/.] ?\d{1,2}[-/.] ?\d{1,2}\.?(\s|T|$)"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})\.?(\s|T|$)|\d{8}\s*$"
    r"|\d{1,2}\.?[- /]?\p{L}{3,9}\.?[- /]?(\d{4}|\d{2})(\s|$)|\p{L}{3,9}\.? \d{1,2},? \d{4}(\s|$))"
)

#: The year of such a date, or what it ends in, at the end of the day.
_YEAR, _YEAR_ENDS = r"(\d{4})", r"(\d{2})\.?(?:\s|T|$)"

#: Years written with two digits are of this century up to here.
_THIS_CENTURY = 30

#: "Mozilla/5.0 (X11; ...", "curl/8.5.0": what a program calls itself is one word, however long.
_USER_AGENT = r"^\p{L}[\p{L}-]*/[0-9]"


class Weights:
    """For each value the rows that it stands for, and the stratum that it counts in.

    Args:
        counts: rows, by value.
        strata: stratum, by value.
    """

    def __init__(self, counts: _Counts, strata: npt.NDArray[np.int8]) -> None:
        self.counts = counts
        self.strata = strata.astype(np.int64)

    def take(self, chosen: _Flags) -> Weights:
        """The weights of some of the values."""
        return Weights(self.counts[chosen], self.strata[chosen].astype(np.int8))

    def by_shape(self, shapes: Shapes) -> tuple[pl.Series, Weights]:
        """Shapes, and the weights of all strings of each in each stratum."""
        keys, of = np.unique(self.strata * len(shapes.distinct) + shapes.codes, return_inverse=True)
        strata, codes = np.divmod(keys, len(shapes.distinct))
        counts = np.bincount(of, self.counts).astype(np.int64)
        return taken(shapes.distinct, codes), Weights(counts, strata.astype(np.int8))

    def sums(self, figures: _Counts | _Flags) -> list[int]:
        """Each stratum's sum of a figure over its rows."""
        weighted = self.counts * figures
        sums: list[int] = np.bincount(self.strata, weighted, STRATA).astype(np.int64).tolist()
        return sums

    def histograms(self, buckets: _Counts, size: int) -> list[tuple[int, ...]]:
        """Each stratum's rows by bucket."""
        flat = np.bincount(self.strata * size + buckets, self.counts, STRATA * size)
        rows = flat.astype(np.int64).reshape(STRATA, size).tolist()
        return [tuple(row) for row in rows]

    def bounds(self, numbers: _Floats) -> list[tuple[float | None, float | None]]:
        """Each stratum's least and greatest number, coarsely."""
        low, high = np.full(STRATA, np.inf), np.full(STRATA, -np.inf)
        np.minimum.at(low, self.strata, numbers)
        np.maximum.at(high, self.strata, numbers)
        return [
            (_coarse(a), _coarse(b)) if a <= b else (None, None)
            for a, b in zip(low.tolist(), high.tolist(), strict=True)
        ]


def measure_text(layout: Layout, weights: Weights) -> list[TextStats]:
    """Statistics of strings, one for each stratum."""
    decades = _decades(layout, weights)
    if layout.shapes is not None and layout.shapes.alphabet == FINE:
        # All that is counted here is the same for every string of a shape.
        shapes, weights = weights.by_shape(layout.shapes)
        counted = _remembered(shapes)
    else:
        counted = _counted(layout.series)
    lengths, letters, digits, spaces, uppers, plain, capitalized = counted
    figures = {
        "rows": np.ones(len(lengths), dtype=np.int64),
        "chars": lengths,
        "letters": letters,
        "digits": digits,
        "spaces": spaces,
        "uppers": uppers,
        "one_word": spaces == 0,
        "prose": (spaces >= 5) & (2 * letters > lengths),
        "lettered": letters > 0,
        "only_letters": (plain > 0) & (letters > 0),
        "mixed_codes": (spaces == 0) & (letters > 0) & (digits > 0),
        "capitalized": capitalized,
    }
    sums = {name: weights.sums(figure) for name, figure in figures.items()}
    size = MAX_LENGTH_BUCKET + 1
    lengths_by = weights.histograms(np.minimum(lengths, MAX_LENGTH_BUCKET), size)
    return [
        TextStats(
            **{name: each[k] for name, each in sums.items()},
            lengths=lengths_by[k],
            decades=decades[k],
        )
        for k in range(STRATA)
    ]


def _decades(layout: Layout, weights: Weights) -> list[tuple[int, ...]]:
    """Each stratum's dates by decade."""
    if layout.shapes is not None and layout.shapes.alphabet == FINE:
        chosen = layout.shapes.matching(_DATE)
    else:
        chosen = layout.series.str.contains(_DATE).to_numpy()
    if not chosen.any():
        return [(0,) * DECADES] * STRATA
    texts = taken(layout.series, np.flatnonzero(chosen))
    short = texts.str.extract(_YEAR_ENDS).cast(pl.Int64)
    short += 1900 + 100 * (short <= _THIS_CENTURY).cast(pl.Int64)
    years = texts.str.extract(_YEAR).cast(pl.Int64).fill_null(short).to_numpy()
    decades = np.clip((years - FIRST_DECADE) // 10, 0, DECADES - 1)
    return weights.take(chosen).histograms(decades, DECADES)


def _counted(texts: pl.Series) -> _Counts:
    """What is counted in each string, a row for each figure."""
    text = pl.col("text").str
    counted = texts.alias("text").to_frame().select(
        lengths=text.len_chars(),
        letters=text.count_matches(r"\p{L}"),
        digits=text.count_matches(r"[0-9]"),
        spaces=pl.when(text.contains(_USER_AGENT)).then(0).otherwise(
            text.strip_chars().str.count_matches(r"\s+")
        ),
        uppers=text.count_matches(r"[A-Z]"),
        plain=text.contains(r"^[\p{L}\p{M}\s.'’&,/()-]+$"),
        capitalized=text.contains(r"^\s*\p{Lu}"),
    )  # fmt: skip
    return np.array([column.to_numpy() for column in counted], np.int64)


def _remembered(shapes: pl.Series) -> _Counts:
    """The same of shapes, each of which is counted once."""
    return np.array(_shape_memory().ask(shapes), np.int64).T


@lru_cache(maxsize=1)
def _shape_memory() -> ShapeMemory[tuple[int, ...]]:
    return ShapeMemory(
        lambda shapes: map(tuple, _counted(pl.Series(shapes, dtype=pl.String)).T.tolist())
    )


def measure_numerals(layout: Layout, weights: Weights) -> list[NumberStats]:
    """Statistics of the strings that are written numbers, by stratum."""
    if layout.shapes is not None and layout.shapes.alphabet == FINE:
        chosen = layout.shapes.matching(_NUMBER)
    else:
        chosen = layout.series.str.contains(_NUMBER).to_numpy()
    if not chosen.any():
        return [NumberStats()] * STRATA
    texts = layout.series.filter(pl.Series(chosen)).str.strip_chars()
    if texts.str.contains(",", literal=True).any():
        grouped = texts.str.contains(_THOUSANDS)
        plain = texts.str.replace_all(",", "")
        pointed = texts.str.replace_all(_SET_OFF, "${1}").str.replace(",", ".", literal=True)
        texts = plain.zip_with(grouped, pointed)
    numbers = texts.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    fractions = texts.str.extract(r"\.(\d*)")  # a whole number in a data frame of floats ends in .0
    decimals = fractions.replace("0", "").str.len_chars().fill_null(0).to_numpy()
    zeros = texts.str.contains(r"^0\d").to_numpy()
    return _measure(numbers, decimals.astype(np.int64), zeros, weights.take(chosen))


def measure_numbers(numbers: _Floats, weights: Weights) -> list[NumberStats]:
    """Statistics of typed numbers by stratum; NaN and infinities are left out."""
    with np.errstate(over="ignore", invalid="ignore"):
        hundreds = numbers * 100
        cents = np.abs(hundreds - np.rint(hundreds)) < 1e-6 * np.maximum(1, np.abs(numbers))
    decimals = np.where(numbers == np.rint(numbers), 0, np.where(cents, 2, 3))
    return _measure(numbers, decimals.astype(np.int64), np.zeros(len(numbers), bool), weights)


def _measure(
    numbers: _Floats, decimals: _Counts, zeros: _Flags, weights: Weights
) -> list[NumberStats]:
    finite = np.isfinite(numbers)
    if not finite.all():
        numbers, decimals, zeros = numbers[finite], decimals[finite], zeros[finite]
        weights = weights.take(finite)
    if len(numbers) == 0:
        return [NumberStats()] * STRATA
    size = np.abs(numbers)
    whole = numbers == np.rint(numbers)
    digits = np.floor(np.log10(np.maximum(size, 1))).astype(np.int64) + 1
    dated = _dated(numbers)
    moment = np.zeros(len(numbers), dtype=bool)
    for unit in (1.0, 1e3):
        moment |= (numbers >= _FIRST_SECOND * unit) & (numbers < _LAST_SECOND * unit)
    figures = {
        "rows": np.ones(len(numbers), dtype=bool),
        "whole": whole,
        "negative": numbers < 0,
        "cents": (decimals == 1) | (decimals == 2),
        "hundredths": decimals == 2,
        "fine": decimals >= 3,
        "leading_zeros": zeros,
        "ages": whole & (numbers >= 0) & (numbers <= 120),
        "years": whole & (numbers >= 1900) & (numbers <= 2100),
        "latitudes": size <= 90,
        "longitudes": size <= 180,
        "days": whole & dated,
        "seconds": whole & moment,
        "stamps": whole & _stamped(numbers, digits),
    }
    sums = {name: weights.sums(figure) for name, figure in figures.items()}
    bounds = weights.bounds(numbers)
    digits_by = weights.take(whole).histograms(np.minimum(digits[whole], 20), 21)
    return [
        NumberStats(
            **{name: each[k] for name, each in sums.items()},
            low=bounds[k][0],
            high=bounds[k][1],
            digits=digits_by[k],
        )
        for k in range(STRATA)
    ]


def _dated(numbers: _Floats) -> _Flags:
    """Which read as YYYYMMDD."""
    month, day = (numbers // 100) % 100, numbers % 100
    era = numbers // 10_000
    found: _Flags = (era >= 1900) & (era <= 2100)
    return found & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)


def _stamped(numbers: _Floats, digits: _Counts) -> _Flags:
    """Which read as YYYYMMDDhhmm, and so do their first twelve digits.

    A double keeps 15 digits exactly: enough for the first twelve of any of them.
    """
    found = np.zeros(len(numbers), dtype=bool)
    long = np.flatnonzero(np.isin(digits, _STAMPS) & (numbers > 0))
    if len(long):
        minutes = np.floor(numbers[long] / 10.0 ** (digits[long] - 12))
        clock = (minutes // 100 % 100 < 24) & (minutes % 100 < 60)
        found[long] = clock & _dated(minutes // 10_000)
    return found


def _coarse(number: float) -> float:
    """A bound to two significant digits: the extreme may be somebody's account number.

    Rounding keeps the order, so the least of rounded numbers is the rounded least.
    """
    return float(f"{number:.1e}")
