"""Days and times written as bare numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from lakescan.udfs.classify import ColumnVerdict

Judge = Callable[..., dict[str, ColumnVerdict]]

R = random.Random(3)
START = datetime(2001, 3, 1)
MOMENTS = [START + timedelta(seconds=R.randint(0, 7 * 10**8)) for _ in range(150)]
FORMATS = ["%Y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S", "%Y%m%d%H%M%S%f"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ["txn_ts", "asof", "x17"])
def test_they_are_dates(judge: Judge, form: str, name: str) -> None:
    texts = [moment.strftime(form) for moment in MOMENTS]
    verdict = judge({name: texts, "n": list(range(150))})[name]
    assert [found.category for found in verdict.classifications][:1] == ["DATETIME"]
    assert not verdict.sensitive


@pytest.mark.parametrize("form", FORMATS[:3])
def test_as_numbers_they_are_the_same(judge: Judge, form: str) -> None:
    verdict = judge({"c": [int(moment.strftime(form)) for moment in MOMENTS]}, named=False)
    assert [found.entity for found in verdict["c"].classifications] == ["DATE_TIME"]
    (told,) = verdict["c"].classifications
    assert told.evidence[0].detector.startswith("range.")


@pytest.mark.parametrize("digits", [8, 12, 14])
def test_other_long_numbers_are_none(judge: Judge, digits: int) -> None:
    numbers = [R.randint(10 ** (digits - 1), 10**digits - 1) for _ in range(150)]
    assert judge({"c": numbers}, named=False)["c"].classifications == ()


def test_a_number_of_which_some_read_as_days_is_a_number(judge: Judge) -> None:
    numbers = [int(moment.strftime("%Y%m%d")) for moment in MOMENTS]
    numbers[::3] = [R.randint(30_000_000, 99_999_999) for _ in numbers[::3]]
    assert judge({"c": numbers}, named=False)["c"].classifications == ()


@pytest.mark.parametrize("name", ["card_exp", "exp_date", "Karte gültig bis"])
@pytest.mark.parametrize("form", ["%m/%y", "%m%y", "%Y-%m"])
def test_the_end_of_a_card_is_personal_beside_the_card(judge: Judge, name: str, form: str) -> None:
    cards = ["4111111111111111", "5500005555555559", "4012888888881881", "340000000000009"]
    table = {
        "card_number": [cards[n % 4] for n in range(150)],
        name: [moment.strftime(form) for moment in MOMENTS],
    }
    verdict = judge(table)[name]
    assert "CREDIT_CARD_EXPIRATION" in {found.entity for found in verdict.classifications}
    assert verdict.sensitive


@pytest.mark.parametrize("unit", [1, 1000])
@pytest.mark.parametrize("name", ["date_of_birth", "geburtsdatum", "dob"])
def test_a_birth_may_be_unix_time_from_before_1970(judge: Judge, name: str, unit: int) -> None:
    births = [R.randint(-9 * 10**8, 9 * 10**8) * unit for _ in range(150)]
    verdict = judge({name: births, "n": list(range(150))})[name]
    assert [found.entity for found in verdict.classifications][:1] == ["DATE_OF_BIRTH"]
    assert verdict.sensitive


def test_days_before_a_date_are_no_day_of_birth(judge: Judge) -> None:
    days = [-R.randint(7_000, 25_000) for _ in range(150)]
    assert not judge({"days_birth": days})["days_birth"].classifications


DAYS = [2**31 - 1, -(2**31), 0, 19_000]
ODD = {
    "days": pa.array(DAYS, pa.int32()).cast(pa.date32()),
    "us": pa.array([2**62, -(2**62), 0, 9**17], pa.timestamp("us")),
    "ms": pa.array([2**62, 2**50, 0, 9**13], pa.timestamp("ms", "UTC")),
    "none": pa.array(DAYS[:2] * 2, pa.int32()).cast(pa.date32()),
}


@pytest.mark.parametrize("name", ODD)
def test_days_of_no_calendar_are_still_days(judge: Judge, name: str) -> None:
    """Such as DuckDB's infinity in a list, and whatever a Parquet file may hold."""
    verdict = judge({"x": ODD[name]})["x"]
    assert [found.entity for found in verdict.classifications] == ["DATE_TIME"]
