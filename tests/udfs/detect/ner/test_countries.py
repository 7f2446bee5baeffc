"""Countries that a model read over."""

from __future__ import annotations

import pytest

from lakescan.udfs.detect.ner.countries import with_countries
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
