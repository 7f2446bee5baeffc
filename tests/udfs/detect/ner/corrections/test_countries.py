"""Countries that a model read over."""

from __future__ import annotations

import pytest

from lakescan.udfs.detect.ner.corrections.countries import with_countries
from lakescan.udfs.detect.ner.spans import Span


def told(text, spans=()):
    return [(text[s.start : s.end], s.entity) for s in with_countries(text, list(spans))]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Slovenia was fun to see!", "Slovenia"),
        ("a tribute to the Lithuania of old", "Lithuania"),
        ("NORWAY, again", "NORWAY"),
        ("i have been to cambodia once", "cambodia"),
    ],
)
def test_a_name_that_means_nothing_else_is_a_country(text, country):
    assert told(text) == [(country, "COUNTRY")]


@pytest.mark.parametrize(
    "text",
    [
        "Jordan and Chad met Kenya",
        "Turkey with Guinea fowl on China plates",
        "Swiss cheese",
        "write to ann@Slovenia.example or see www.Slovenia.example",
        "the slovenia_id of Ann",
        "In lower case it may be anything: norway maple",
    ],
)
def test_people_words_and_parts_of_addresses_are_none(text):
    assert told(text) == []


def test_what_the_model_read_stays_as_it_is():
    text = "Bank of Slovenia in Slovenia"
    bank = Span(0, 16, "ORGANIZATION", 0.8)
    assert told(text, [bank]) == [("Bank of Slovenia", "ORGANIZATION"), ("Slovenia", "COUNTRY")]


@pytest.mark.parametrize("entity", ["FIRST_NAME", "LANGUAGE", "CONDITION", "USERNAME"])
def test_a_model_that_took_the_name_for_a_person_or_a_language_is_outvoted(entity):
    text = "He speaks fondly of Lithuania."
    assert told(text, [Span(20, 29, entity, 0.6)]) == [("Lithuania", "COUNTRY")]


@pytest.mark.parametrize("entity", ["CITY", "ORGANIZATION", "NATIONALITY"])
def test_a_place_a_body_a_people_stay(entity):
    text = "Lithuania won"
    assert told(text, [Span(0, 9, entity, 0.6)]) == [("Lithuania", entity)]


def test_a_name_of_several_words_is_one():
    text = "From Trinidad and Tobago to Burkina Faso and sierra leone"
    parts = [Span(5, 13, "CITY", 0.7), Span(18, 24, "FIRST_NAME", 0.4), Span(28, 35, "CITY", 0.5)]
    assert told(text, parts) == [
        ("Trinidad and Tobago", "COUNTRY"),
        ("Burkina Faso", "COUNTRY"),
    ]
    assert told("to sierra leone") == [("sierra leone", "COUNTRY")]


def test_part_of_a_longer_name_it_is_none():
    text = "Bank of Costa Rica Ltd; Costa Rican coffee; the NewCosta Rica"
    bank = Span(0, 22, "ORGANIZATION", 0.8)
    assert told(text, [bank]) == [("Bank of Costa Rica Ltd", "ORGANIZATION")]
