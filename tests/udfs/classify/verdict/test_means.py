"""Amounts: what a person earns, owns and owes is personal, a price is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lakescan.policy import Policy
from lakescan.udfs.classify import ColumnVerdict

Judge = Callable[..., dict[str, ColumnVerdict]]

ROWS = 60
NAMES = ["Maria Novak", "Peter Schmidt", "Laura Rossi", "James Miller", "Sofia Garcia"]
AMOUNTS = [round(1000 + 37.31 * n, 2) for n in range(ROWS)]
PERSONS = {
    "name": [NAMES[n % 5] for n in range(ROWS)],
    "email": [f"p{n}@example.org" for n in range(ROWS)],
    "dob": [f"19{50 + n % 50}-03-{1 + n % 28:02d}" for n in range(ROWS)],
}
FIRMS = {"company_name": [f"{NAMES[n % 5]} & Sons Ltd" for n in range(ROWS)]}


@pytest.mark.parametrize(
    "name",
    ["salary", "annual_income", "account_balance", "credit_limit", "total_debt", "saldo",
     "Kontostand", "revenus", "renda", "pensioen"],
)  # fmt: skip
def test_means_of_a_person_are_personal(judge: Judge, name: str) -> None:
    told = judge({**PERSONS, name: AMOUNTS})[name]
    assert told.classifications[0].category == "AMOUNT"
    assert told.sensitive
    assert "earns, owns or owes, and the row is a person's" in told.classifications[0].because[-1]


@pytest.mark.parametrize(
    "name",
    [
        "order_total",
        "unit_price",
        "shipping_fee",
        "monthly_charges",
        "Gesamtpreis",
        "montant_total",
    ],
)
def test_prices_beside_a_person_are_not(judge: Judge, name: str) -> None:
    told = judge({**PERSONS, name: AMOUNTS})[name]
    assert told.classifications[0].category == "AMOUNT"
    assert not told.sensitive
    assert "no person's means" in told.classifications[0].because[-1]


def test_a_firms_balance_is_the_firms(judge: Judge) -> None:
    told = judge({**FIRMS, "balance": AMOUNTS})["balance"]
    assert told.classifications[0].category == "AMOUNT"
    assert not told.sensitive
    assert "the rows are no persons" in told.classifications[0].because[-1]


@pytest.mark.parametrize(
    ("policy", "name", "sensitive"),
    [
        ("entities: {sensitive: [AMOUNT]}", "order_total", True),
        ("entities: {not_sensitive: [SALARY]}", "salary", False),
        ("columns: [{column: order_total, sensitive: true}]", "order_total", True),
    ],
)
def test_a_policy_decides_otherwise(judge: Judge, policy: str, name: str, sensitive: bool) -> None:
    told = judge({**PERSONS, name: AMOUNTS}, policy=Policy.parse(policy + "\n"))[name]
    assert told.sensitive is sensitive
