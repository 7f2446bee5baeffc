"""The rows of the demo lake: what a shop keeps, the personal and the merely numeric."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator

from people import (
    Person,
    access_key,
    card_number,
    digits,
    iban,
    ip_address,
    isbn,
    mac_address,
    not_a_card_number,
    npi,
    uuid4,
)

Row = dict[str, object]

NOTES = (
    "Called about the late parcel, wants it left with the neighbour.",
    "Asked to be written to at {email} and not to be phoned.",
    "Moved house; the new number is {phone}.",
    "No answer twice.",
    "{name} prefers a call before noon.",
    "Happy with the replacement, closed.",
)
PRODUCTS = "Aurora Lamp|Nordic Desk|Trail Kettle|Willow Chair|Summit Tent|Harbor Mug".split("|")
GERMAN_STREETS = ("Lindenstraße", "Hauptstraße", "Am Markt")
WAREHOUSES = ("Rotterdam", "Memphis", "Leipzig", "Singapore")
TITLES = ("Accountant", "Warehouse Clerk", "Data Engineer", "Buyer", "Driver", "Store Manager")
DIAGNOSES = (("J45.909", "asthma"), ("E11.9", "type 2 diabetes"), ("I10", "hypertension"))
LEVELS = ("INFO", "INFO", "INFO", "WARN", "ERROR")


def note(rng: random.Random, who: Person) -> str:
    """A line that a clerk typed."""
    return rng.choice(NOTES).format(email=who.email, phone=who.phone, name=who.name)


def customers(rng: random.Random, people: list[Person]) -> Iterator[Row]:
    """The CRM; loyalty_no is nine digits and nobody's social security number."""
    for number, who in enumerate(people):
        yield {
            "customer_id": 100_000 + number,
            "first_name": who.first,
            "last_name": who.last,
            "email": who.email,
            "phone": who.phone,
            "street": who.street,
            "city": who.city,
            "state": who.state,
            "zip": who.zipcode,
            "dob": who.born.isoformat(),
            "ssn": who.ssn,
            "loyalty_no": digits(rng, 9),
            "notes": note(rng, who),
        }


def leads(rng: random.Random, people: list[Person]) -> Iterator[Row]:
    """The same kind of thing, as a German office would keep it."""
    for who in people:
        yield {
            "Vorname": who.first.replace("e", "é", 1) if rng.random() < 0.2 else who.first,
            "Nachname": who.last.replace("o", "ö", 1) if rng.random() < 0.3 else who.last,
            "Straße": f"{rng.choice(GERMAN_STREETS)} {rng.randrange(1, 99)}",
            "PLZ": f"{rng.randrange(10115, 99998)}",
            "Ort": rng.choice(("Leipzig", "Köln", "Hamburg", "Nürnberg")),
            "E-Mail": who.email,
            "Interesse": rng.choice(PRODUCTS),
        }


def orders(rng: random.Random, people: list[Person], day: dt.date, count: int) -> list[Row]:
    """Orders: nine- and sixteen-digit numbers of our own, and real card numbers beside them."""
    rows: list[Row] = []
    for _ in range(count):
        who = rng.choice(people)
        rows.append(
            {
                "order_no": int(digits(rng, 9)),
                "tracking_no": not_a_card_number(rng),
                "customer": {"name": who.name, "email": who.email},
                "card": card_number(rng),
                "amount": round(rng.uniform(3, 900), 2),
                "currency": rng.choice(("USD", "EUR")),
                "items": [
                    {"isbn": isbn(rng), "quantity": rng.randrange(1, 4)}
                    for _ in range(rng.randrange(1, 4))
                ],
                "ordered_at": dt.datetime.combine(day, dt.time(rng.randrange(24))),
            }
        )
    return rows


def events(rng: random.Random, people: list[Person], day: dt.date, count: int) -> Iterator[Row]:
    """Click events: nested, with JSON kept in a string."""
    for _ in range(count):
        who = rng.choice(people)
        yield {
            "event_id": uuid4(rng),
            "at": f"{day}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:00Z",
            "user": {"login": who.email.partition("@")[0], "ip": ip_address(rng)},
            "device": {"mac": mac_address(rng), "app_version": f"4.{rng.randrange(20)}.1"},
            "page": f"/products/{rng.choice(PRODUCTS).replace(' ', '-').lower()}",
            "payload": json.dumps({"contact": who.phone, "cart": round(rng.uniform(0, 99), 2)}),
        }


def staff(rng: random.Random, people: list[Person]) -> Iterator[Row]:
    """The HR sheet."""
    for number, who in enumerate(people):
        yield {
            "Employee": f"E{1000 + number}",
            "Full Name": who.name,
            "Job Title": rng.choice(TITLES),
            "Date of Birth": who.born.isoformat(),
            "Salary": rng.randrange(30_000, 140_000),
            "Bank Account": iban(rng),
            "Work Phone": who.phone,
        }


def invoices(rng: random.Random, people: list[Person], count: int) -> Iterator[Row]:
    """Invoices, with the account they are paid from."""
    for number in range(count):
        who = rng.choice(people)
        yield {
            "invoice": f"INV-2026-{number:05d}",
            "payer": who.name,
            "iban": iban(rng),
            "total": round(rng.uniform(10, 5_000), 2),
        }


def visits(rng: random.Random, people: list[Person], count: int) -> Iterator[Row]:
    """The company doctor's list."""
    for _ in range(count):
        who = rng.choice(people)
        code, diagnosis = rng.choice(DIAGNOSES)
        yield {
            "patient": who.name,
            "mrn": f"MRN{digits(rng, 7)}",
            "npi": npi(rng),
            "icd10": code,
            "diagnosis": diagnosis,
            "weight_kg": rng.randrange(50, 120),
        }


def products(rng: random.Random, count: int) -> Iterator[Row]:
    """Nothing personal: names that are no people's, numbers that are no cards, cities of goods."""
    for number in range(count):
        yield {
            "sku": f"SKU-{number:06d}",
            "product": f"{rng.choice(PRODUCTS)} {rng.choice('ABCDE')}{rng.randrange(10, 99)}",
            "isbn": isbn(rng),
            "batch": not_a_card_number(rng),
            "version": f"{rng.randrange(9)}.{rng.randrange(20)}.{rng.randrange(50)}",
            "price": round(rng.uniform(1, 500), 2),
            "launched": (dt.date(2019, 1, 1) + dt.timedelta(rng.randrange(2_500))).isoformat(),
            "warehouse": rng.choice(WAREHOUSES),
            "row_guid": uuid4(rng),
        }


def log_lines(rng: random.Random, people: list[Person], count: int) -> Iterator[str]:
    """An application's log, with addresses that nobody meant to keep."""
    for number in range(count):
        who = rng.choice(people)
        text = rng.choice(
            (
                f"request id={uuid4(rng)} took {rng.randrange(5, 900)} ms",
                f"login ok user={who.email} from {ip_address(rng)}",
                f"mail queued to <{who.email}>",
                f"cache miss key=product:{rng.randrange(10_000)}",
            )
        )
        at = dt.datetime.fromisoformat("2026-11-02T08:00:00") + dt.timedelta(seconds=7 * number)
        yield f"{at.isoformat()} {rng.choice(LEVELS)} shop.web - {text}"


def settings(rng: random.Random) -> list[Row]:
    """A settings export with what should never have been exported."""
    plain = [("region", "eu-central-1"), ("timeout_s", "30"), ("log_level", "info")]
    leaked = [("aws_access_key_id", access_key(rng)) for _ in range(3)]
    return [{"setting": name, "value": value} for name, value in plain + leaked]
