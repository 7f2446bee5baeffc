"""Whole tables of many trades and languages: what each column holds, and what it does not."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from lakescan.udfs.classify import ColumnVerdict

Judge = Callable[..., dict[str, ColumnVerdict]]
Made = Callable[[random.Random], object]

ROWS = 120
GIVEN = (
    "Anna Peter Maria Thomas Julia Michael Laura Daniel Sofia David Elena Lucas Emma Martin".split()
)
FAMILY = "Smith Miller Garcia Johnson Schmidt Rossi Dubois Silva Brown Wagner Lopez Martin".split()
TOWNS = "London Berlin Madrid Paris Rome Lisbon Chicago Hamburg Munich Lyon Milan Boston".split()
STREETS = "Oak Street,Main Street,Park Avenue,Elm Street,High Road,Mill Lane".split(",")
JOBS = "accountant,nurse,software engineer,teacher,electrician,sales manager,lawyer".split(",")
COUNTRIES = "Germany France Spain Italy Portugal Netherlands Belgium Austria".split()
WORDS = (
    "the shipment came late and nobody at the desk knew why it was held so long before we asked"
    " again about a new date for it which they promised to send by mail within three days"
).split()


def number(low: int, high: int) -> Made:
    return lambda r: r.randint(low, high)


def digits(count: int) -> Made:
    return lambda r: str(r.randint(10 ** (count - 1), 10**count - 1))


def fraction(low: float, high: float, places: int = 2) -> Made:
    return lambda r: round(r.uniform(low, high), places)


def one_of(values: Sequence[object]) -> Made:
    return lambda r: r.choice(values)


def day(low: int, high: int, pattern: str = "%Y-%m-%d") -> Made:
    return lambda r: date(r.randint(low, high), r.randint(1, 12), r.randint(1, 28)).strftime(
        pattern
    )


def moment(r: random.Random) -> datetime:
    return datetime(2024, 1, 1) + timedelta(seconds=r.randint(0, 10**7))


def person(r: random.Random) -> str:
    return f"{r.choice(GIVEN)} {r.choice(FAMILY)}"


def mail(r: random.Random) -> str:
    return f"{r.choice(GIVEN)}.{r.choice(FAMILY)}{r.randint(1, 999)}@example.org".lower()


def phone(r: random.Random) -> str:
    return f"+1 202-555-{r.randint(100, 199):04d}"


def address(r: random.Random) -> str:
    return f"{r.randint(1, 400)} {r.choice(STREETS)}"


def prose(r: random.Random) -> str:
    return " ".join(r.choices(WORDS, k=r.randint(9, 25))).capitalize() + "."


def card(r: random.Random) -> str:
    body = "4" + "".join(str(r.randint(0, 9)) for _ in range(14))
    total = 0
    for place, digit in enumerate(map(int, reversed(body))):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def iban(r: random.Random) -> str:
    account = "".join(str(r.randint(0, 9)) for _ in range(18))
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02d}{account}"


@dataclass(frozen=True)
class Case:
    """A table: its name, its columns, and each column's category (None for nothing)."""

    uri: str
    columns: dict[str, tuple[Made, str | None]]
    sensitive: frozenset[str] = field(default_factory=frozenset)


CASES = [
    Case(
        "/lake/hospital/admissions.csv",
        {
            "patient_id": (digits(7), None),
            "mrn": (digits(8), "HEALTH_CARE_ID"),
            "surname": (one_of(FAMILY), "PERSON"),
            "given_name": (one_of(GIVEN), "PERSON"),
            "dob": (day(1930, 2015), "DATE_OF_BIRTH"),
            "sex": (one_of(["M", "F"]), "GENDER"),
            "admitted": (moment, "DATETIME"),
            "ward": (one_of(["A1", "A2", "B1", "ICU"]), None),
            "length_of_stay": (number(1, 20), None),
            "systolic_bp": (number(90, 180), None),
            "diagnosis": (one_of(["Asthma", "Hypertension", "Type 2 diabetes"]), "MEDICAL"),
            "discharge_note": (prose, "FREE_TEXT"),
        },
        frozenset({"mrn", "surname", "given_name", "dob", "sex", "diagnosis"}),
    ),
    Case(
        "/lake/personal/mitarbeiter.parquet",
        {
            "Personalnummer": (digits(6), None),
            "Nachname": (one_of(FAMILY), "PERSON"),
            "Vorname": (one_of(GIVEN), "PERSON"),
            "Geburtsdatum": (day(1950, 2005, "%d.%m.%Y"), "DATE_OF_BIRTH"),
            "Straße": (lambda r: f"Lindenstraße {r.randint(1, 99)}", "LOCATION"),
            "PLZ": (digits(5), "LOCATION"),
            "Ort": (one_of(TOWNS), "LOCATION"),
            "Abteilung": (one_of(["Einkauf", "Vertrieb", "IT"]), None),
            "Bruttogehalt": (fraction(2000, 9000), "AMOUNT"),
            "Urlaubstage": (number(20, 32), None),
            "IBAN": (iban, "BANK_ACCOUNT"),
            "E-Mail": (mail, "EMAIL_ADDRESS"),
        },
        frozenset({"Nachname", "Vorname", "Geburtsdatum", "Straße", "PLZ", "Ort", "IBAN", "E-Mail"}),
    ),
    Case(
        "/lake/crm/clients.json",
        {
            "id_client": (digits(6), None),
            "nom": (one_of(FAMILY), "PERSON"),
            "prénom": (one_of(GIVEN), "PERSON"),
            "téléphone": (lambda r: f"+33 6 {r.randint(10, 99)} 55 {r.randint(10, 99)} 01",
                          "PHONE_NUMBER"),
            "courriel": (mail, "EMAIL_ADDRESS"),
            "code_postal": (digits(5), "LOCATION"),
            "ville": (one_of(TOWNS), "LOCATION"),
            "nombre_de_commandes": (number(0, 40), None),
            "montant_total": (fraction(10, 5000), "AMOUNT"),
            "date_naissance": (day(1940, 2006, "%d/%m/%Y"), "DATE_OF_BIRTH"),
            "statut": (one_of(["actif", "inactif"]), None),
        },
        frozenset({"nom", "prénom", "téléphone", "courriel", "date_naissance", "ville"}),
    ),
    Case(
        "/lake/padron/ciudadanos.csv",
        {
            "nombre": (one_of(GIVEN), "PERSON"),
            "apellidos": (lambda r: f"{r.choice(FAMILY)} {r.choice(FAMILY)}", "PERSON"),
            "sexo": (one_of(["H", "M"]), "GENDER"),
            "edad": (number(18, 95), "AGE"),
            "nacionalidad": (one_of(["española", "francesa", "italiana"]), "NRP"),
            "dirección": (lambda r: f"Calle Mayor {r.randint(1, 90)}", "LOCATION"),
            "municipio": (one_of(TOWNS), "LOCATION"),
            "fecha_alta": (day(2000, 2024, "%d/%m/%Y"), "DATETIME"),
            "numero_de_hijos": (number(0, 5), None),
            "profesión": (one_of(JOBS), "OCCUPATION"),
        },
        frozenset({"nombre", "apellidos", "sexo", "edad", "nacionalidad", "dirección"}),
    ),
    Case(
        "/lake/iot/readings.parquet",
        {
            "device_id": (digits(6), None),
            "ts": (moment, "DATETIME"),
            "temperature": (fraction(-10, 40), None),
            "humidity": (fraction(0, 100), None),
            "battery_level": (number(0, 100), None),
            "state": (one_of(["on", "off", "idle"]), None),
            "firmware": (one_of(["1.0.3", "1.1.0", "2.0.1"]), None),
            "pressure_hpa": (fraction(950, 1050), None),
            "error_code": (number(0, 9), None),
            "lat": (fraction(47, 49, 5), "LOCATION"),
            "lon": (fraction(8, 12, 5), "LOCATION"),
            "mac": (lambda r: ":".join(f"{r.randint(0, 255):02x}" for _ in range(6)),
                    "MAC_ADDRESS"),
        },
        frozenset({"mac"}),
    ),
    Case(
        "/lake/shop/products.csv",
        {
            "sku": (digits(8), None),
            "name": (one_of(["Blue lamp", "Oak table", "Steel pan", "Wool rug"]), None),
            "category": (one_of(["home", "kitchen", "garden"]), None),
            "unit_price": (fraction(1, 900), "AMOUNT"),
            "stock_count": (number(0, 400), None),
            "weight_g": (number(50, 9000), None),
            "ean": (digits(13), None),
            "rating": (fraction(1, 5, 1), None),
            "launched": (day(2010, 2024), "DATETIME"),
            "color": (one_of(["red", "blue", "green"]), None),
            "supplier_name": (one_of(["Acme Ltd", "Globex GmbH", "Initech Inc"]), "ORGANIZATION"),
        },
        frozenset(),
    ),
    Case(
        "/lake/bank/payments.parquet",
        {
            "transaction_id": (digits(12), None),
            "card_number": (card, "CREDIT_CARD"),
            "cardholder": (person, "PERSON"),
            "amount": (fraction(1, 900), "AMOUNT"),
            "currency": (one_of(["EUR", "USD", "GBP"]), "CURRENCY_CODE"),
            "merchant_category_code": (digits(4), None),
            "booked_at": (moment, "DATETIME"),
            "terminal_id": (digits(8), None),
            "creditor_iban": (iban, "BANK_ACCOUNT"),
            "approved": (one_of([True, False]), None),
        },
        frozenset({"card_number", "cardholder", "creditor_iban"}),
    ),
    Case(
        "/lake/logs/access.log",
        {
            "client_ip": (lambda r: f"203.0.113.{r.randint(1, 254)}", "IP_ADDRESS"),
            "username": (lambda r: f"{r.choice(GIVEN)}{r.randint(1, 99)}".lower(), "USERNAME"),
            "timestamp": (moment, "DATETIME"),
            "request_url": (lambda r: f"https://shop.example.org/item/{r.randint(1, 99)}", "URL"),
            "status_code": (one_of([200, 301, 404, 500]), None),
            "bytes_sent": (number(100, 90000), None),
            "duration_ms": (number(1, 3000), None),
            "user_agent_version": (one_of(["5.0", "4.0"]), None),
        },
        frozenset({"client_ip", "username"}),
    ),
    Case(
        "/lake/sports/players.csv",
        {
            "player_name": (person, "PERSON"),
            "team": (one_of(["Lions", "Bears", "Hawks"]), None),
            "nationality": (one_of(["Germany", "France", "Spain"]), "NRP"),
            "birth_year": (number(1980, 2006), "DATE_OF_BIRTH"),
            "goals": (number(0, 40), None),
            "shirt_number": (number(1, 99), None),
            "height_cm": (number(160, 205), None),
            "market_value_eur": (number(100000, 9000000), "AMOUNT"),
        },
        frozenset({"player_name", "nationality", "birth_year"}),
    ),
    Case(
        "/lake/gov/contracts.csv",
        {
            "contract_number": (digits(9), None),
            "agency": (one_of(["Department of Health", "Ministry of Justice"]), "ORGANIZATION"),
            "vendor_name": (one_of(["Acme Corp", "Globex LLC", "Umbrella Inc"]), "ORGANIZATION"),
            "award_amount": (number(1000, 9000000), "AMOUNT"),
            "signed_date": (day(2015, 2024), "DATETIME"),
            "fiscal_year": (number(2015, 2024), "DATETIME"),
            "state": (one_of(["CA", "NY", "TX", "WA", "FL"]), "LOCATION"),
            "zip_code": (digits(5), "LOCATION"),
            "number_of_bids": (number(1, 9), None),
            "naics_code": (digits(6), None),
        },
        frozenset(),
    ),
]  # fmt: skip


def build(case: Case) -> dict[str, list[object]]:
    chance = random.Random(case.uri)
    return {name: [make(chance) for _ in range(ROWS)] for name, (make, _) in case.columns.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.uri.rsplit("/", 1)[-1])
def test_each_column_gets_its_category(judge: Judge, case: Case) -> None:
    found = judge(build(case), uri=case.uri)
    told = {
        name: verdict.classifications[0].category if verdict.classifications else None
        for name, verdict in found.items()
    }
    assert told == {name: category for name, (_, category) in case.columns.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.uri.rsplit("/", 1)[-1])
def test_personal_columns_are_sensitive_and_others_are_not(judge: Judge, case: Case) -> None:
    found = judge(build(case), uri=case.uri)
    flagged = {name for name, verdict in found.items() if verdict.sensitive}
    assert case.sensitive <= flagged
    plain = {name for name, (_, category) in case.columns.items() if category is None}
    assert not flagged & plain
    if not case.sensitive:
        assert not flagged
