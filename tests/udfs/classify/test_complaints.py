"""What users of other tools complain of: harmless columns that were taken for personal data."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

import pytest

from lakescan.udfs.classify import ColumnVerdict

Judge = Callable[..., dict[str, ColumnVerdict]]

R = random.Random(20)


def times(made: Callable[[], object], count: int = 200) -> list[object]:
    return [made() for _ in range(count)]


def digits(count: int) -> str:
    return "".join(R.choices(string.digits, k=count))


HARMLESS: dict[str, list[object]] = {
    "scanner_id": times(lambda: f"SCN-{R.randint(1, 999)}"),
    "acid_level": times(lambda: round(R.uniform(0, 14), 1)),
    "browser": times(lambda: R.choice(["Chrome", "Firefox", "Safari", "Opera", "Edge", "Vivaldi"])),
    "ua": times(
        lambda: (
            f"Mozilla/5.0 (Windows NT {R.randint(6, 11)}.0; Win64; x64) AppleWebKit/537.36"
            f" (KHTML, like Gecko) Chrome/{R.randint(90, 130)}.0.0.0 Safari/537.36"
        )
    ),
    "decoder_ring": times(lambda: R.choice(["bronze", "brass", "copper", "tin"])),
    "sku": times(lambda: f"{R.choice('ABCD')}{R.choice('XYZ')}-{digits(5)}"),
    "isbn": times(lambda: f"978-{R.randint(0, 9)}-{digits(2)}-{digits(6)}-{R.randint(0, 9)}"),
    "ean": times(lambda: f"40{digits(11)}"),
    "flight_number": times(lambda: f"{R.choice(['LH', 'BA', 'AF', 'UA'])}{R.randint(100, 9999)}"),
    "app_version": times(lambda: f"{R.randint(0, 12)}.{R.randint(0, 31)}.{R.randint(0, 60)}"),
    "firmware": times(lambda: ".".join(str(R.randint(0, 20)) for _ in range(4))),
    "order_no": times(lambda: f"ORD-2024-{digits(5)}"),
    "department": times(lambda: R.choice(["HR", "IT", "FIN", "OPS"])),
    "color": times(lambda: R.choice(["Violet", "Jasmine", "Olive", "Rose", "Hazel"])),
    "ratio": times(lambda: f"{R.randint(1, 20)}:{R.randint(1, 20)}"),
    "tracking": times(lambda: f"1Z{digits(16)}"),
    "temperature": times(lambda: round(R.uniform(-20, 40), 4)),
    "http_status": times(lambda: R.choice([200, 301, 404, 500])),
    "coverage": times(lambda: R.randint(0, 100)),
    "package": times(lambda: R.choice(["numpy", "polars", "re2", "typer"])),
}


@pytest.fixture(scope="module")
def harmless(judge: Judge) -> dict[str, ColumnVerdict]:
    return judge(HARMLESS, uri="events.csv")


@pytest.fixture(scope="module")
def nameless(judge: Judge) -> dict[str, ColumnVerdict]:
    return judge(HARMLESS, uri="events.csv", named=False)


@pytest.mark.parametrize("column", HARMLESS)
def test_it_holds_nothing_personal(harmless: dict[str, ColumnVerdict], column: str) -> None:
    verdict = harmless[column]
    assert not verdict.sensitive
    assert not verdict.classifications


#: Without a name a fraction may be a degree, a percentage an age, a violet a girl.
@pytest.mark.parametrize("column", sorted(set(HARMLESS) - {"color"}))
def test_nor_without_its_name(nameless: dict[str, ColumnVerdict], column: str) -> None:
    assert not nameless[column].sensitive
    assert not nameless[column].classifications


@pytest.mark.parametrize("name", ["year_cd", "model_year", "start_yr"])
def test_a_years_code_is_no_card_verification_value(judge: Judge, name: str) -> None:
    verdict = judge({name: times(lambda: R.randint(1990, 2024)), "plant": times(lambda: "P1")})[
        name
    ]
    assert verdict.type_hint is None
    assert {found.category for found in verdict.classifications} <= {"DATETIME"}
    assert not verdict.sensitive


@pytest.mark.parametrize("unit", [1, 1000])
@pytest.mark.parametrize("name", ["event_ts", "x17"])
def test_a_moment_in_seconds_is_no_telephone(judge: Judge, name: str, unit: int) -> None:
    moments = times(lambda: (1_600_000_000 + R.randint(0, 10**8)) * unit)
    for column in (moments, [str(moment) for moment in moments]):
        verdict = judge({name: column})[name]
        assert {found.category for found in verdict.classifications} <= {"DATETIME"}


def test_random_identifiers_are_nobodys_numbers(judge: Judge) -> None:
    table = {f"c{size}": times(lambda n=size: str(R.randint(10 ** (n - 1), 10**n - 1)), 500)
             for size in range(6, 20)}  # fmt: skip
    found = {name: verdict.classifications for name, verdict in judge(table, named=False).items()}
    assert not any(found.values())


def test_real_addresses_and_days_stay_what_they_are(judge: Judge) -> None:
    table = {
        "a": times(lambda: ".".join(str(R.randint(1, 254)) for _ in range(4))),
        "b": times(lambda: f"10.0.{R.randint(0, 9)}.{R.randint(1, 30)}"),
        "c": times(lambda: f"{R.randint(1, 28)}.{R.randint(1, 12)}.{R.randint(10, 24)}"),
    }
    found = judge(table, named=False)
    assert [v.classifications[0].category for v in found.values()] == [
        "IP_ADDRESS", "IP_ADDRESS", "DATETIME",
    ]  # fmt: skip
