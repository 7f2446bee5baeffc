"""One table of customers, made by a seed, as rows and as Arrow; and what a scan says of it."""

from __future__ import annotations

import datetime as dt
import random

import pyarrow as pa

#: Columns by name, with their types in SQL.
COLUMNS = {
    "id": "bigint",
    "full_name": "varchar(60)",
    "email": "varchar(60)",
    "phone": "varchar(20)",
    "born": "date",
    "card": "bigint",
    "iban": "varchar(40)",
    "city": "varchar(40)",
    "price": "double precision",
    "note": "text",
    "active": "boolean",
}
DEFINITION = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
FIRST = "Ann Bob Carla David Emma Frank Grace Henry Irene Jack Karen Liam Maria Noah Olivia".split()
LAST = "Moore Garcia Smith Johnson Lee Brown Davis Miller Wilson Clark Lewis Young Hall".split()
CITIES = "Paris London Berlin Madrid Vienna Boston Chicago Dublin Lisbon Oslo".split()

Row = tuple[object, ...]


def customers(count: int) -> list[Row]:
    """So many customers; always the same ones."""
    rng = random.Random(7)
    rows: list[Row] = []
    for i in range(count):
        first, last = rng.choice(FIRST), rng.choice(LAST)
        digits = [4, *(rng.randrange(10) for _ in range(14))]
        total = sum(d if at % 2 else d * 2 - 9 * (d > 4) for at, d in enumerate(digits))
        card = int("".join(map(str, digits)) + str(-total % 10))
        bban = f"{rng.randrange(10**18):018d}"
        iban = f"DE{98 - int(bban + '131400') % 97:02d}{bban}"
        rows.append((
            i, f"{first} {last}", f"{first}.{last}{i}@example.com".lower(),
            f"+1-202-555-{rng.randrange(100, 9999):04d}", dt.date(1950, 1, 1) + dt.timedelta(rng.randrange(18000)),
            card, iban, rng.choice(CITIES), rng.randrange(100, 99999) / 100,
            None if i % 3 else f"Please call {first} at {rng.randrange(8, 18)} o'clock, \"urgent\",\nthanks",
            i % 2 == 0,
        ))  # fmt: skip
    return rows


def arrow(rows: list[Row]) -> pa.Table:
    """The rows as a table with types."""
    return pa.table(dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)))


def verdicts(result) -> dict[str, tuple[object, ...]]:
    """What a scan of one dataset says of each column, without what depends on a source's types."""
    (dataset,) = result.value.datasets
    return {
        column.column: (
            column.rows,
            column.nulls,
            column.distinct,
            column.sensitive,
            column.type_hint,
            [
                (
                    c.entity,
                    c.category,
                    c.domain,
                    c.confidence,
                    c.prevalence,
                    c.interval,
                    c.rows_hit,
                    c.distinct_hit,
                )
                for c in column.classifications
            ],
        )
        for column in dataset.columns
    }
