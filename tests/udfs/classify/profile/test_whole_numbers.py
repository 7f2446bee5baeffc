"""Numbers that a data frame held as floats: ``2025550142.0`` is a telephone."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from lakescan.udfs.classify import ColumnVerdict
from lakescan.udfs.classify.profile.whole_numbers import whole, without_fractions
from lakescan.udfs.detect import Values

Judge = Callable[..., dict[str, ColumnVerdict]]


def phones() -> list[int]:
    rng = random.Random(4)
    areas = [202, 212, 312, 415, 617]
    return [rng.choice(areas) * 10**7 + rng.randrange(2_010_000, 9_990_000) for _ in range(200)]


@pytest.mark.parametrize(
    "written", [float, Decimal, "{}.0".format, int], ids=["double", "decimal", "text", "int"]
)
def test_a_telephone_is_one_however_it_is_written(judge: Judge, written: type) -> None:
    cells = [None if n % 7 == 0 else written(phone) for n, phone in enumerate(phones())]
    column = judge({"mobile": cells})["mobile"]
    assert column.classifications[0].entity == "PHONE_NUMBER"
    assert column.classifications[0].prevalence > 0.9


def test_amounts_stay_amounts(judge: Judge) -> None:
    rng = random.Random(4)
    cells = [rng.randrange(20_000, 9_000_000) + rng.choice([0.0, 0.25, 0.5]) for _ in range(300)]
    told = judge({"revenue": cells, "measured": [f"{cell:.1f}" for cell in cells]})
    assert not told["measured"].classifications
    assert not told["revenue"].sensitive


def test_only_long_whole_numbers_lose_their_fraction() -> None:
    cells = ["2025550142.0", "12.0", "12345.5", "v2025550.0", "12345.00", "12345.0", "a b"]
    made = without_fractions(Values.of(cells)).series.to_list()
    assert made == ["2025550142", "12.0", "12345.5", "v2025550.0", "12345.00", "12345", "a b"]
    many = Values.of([f"{n}.{n % 2}" for n in range(10_000, 10_400)] + ["é" * 90, "word and word"])
    made = without_fractions(many).series.to_list()
    assert made[:2] == ["10000", "10001.1"]
    assert made[-2:] == ["é" * 90, "word and word"]


def test_which_fractions_are_whole() -> None:
    numbers = [12345.0, 12345.5, 12.0, -54321.0, float("nan"), float("inf"), 1e17, 9e15]
    assert whole(pl.Series(numbers)).tolist() == [0, 3, 7]
