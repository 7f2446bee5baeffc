"""Runs of digits: others as long, and different ones stay different."""

from __future__ import annotations

import polars as pl

from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.spelling import Letters, respelled

_DIGITS = "0123456789"
#: What stands for a digit in front, and for one that stays.
_FRONT, _STAYS = "abcdefghij", "klmnopqrst"
_LETTERS = Letters([_DIGITS, _FRONT[1:]])
#: The first digit of figures among words: characters for private use, which no text has.
_MARKS = "".join(chr(0xE000 + digit) for digit in range(10))
_FIGURES = Letters([_DIGITS, _MARKS[1:]])


def other_digits(runs: pl.Series, draw: Draw, salt: str) -> pl.Series:
    """Others, led by a zero where they are; digits of other scripts become ASCII ones."""
    plain = _ascii(runs)
    front = _written(plain.str.slice(0, 1), _FRONT)
    made = respelled(_joined(front, plain.str.slice(1)), _LETTERS, draw, salt)
    return _joined(_read(made.str.slice(0, 1), _FRONT), made.str.slice(1))


def digits_after(runs: pl.Series, kept: int, draw: Draw, salt: str) -> pl.Series:
    """Others for those after the first few, which stay; of each such beginning in its own way."""
    front = _written(runs.str.slice(0, kept), _STAYS)
    made = respelled(_joined(front, runs.str.slice(kept)), _LETTERS, draw, salt)
    return _joined(runs.str.slice(0, kept), made.str.slice(kept))


def figures(texts: pl.Series, draw: Draw) -> pl.Series:
    """Other digits, led by a zero where they are, in the same words: ``USD 58,000 a year``.

    A digit that is alone is led by none: of ten there are ten others.
    """
    first = texts.str.extract(r"^(\D*)", 1)
    rest = pl.select(texts.str.slice(first.str.len_chars())).to_series()
    lone = rest.str.count_matches(r"\d") == 1
    front = rest.str.slice(0, 1).zip_with(lone, _written(rest.str.slice(0, 1), _MARKS))
    made = respelled(_joined(front, rest.str.slice(1)), _FIGURES, draw, "figures")
    return _joined(first, _joined(_read(made.str.slice(0, 1), _MARKS), made.str.slice(1)))


def _ascii(runs: pl.Series) -> pl.Series:
    if not runs.str.contains("[^0-9]").any():
        return runs
    plain = [
        "".join(char if char in _DIGITS else str(ord(char) % 10) for char in run)
        for run in runs.to_list()
    ]
    return pl.Series(plain, dtype=pl.String)


def _written(digits: pl.Series, instead: str) -> pl.Series:
    return digits.str.replace_many(list(_DIGITS), list(instead))


def _read(letters: pl.Series, instead: str) -> pl.Series:
    return letters.str.replace_many(list(instead), list(_DIGITS))


def _joined(front: pl.Series, rest: pl.Series) -> pl.Series:
    return pl.select(front + rest).to_series()
