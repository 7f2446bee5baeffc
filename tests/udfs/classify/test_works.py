"""Products, films, ships: things that are called after persons are things."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from lakescan.udfs.classify import ColumnVerdict

Judge = Callable[..., dict[str, ColumnVerdict]]

FILMS = ["Jackie Brown", "Annie Hall", "Forrest Gump", "Erin Brockovich", "Donnie Darko",
         "Jerry Maguire", "John Wick", "The Accountant", "Taxi Driver", "The Pianist"]  # fmt: skip
SHELVES = ["Anna Regal", "Oskar Stuhl", "Linda Sofa", "Hugo Hocker", "Emma Bett", "Paul Tisch"]
PEOPLE = ["Maria Novak", "Peter Schmidt", "Laura Rossi", "James Miller", "Sofia Garcia"]
JOBS = ["Accountant", "Sales Manager", "Nurse", "Electrician", "Software Engineer", "Lawyer",
        "Project Manager", "Teacher", "Receptionist", "Payroll Clerk", "Plumber", "Data Analyst",
        "Customer Service Advisor", "Warehouse Supervisor"]  # fmt: skip
GENRES = ["Drama", "Comedy", "Crime"]


ROWS = 60


def cycle(values: Sequence[str]) -> list[str]:
    return [values[n % len(values)] for n in range(ROWS)]


@pytest.mark.parametrize("name", ["title", "original_title", "Filmtitel", "titre", "título"])
def test_a_films_title_is_neither_a_person_nor_a_job(judge: Judge, name: str) -> None:
    found = judge({name: cycle(FILMS), "genre": cycle(GENRES)}, uri="/lake/media/catalogue.csv")
    assert not found[name].classifications
    assert not found[name].sensitive


def test_a_contacts_title_is_a_job(judge: Judge) -> None:
    found = judge(
        {
            "contact": cycle(PEOPLE),
            "title": cycle(JOBS),
            "email": [f"a{n}@example.org" for n in range(60)],
        },
        uri="/lake/crm/contacts.csv",
    )
    assert found["title"].classifications[0].entity == "OCCUPATION"
    assert found["title"].sensitive


@pytest.mark.parametrize("name", ["product_name", "Bezeichnung", "artículo", "vessel", "商品名"])
def test_a_product_is_no_person(judge: Judge, name: str) -> None:
    found = judge({name: cycle(SHELVES), "price": [n * 1.5 + 9 for n in range(60)]})[name]
    assert not found.classifications


@pytest.mark.parametrize("name", ["brand", "marca", "Marke", "car make"])
def test_a_brand_is_no_person(judge: Judge, name: str) -> None:
    houses = ["Calvin Klein", "Ralph Lauren", "Hugo Boss", "Tommy Hilfiger", "Michael Kors"]
    found = judge({name: cycle(houses), "size": cycle("SML"), "buyer": cycle(PEOPLE)})
    assert [c for c in found[name].classifications if c.category == "PERSON"] == []
    assert found["buyer"].classifications[0].category == "PERSON"


def test_the_people_beside_it_are(judge: Judge) -> None:
    found = judge({"product_name": cycle(SHELVES), "customer_name": cycle(PEOPLE)})
    assert found["customer_name"].classifications[0].category == "PERSON"


@pytest.mark.parametrize("name", ["language", "Sprache", "langue", "idioma"])
def test_a_language_is_no_nationality(judge: Judge, name: str) -> None:
    found = judge({name: cycle(["English", "French", "German", "Polish", "Greek", "Italian"])})
    assert "NRP" not in {told.category for told in found[name].classifications}


@pytest.mark.parametrize(
    "name", ["brokerage", "eta", "mensalidade", "sector", "bid_sz", "Kostenstelle", "lic_no"]
)
def test_words_that_hold_another_word_say_nothing_of_it(judge: Judge, name: str) -> None:
    found = judge({name: [f"{n * 7919 % 10**7:07d}" for n in range(1, 90)]})[name]
    assert not found.sensitive
