"""A shop's schema of eight tables with foreign keys, as statements of each dialect, and its joins."""

from __future__ import annotations

import datetime as dt
import random

FIRST = "Ann Maria Peter Susan James Linda Robert Karen Michael Laura".split()
LAST = "Miller Smith Garcia Johnson Brown Davis Wilson Moore Taylor Clark".split()
STREETS = "Main Oak Pine Maple Cedar Elm Washington Lake Hill Walnut".split()

#: Table -> its columns and keys; ``{id}`` is a key that the database numbers.
TABLES = {
    "customers": """id {id}, email varchar(60) NOT NULL UNIQUE, full_name varchar(60) NOT NULL,
        phone varchar(20), ssn varchar(11), birth date""",
    "addresses": """id {id}, customer_id integer NOT NULL REFERENCES customers (id),
        street varchar(60) NOT NULL, postal_code varchar(10)""",
    "products": "id {id}, title varchar(60) NOT NULL, price numeric(8, 2) DEFAULT 0",
    "orders": """id {id}, customer_id integer NOT NULL REFERENCES customers (id),
        customer_email varchar(60) REFERENCES customers (email), placed timestamp NOT NULL""",
    "order_items": """order_id integer NOT NULL REFERENCES orders (id),
        product_id integer NOT NULL REFERENCES products (id), amount integer NOT NULL DEFAULT 1,
        PRIMARY KEY (order_id, product_id)""",
    "payments": """id {id}, order_id integer NOT NULL REFERENCES orders (id),
        card varchar(19), paid boolean NOT NULL""",
    "tickets": """id {id}, customer_email varchar(60) REFERENCES customers (email),
        note varchar(400)""",
    "staff": """id {id}, email varchar(60) NOT NULL UNIQUE, full_name varchar(60),
        manager_email varchar(60) REFERENCES staff (email)""",
}
NUMBERED = {
    "postgresql": "serial PRIMARY KEY",
    "sqlite": "integer PRIMARY KEY",
    "duckdb": "integer PRIMARY KEY",
    "mysql": "integer PRIMARY KEY AUTO_INCREMENT",
}
#: Rows of each join: between numbers, between addresses, of a table with itself.
JOINS = {
    "customer's orders": "customers a JOIN orders b ON a.id = b.customer_id",
    "orders by address": "customers a JOIN orders b ON a.email = b.customer_email",
    "tickets by address": "customers a JOIN tickets b ON a.email = b.customer_email",
    "tickets of orders": "orders a JOIN tickets b ON a.customer_email = b.customer_email",
    "items": "orders a JOIN order_items b ON a.id = b.order_id",
    "products": "products a JOIN order_items b ON a.id = b.product_id",
    "payments": "orders a JOIN payments b ON a.id = b.order_id",
    "addresses": "customers a JOIN addresses b ON a.id = b.customer_id",
    "managers": "staff a JOIN staff b ON a.email = b.manager_email",
}
REVERSIBLE = """
accuracy_mode: patterns
anonymize:
  default: encrypt
  rules:
    - {entities: EMAIL_ADDRESS, operator: encrypt, domain: mail}
    - {entities: US_SSN, operator: fpe}
    - {entities: CREDIT_CARD, operator: fpe, options: {keep_first: 6, checksum: luhn}}
    - {entities: DATE_OF_BIRTH, operator: keep}
"""
ONE_WAY = """
accuracy_mode: patterns
anonymize:
  rules:
    - {entities: PERSON, operator: fake}
    - {entities: PHONE_NUMBER, operator: mask, options: {keep_last: 2}}
    - {entities: DATE_OF_BIRTH, operator: date_shift, options: {days: 90}}
"""


def made(dialect: str, place: str = "") -> list[str]:
    """The statements that make the tables."""
    found = []
    for name, text in TABLES.items():
        body = text.format(id=NUMBERED[dialect]).replace("REFERENCES ", f"REFERENCES {place}")
        if dialect == "mysql":
            parts = [part.strip() for part in body.split(",")]
            body = _separate(", ".join(parts))
        found.append(f"CREATE TABLE {place}{name} ({body})")
    return found


def _separate(body: str) -> str:
    """MySQL reads foreign keys only after the columns."""
    import re

    keys = []
    for column, other in re.findall(
        r"(\w+) (?:integer|varchar\(\d+\))(?: NOT NULL)? (REFERENCES \w+ \(\w+\))", body
    ):
        keys.append(f"FOREIGN KEY ({column}) {other}")
    return ", ".join([re.sub(r" REFERENCES \w+ \(\w+\)", "", body), *keys])


def rows(count: int = 60) -> dict[str, list[tuple[object, ...]]]:
    """Rows of all tables: so many customers, and what they did."""
    rng = random.Random(11)
    customers = []
    for number in range(1, count + 1):
        first, last = rng.choice(FIRST), rng.choice(LAST)
        customers.append((
            number, f"{first}.{last}{number}@mail-{number % 7}.com".lower(), f"{first} {last}",
            f"{rng.randrange(201, 989)}-{rng.randrange(220, 989)}-{rng.randrange(10**4):04d}" if number % 5 else None,
            f"{rng.randrange(100, 665)}-{rng.randrange(10, 99)}-{rng.randrange(1000, 9999)}",
            dt.date(1950, 1, 1) + dt.timedelta(days=rng.randrange(18000)),
        ))  # fmt: skip
    orders = []
    for number in range(1, 3 * count + 1):
        one = rng.choice(customers)
        placed = dt.datetime(2026, 1, 1, 8) + dt.timedelta(minutes=number)
        orders.append((number, one[0], one[1] if number % 4 else None, placed))
    titles = "Chair Table Lamp Shelf Carpet Mirror Clock Vase Basket Stool".split()
    return {
        "customers": customers,
        "addresses": [
            (n, one[0], f"{rng.randrange(1, 900)} {rng.choice(STREETS)} Street", f"{rng.randrange(10000, 99999)}")
            for n, one in enumerate(customers, 1)
        ],
        "products": [(n, title, round(rng.random() * 90, 2)) for n, title in enumerate(titles, 1)],
        "orders": orders,
        "order_items": [
            (one[0], product, rng.randrange(1, 5))
            for one in orders
            for product in rng.sample(range(1, 11), 2)
        ],
        "payments": [(one[0], one[0], _card(rng), one[0] % 3 > 0) for one in orders],
        "tickets": [
            (n, rng.choice(customers)[1], "The parcel was damaged when it came." if n % 3 else None)
            for n in range(1, count)
        ],
        "staff": [
            (n, f"staff.{LAST[n - 1].lower()}{n}@shop-mail.com", f"{FIRST[n - 1]} {LAST[n - 1]}",
             None if n == 1 else f"staff.{LAST[n // 2 - 1].lower()}{n // 2}@shop-mail.com")
            for n in range(1, 11)
        ],
    }  # fmt: skip


def _card(rng: random.Random) -> str:
    digits = [4, *(rng.randrange(10) for _ in range(14))]
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def joins(ask, place: str = "") -> dict[str, int]:
    """How many rows each join has."""
    found = {}
    for name, text in JOINS.items():
        left, _, right = text.partition(" JOIN ")
        ((count,),) = ask(f"SELECT count(*) FROM {place}{left} JOIN {place}{right}")
        found[name] = count
    return found
