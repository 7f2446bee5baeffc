"""Headers, and first rows that are none."""

from __future__ import annotations

import pytest

from lakescan.connectors.sniff.header import sniff_header

PEOPLE = [
    ["1", "Ann", "ann@x.org", "F"],
    ["2", "Bob", "bob@x.org", "M"],
    ["3", "Al", "a@x.org", "M"],
]


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (["id", "name", "mail", "sex"], PEOPLE, True),
        (["k1", "k2", "k3", "k4"], PEOPLE, True),
        (["", "name", "mail", "sex"], PEOPLE, True),
        (["4", "Dan", "dan@x.org", "M"], PEOPLE, False),
        (["Vorname", "Nachname"], [["Ann", "Lee"], ["Bob", "Ray"]], True),
        (["Jim", "Fox"], [["Ann", "Lee"], ["Bob", "Ray"], ["Jim", "Ray"]], False),
        (["year", "2010", "2011"], [["a", "1.5", "2.5"], ["b", "3.5", "1.0"]], True),
        (["email"], [["a@x.org"], ["b@x.org"]], True),
        (["a@x.org"], [["b@x.org"], ["c@x.org"]], False),
        (["Ann"], [["Bob"], ["Cleo"]], False),
        (["DE89370400440532013000"], [["FR1420041010050500013M02606"]], False),
        (["a", "a", "a"], [["x", "y", "z"], ["a", "q", "a"]], False),
        (["name", "address", "phone"], [], True),
        (["Ann Lee", "14 Taylor St", "01835-703597"], [], False),
    ],
)
def test_decides(head: list[str], body: list[list[str]], expected: bool) -> None:
    assert sniff_header([head, *body], len(head)) is expected
