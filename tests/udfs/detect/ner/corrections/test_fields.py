"""Labels in forms, logs, JSON and tables say what the value behind them is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.udfs.detect.ner.corrections.fields import with_fields
from lakescan.udfs.detect.ner.spans import Span


def read(text, spans=()):
    return [(text[s.start : s.end], s.entity) for s in with_fields(text, list(spans))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Place of birth: Westergeest\nTown: Viseu de Sus", ["Westergeest", "Viseu de Sus"]),
        ("sync contact=D1 last_name=BALOGH city=Le Gall updated=1", ["BALOGH", "Le Gall"]),
        ('{"level":"info","city":"Plasy","first_name": "Bo"}', ["Plasy", "Bo"]),
        ("- **Nachname:** Müller-Lüdenscheid\n- **Wohnort:** Köln", ["Müller-Lüdenscheid", "Köln"]),
        ("Full name: J. R. Smith. He came late.", ["J. R. Smith"]),
        ("Emergency contact: Hendrik Claes, +31 20 1234567", ["Hendrik Claes"]),
        ("surname: van dyke\ntown: ely", ["van dyke", "ely"]),
        ("<c><lastName>Novak</lastName><x:city id='7'>Ely</x:city></c>", ["Novak", "Ely"]),
    ],
)
def test_a_value_is_what_its_label_names(text, told):
    assert [value for value, _ in read(text)] == told


@pytest.mark.parametrize(
    "text",
    [
        "City: see below",
        "Last name: not given",
        "City: the best place to live in",
        "Surname: 12345",
        "Subject: Paris",
        "See the full name: it is long, and nobody knows it by heart.",
        "city=",
        "url=http://city:8080",
        "<city>see below</city><p>Ely</p><city/>Ely</p>",
    ],
)
def test_what_is_no_name_is_none_whatever_the_label(text):
    assert read(text) == []


def test_a_table_in_a_text_is_read_by_its_first_line():
    text = "first_name,last_name,city\nNae,Oprea,Santana\nSeverina,Ionita,Dumbraveni\n\nBye, all"
    assert read(text) == [
        ("Nae", "FIRST_NAME"), ("Oprea", "LAST_NAME"), ("Santana", "CITY"),
        ("Severina", "FIRST_NAME"), ("Ionita", "LAST_NAME"), ("Dumbraveni", "CITY"),
    ]  # fmt: skip
    assert read("| id | surname | town |\n| 4 | Lane | Lisa Ville |") == [
        ("Lane", "LAST_NAME"),
        ("Lisa Ville", "CITY"),
    ]


def test_the_label_outvotes_the_model_and_leaves_the_rest_alone():
    text = "Town: Santiago\nseen by Ann Lee"
    model = [Span(6, 14, "PERSON", 0.8), Span(23, 30, "PERSON", 0.9)]
    assert read(text, model) == [("Santiago", "CITY"), ("Ann Lee", "PERSON")]
    # People trade under their own names.
    assert read("Company: Ann Lee", [Span(9, 16, "PERSON", 0.9)]) == [("Ann Lee", "PERSON")]


LABELS = ["city", "Surname", "first_name", "id", "Company"]


@settings(max_examples=80)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"{label}{sign}" for label in LABELS for sign in (": ", "=", '": "')]),
            st.sampled_from(
                [
                    "<city>",
                    "</city>",
                    "Ely",
                    "Ann Lee",
                    ",",
                    "\n",
                    '"',
                    " ",
                    "|",
                    ".",
                    "x1",
                    "'",
                    "é́",
                ]
            ),
            st.text(max_size=4),
        ),
        max_size=25,
    ),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 8)), max_size=4),
)
def test_spans_lie_in_the_text_and_never_overlap(parts, places):
    text = "".join(parts)
    spans, end = [], 0
    for start, size in sorted(places):
        if start >= end and start + size <= len(text):
            end = start + size
            spans.append(Span(start, end, "PERSON", 0.5))
    told = with_fields(text, spans)
    assert all(0 <= span.start < span.end <= len(text) for span in told)
    assert all(one.end <= two.start for one, two in pairwise(told))
