from __future__ import annotations

import datetime as dt
import json
import random

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

FIRST = "Ann Maria Peter Susan James Linda Robert Karen Michael Laura".split()
LAST = "Miller Smith Garcia Johnson Brown Davis Wilson Moore Taylor Clark".split()


def card(rng):
    digits = [4, *(rng.randrange(10) for _ in range(14))]
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


@pytest.fixture(scope="session")
def people():
    rng = random.Random(5)
    found = []
    for number in range(120):
        first, last = rng.choice(FIRST), rng.choice(LAST)
        found.append(
            {
                "customer_id": 1000 + number,
                "name": f"{first} {last}",
                "email": f"{first}.{last}{number}@mail-{number % 7}.com".lower(),
                "phone": f"{rng.randrange(201, 989)}-{rng.randrange(220, 989)}-{rng.randrange(10**4):04d}",
                "ssn": f"{rng.randrange(100, 665)}-{rng.randrange(10, 99)}-{rng.randrange(1000, 9999)}",
                "birth": dt.date(1950, 1, 1) + dt.timedelta(days=rng.randrange(18000)),
                "card": card(rng),
            }
        )
    return found


@pytest.fixture(scope="session")
def lake(people, tmp_path_factory):
    """Three tables of one shop in three formats, joined by number, address and card."""
    rng = random.Random(6)
    root = tmp_path_factory.mktemp("shop") / "lake"
    (root / "crm").mkdir(parents=True)
    lines = ["customer_id,name,email,phone,ssn,date_of_birth"]
    for one in people:
        quoted = f'"{one["name"].split()[1]}, {one["name"].split()[0]}"'
        lines.append(
            f"{one['customer_id']},{quoted},{one['email']},{one['phone']},{one['ssn']},{one['birth']}"
        )
    (root / "crm/customers.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    orders = []
    for number in range(500):
        one = rng.choice(people)
        orders.append(
            {
                "order_no": 90000 + number,
                "customer_id": one["customer_id"],
                "buyer": {"email": one["email"] if number % 9 else None, "name": one["name"]},
                "card": one["card"],
                "amount": round(rng.random() * 100, 2),
                "ordered_on": dt.date(2026, 1, 1) + dt.timedelta(days=number % 60),
            }
        )
    for part, rows in enumerate((orders[:300], orders[300:])):
        folder = root / f"orders/year=2026/month={part + 1:02d}"
        folder.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows), folder / "part.parquet", row_group_size=100)
    tickets = []
    for number in range(90):
        one = rng.choice(people)
        payload = (
            json.dumps({"phone": one["phone"], "priority": number % 3}) if number % 2 else None
        )
        tickets.append(
            {
                "ticket": number,
                "email": one["email"],
                "text": f"Customer asks to call back on {one['phone']} or write to {one['email']} soon, "
                f"about the parcel that never came to the house."
                if number % 3
                else "The parcel was damaged when it came, and the colour is wrong as well.",
                "payload": payload,
            }
        )
    text = "".join(json.dumps(ticket, ensure_ascii=False) + "\n" for ticket in tickets)
    (root / "tickets.jsonl").write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())


def tables(root):
    """The three tables as data frames."""
    orders = [
        pl.from_arrow(pq.ParquetFile(path).read())
        for path in sorted((root / "orders").rglob("*.parquet"))
    ]
    return (
        pl.read_csv(root / "crm/customers.csv", infer_schema=False),
        pl.concat(orders),
        pl.read_ndjson(root / "tickets.jsonl"),
    )


@pytest.fixture(scope="session")
def read_tables():
    return tables
