"""Whose a column is: the person's whose name begins alike, the firm's that comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from lakescan.udfs.classify import ColumnVerdict

Judge = Callable[..., dict[str, ColumnVerdict]]

ROWS = 60
NAMES = ["Maria Novak", "Peter Schmidt", "Laura Rossi", "James Miller", "Sofia Garcia"]
TOWNS = ["London", "Berlin", "Madrid", "Paris", "Lisbon", "Chicago"]
FIRMS = ["Nordic Timber Ltd", "Apex Tooling Inc", "Lumen Labs GmbH", "Castor Insurance plc"]


def cycle(values: Sequence[str]) -> list[str]:
    return [values[n % len(values)] for n in range(ROWS)]


MAILS = [f"p{n}@example.org" for n in range(ROWS)]
PHONES = [f"+1 202-555-{100 + n:04d}" for n in range(ROWS)]


def test_the_town_that_an_order_is_sent_to_is_the_buyers(judge: Judge) -> None:
    table = {
        "order_id": list(range(ROWS)),
        "ship_name": cycle(NAMES),
        "ship_city": cycle(TOWNS),
        "warehouse_city": cycle(TOWNS[::-1]),
    }
    found = judge(table, uri="/lake/shop/orders.csv")
    assert found["ship_city"].sensitive
    assert found["warehouse_city"].classifications[0].category == "LOCATION"
    assert not found["warehouse_city"].sensitive


def test_a_contact_persons_mail_and_telephone_are_personal(judge: Judge) -> None:
    table = {"contact": cycle(NAMES), "company": cycle(FIRMS), "email": MAILS, "phone": PHONES}
    found = judge(table, uri="/lake/crm/leads.csv")
    assert found["email"].sensitive
    assert found["phone"].sensitive
    assert not found["company"].sensitive


def test_a_firms_telephone_is_the_firms(judge: Judge) -> None:
    table = {"company": cycle(FIRMS), "phone": PHONES, "city": cycle(TOWNS)}
    found = judge(table, uri="/lake/open/register.csv")
    assert not any(verdict.sensitive for verdict in found.values())


def test_the_author_of_a_commit_is_personal_the_author_of_a_book_is_not(judge: Judge) -> None:
    commits = judge({"commit": list(range(ROWS)), "author": cycle(NAMES), "author_email": MAILS})
    books = judge({"isbn": list(range(ROWS)), "author": cycle(NAMES)}, uri="/lake/books.csv")
    assert commits["author"].sensitive
    assert books["author"].classifications[0].category == "PERSON"
    assert not books["author"].sensitive


def test_a_diagnosis_beside_a_name_is_somebodys(judge: Judge) -> None:
    table = {"patient_name": cycle(NAMES), "condition": cycle(["Asthma", "Migraine", "Diabetes"])}
    assert judge(table)["condition"].sensitive


@pytest.mark.parametrize(
    ("name", "category"),
    [("contact", "PERSON"), ("created", "DATETIME"), ("supplier", "ORGANIZATION"),
     ("mac", "MAC_ADDRESS"), ("BRTHYR", "DATE_OF_BIRTH"), ("RES_CTY", "LOCATION")],
)  # fmt: skip
def test_a_name_alone_is_enough_where_it_hints_at_one_thing(
    judge: Judge, name: str, category: str
) -> None:
    told = judge({name: []})[name]
    assert [found.category for found in told.classifications] == [category]
    assert told.classifications[0].confidence <= 0.6


@pytest.mark.parametrize("name", ["title", "source", "value", "state", "grade", "account"])
def test_a_name_that_may_be_anything_says_nothing(judge: Judge, name: str) -> None:
    assert judge({name: []})[name].classifications == ()


def test_a_patients_number_makes_the_row_a_persons(judge: Judge) -> None:
    table = {"mrn": [f"MRN00129{n:03d}" for n in range(ROWS)], "city": cycle(TOWNS)}
    found = judge(table, uri="/lake/clinic/visits.csv")
    assert found["mrn"].sensitive
    assert found["city"].sensitive


@pytest.mark.parametrize("header", ["user.name", "username", "login"])
def test_full_names_under_a_user_name_are_names(judge: Judge, header: str) -> None:
    found = judge({"id": list(range(ROWS)), header: cycle(NAMES)}, uri="/lake/app/events.jsonl")
    assert [each.entity for each in found[header].classifications] == ["PERSON"]


def test_who_pays_by_card_is_no_firm(judge: Judge) -> None:
    """A table called bank is about accounts; its card numbers are persons'."""
    table = {"iban": ["GB82WEST12345698765432"] * ROWS, "amount": list(range(ROWS))}
    assert not judge(table, uri="/lake/bank.csv")["iban"].sensitive
    table["card_number"] = cycle(["4111111111111111", "5500005555555559", "4012888888881881"])
    assert judge(table, uri="/lake/bank.csv")["iban"].sensitive
