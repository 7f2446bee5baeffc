"""Columns without a name of their own: what their neighbours make of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lakescan.udfs.classify.header import read_header
from lakescan.udfs.classify.madeup import all_made_up
from tests.udfs.classify.conftest import Judge

FIRST = ["Mary", "John", "Linda", "James", "Susan", "Robert", "Karen", "Michael", "Nancy", "David"]
LAST = ["Smith", "Johnson", "Williams", "Brown", "Miller", "Davis", "Garcia", "Wilson", "Anderson"]
NAMES = [f"{FIRST[n % 10]} {LAST[n % 9]}" for n in range(90)]
PRODUCTS = [f"Hex bolt M{n % 30} zinc" for n in range(90)]


def days(first: int, years: int, form: str = "%Y-%m-%d") -> list[str]:
    """Ninety days, spread evenly."""
    step = timedelta(days=years * 365 // 90)
    return [(date(first, 1, 7) + step * (n * 37 % 90)).strftime(form) for n in range(90)]


@pytest.mark.parametrize(
    "names",
    [
        ["col1", "col2", "col10"],
        ["_c0", "_c1"],
        ["Unnamed: 0", "Unnamed: 1"],
        ["string_field_0", "int64_field_1"],
        ["A", "B", "Z", "AA", "BC"],
        ["x", "x.1", "x.2"],
        ["0", "1"],
        ["V1", "V2"],
        ["f0", "f1"],
        ["EXPR$0", "EXPR$1"],
        ["列1", "列2"],
    ],
)
def test_names_that_tools_make_up_are_known(names: list[str]) -> None:
    assert all_made_up(names)


@pytest.mark.parametrize(
    "names",
    [["x", "y"], ["id", "col1"], ["name", "city"], ["col1", "lat"], ["ID", "NO"], ["field_name"]],
)
def test_names_of_their_own_stay(names: list[str]) -> None:
    assert not all_made_up(names)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y 00:00"])
@pytest.mark.parametrize("names", [("_c0", "_c1", "_c2"), ("col7", "col8", "col9")])
def test_dates_over_a_lifetime_beside_names_are_births(
    judge: Judge, form: str, names: tuple[str, str, str]
) -> None:
    whose, born, hired = names
    columns = {whose: NAMES, born: days(1944, 58, form), hired: days(2016, 9, form)}
    found = judge(columns)
    assert found[born].classifications[0].entity == "DATE_OF_BIRTH"
    assert found[born].sensitive
    assert found[hired].classifications[0].entity == "DATE_TIME"


@pytest.mark.parametrize("kind", [date, datetime])
def test_typed_dates_over_a_lifetime_are_births_as_well(judge: Judge, kind: type[date]) -> None:
    def typed(texts: list[str]) -> list[date]:
        return [kind.fromisoformat(text) for text in texts]

    found = judge({"_c0": NAMES, "_c1": typed(days(1944, 58)), "_c2": typed(days(2016, 9))})
    assert found["_c1"].classifications[0].entity == "DATE_OF_BIRTH"
    assert found["_c2"].classifications[0].entity == "DATE_TIME"


@pytest.mark.parametrize(
    ("beside", "dates"),
    [
        (PRODUCTS, days(1944, 58)),  # nobody there
        (NAMES, days(1975, 50)),  # reaches up to now
        (NAMES, days(1996, 12)),  # too close together
    ],
)
def test_other_dates_without_a_name_are_none(
    judge: Judge, beside: list[str], dates: list[str]
) -> None:
    found = judge({"_c0": beside, "_c1": dates})["_c1"].classifications
    assert found[0].entity == "DATE_TIME"


def test_of_two_dates_over_a_lifetime_the_earlier_is_the_birth(judge: Judge) -> None:
    found = judge({"_c0": NAMES, "_c1": days(1960, 49), "_c2": days(1890, 60)})
    assert found["_c1"].classifications[0].entity == "DATE_TIME"
    assert found["_c2"].classifications[0].entity == "DATE_OF_BIRTH"


def plates(letters: str) -> list[str]:
    """Ninety codes of the form of French plates."""
    size = len(letters)

    def letter(n: int) -> str:
        return letters[n * 7 % size]

    return [
        f"{letter(n)}{letter(n * 3 + 1)}-{100 + n * 37 % 900}-{letter(n * 5 + 2)}{letter(n + 4)}"
        for n in range(90)
    ]


def test_codes_that_spare_the_letters_of_plates_are_plates_beside_persons(judge: Judge) -> None:
    sparing = plates("ABCDEFGHJKLMNPQRSTVWXYZ")
    found = judge({"_c0": NAMES, "_c1": sparing})["_c1"].classifications
    assert found[0].category == "VEHICLE_ID"
    assert judge({"_c0": PRODUCTS, "_c1": sparing})["_c1"].classifications == ()
    codes = plates("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert judge({"_c0": NAMES, "_c1": codes})["_c1"].classifications == ()


def test_towns_without_a_name_take_their_neighbours_word(judge: Judge) -> None:
    towns = ["Akron", "Tulsa", "Boise", "Denver"] * 30
    states = ["Ohio", "Oklahoma", "Idaho", "Colorado"] * 30
    zips = [f"{n * 397 % 89000 + 10000}" for n in range(1, 121)]
    found = judge({"col1": zips, "col2": towns, "col3": states})["col1"].classifications
    assert found[0].entity == "ZIPCODE"


def test_a_status_beside_towns_is_no_town(judge: Judge) -> None:
    towns = [f"{name}" for name in ("Madrid", "Sevilla", "Valencia", "Bilbao", "Toledo")] * 18
    streets = [f"Calle Mayor {n}" for n in range(90)]
    status = ["Alta", "Baja", "Pendiente"] * 30
    found = judge({"_c0": NAMES, "_c1": towns, "_c2": streets, "_c3": status})["_c3"]
    assert found.classifications == ()


@pytest.mark.parametrize(
    ("field", "concept"),
    [
        ("GBDAT", "birth_date"),
        ("NACHN", "last_name"),
        ("VORNA", "first_name"),
        ("PSTLZ", "zip"),
        ("ORT01", "city"),
        ("STRAS", "street"),
        ("GESCH", "gender"),
        ("SMTP_ADDR", "email"),
        ("TELF1", "phone"),
        ("STCD1", "tax_id"),
        ("BANKN", "bank_account"),
        ("BEGDA", "date"),
    ],
)
def test_fields_of_saps_dictionary_are_known(field: str, concept: str) -> None:
    assert max(read_header(field).concepts.items(), key=lambda pair: pair[1])[0] == concept


@pytest.mark.parametrize("field", ["MANDT", "KUNNR", "BUKRS", "KTOKD", "PERNR", "FAMST", "WERKS"])
def test_other_fields_of_sap_stay_unknown(field: str) -> None:
    assert not read_header(field).concepts
