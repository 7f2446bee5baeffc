"""What a model took for names and is none; numbers and the years behind them."""

from __future__ import annotations

import pytest

from lakescan.udfs.detect.ner.corrections.abbreviations import with_medical
from lakescan.udfs.detect.ner.corrections.doubts import without_doubts
from lakescan.udfs.detect.ner.corrections.names import whole_names
from lakescan.udfs.detect.ner.corrections.years import with_years
from lakescan.udfs.detect.ner.spans import Span


def spans_of(text: str, *parts: tuple[str, str]) -> list[Span]:
    """A span for each part of the text that an entity is named for, left to right."""
    found: list[Span] = []
    for part, entity in parts:
        start = text.index(part, found[-1].end if found else 0)
        found.append(Span(start, start + len(part), entity, 0.8))
    return found


def told(text: str, spans: list[Span]) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.entity) for span in spans]


@pytest.mark.parametrize(
    ("text", "label", "entity"),
    [
        ("Meu CPF é 529.982.247-25", "CPF", "ORGANIZATION"),
        ("numer PESEL 44051401359", "PESEL", "CITY"),
        ('{"pesel": "44051401359"}', "pesel", "LAST_NAME"),
        ("my aadhaar 2345 6789 0124", "aadhaar", "STREET"),
        ("DOB 3 May 1980", "DOB", "PERSON"),
        ("in Milano, C.F. BRMTTR60A01F205X", "C.F", "PERSON"),
        ("Mario Rossi, targa FA 812 KL", "targa", "CITY"),
    ],
)
def test_a_label_is_no_name(text, label, entity):
    assert without_doubts(text, spans_of(text, (label, entity))) == []


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("installed build 2024.1.3 today", "2024", "DATE"),
        ("ul. Polna 7/12", "12", "DATE_OF_BIRTH"),
        ("412 F.3d 908", "412 F", "PHONE_NUMBER"),
        ("User s.okonkwo locked out", "s", "PERSON"),
    ],
)
def test_a_piece_of_something_longer_is_nothing(text, part, entity):
    assert without_doubts(text, spans_of(text, (part, entity))) == []


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("since 2024.", "2024", "DATE"),
        ("born in May 79", "May 79", "DATE_OF_BIRTH"),
        ("dial 5550 now", "5550", "PHONE_NUMBER"),
        ("J Lee", "J", "PERSON"),
    ],
)
def test_what_is_whole_stays(text, part, entity):
    spans = spans_of(text, (part, entity))
    assert without_doubts(text, spans) == spans


@pytest.mark.parametrize("name", ["Carfax", "RoundTeam", "Pell", "Iris", "Visa"])
def test_names_that_begin_or_end_like_labels_stay(name):
    spans = spans_of(f"at {name} today", (name, "ORGANIZATION"))
    assert without_doubts(f"at {name} today", spans) == spans


def test_a_name_ends_at_a_line_without_words():
    text = "Best,\nLaura\n--\nLaura Chen\nof Elm Road\n\nUruguay"
    spans = spans_of(text, ("Laura\n--\nLaura Chen", "PERSON"), ("Elm Road\n\nUruguay", "CITY"))
    assert told(text, without_doubts(text, spans)) == [
        ("Laura", "PERSON"),
        ("Laura Chen", "PERSON"),
        ("Elm Road", "CITY"),
        ("Uruguay", "CITY"),
    ]


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("Pierre a 35 ans et dort", [("35", "TIME"), ("ans", "AGE")], ("35 ans", "AGE")),
        ("Anna ma 35 lat", [("35", "TIME"), ("lat", "AGE")], ("35 lat", "AGE")),
        ("Tenho 33 anos e moro", [("33 anos e", "AGE")], ("33 anos", "AGE")),
        ("chez eux depuis 10 ans", [("10", "DATE"), ("ans", "AGE")], ("10 ans", "DATE")),
        ("3 años de experiencia", [("3", "TIME"), ("años", "AGE")], ("3 años", "DATE")),
    ],
)
def test_a_number_and_its_years_are_one(text, parts, expected):
    assert told(text, with_years(text, spans_of(text, *parts))) == [expected]


def test_an_age_in_one_piece_stays():
    text = "Paul, 42 ans, né en 1980"
    spans = spans_of(text, ("Paul", "FIRST_NAME"), ("42 ans", "AGE"), ("1980", "DATE"))
    assert with_years(text, spans) == spans


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("Mr. Iqbal (bed 12) sleeps", "12", "AGE"),
        ("Zimmer 18 bitte", "18", "AGE"),
        ("revenue is up 8 % again", "8", "DATE"),
        ("meine Steuer-ID lautet", "Steuer", "LAST_NAME"),
    ],
)
def test_what_is_numbered_or_labelled_is_nothing(text, part, entity):
    assert without_doubts(text, spans_of(text, (part, entity))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Thompson v. Greene, 412 F.3d 227 (2d Cir. 2005), holds",
        "as in Thompson v. Greene [2011] EWCA 12",
        "Thompson v. Greene (1998) was overruled",
    ],
)
def test_the_parties_of_a_decision_that_is_cited_are_its_title(text):
    spans = spans_of(text, ("Thompson", "LAST_NAME"), ("Greene", "LAST_NAME"))
    assert without_doubts(text, spans) == []


def test_the_parties_of_a_case_are_persons():
    text = "Thompson v. Greene was filed on Monday"
    spans = spans_of(text, ("Thompson", "LAST_NAME"), ("Greene", "LAST_NAME"))
    assert whole_names(text, without_doubts(text, spans)) == spans


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("a history of COPD", "COPD", "CONDITION"),
        ("Pt with CHF", "CHF", "CONDITION"),
        ("s/p CABG in 2019", "CABG", "MEDICAL_PROCESS"),
        ("the CHF rose against the euro", "CHF", "ORGANIZATION"),
        ("Pt works at SAP", "SAP", "ORGANIZATION"),
    ],
)
def test_an_abbreviation_of_medicine_is_no_firm(text, part, entity):
    spans = with_medical(text, spans_of(text, (part, "ORGANIZATION")))
    assert told(text, spans) == [(part, entity)]
