"""What a model takes for names and dates where the text itself says that they are none."""

from __future__ import annotations

import pytest

from lakescan.udfs.detect.ner.corrections.filler import without_filler
from lakescan.udfs.detect.ner.corrections.small_letters import keeps_case, without_small_letters
from lakescan.udfs.detect.ner.corrections.times import without_timeless
from lakescan.udfs.detect.ner.spans import Span

#: Sentences with capitals, and names inside of them.
_CAREFUL = (
    "Am Abend kam der Bote mit einem Brief von Frau Winter aus Kiel. Niemand hatte ihn erwartet. Die"
    " alte Wirtin nahm ihn an und legte ihn neben die Lampe. Er blieb dort liegen, bis es hell wurde. "
)


def spans_of(text: str, *parts: tuple[str, str]) -> list[Span]:
    found: list[Span] = []
    for part, entity in parts:
        start = text.index(part, found[-1].end if found else 0)
        found.append(Span(start, start + len(part), entity, 0.8))
    return found


def told(text: str, spans: list[Span]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("clause", "part", "entity"),
    [
        ("Il vino sfuma in poco olio.", "poco olio", "CITY"),
        ("Pressione o botão verde.", "botão verde", "STREET"),
        ("Tiene el abdomen blando.", "abdomen blando", "PERSON"),
        ("Zapłaci za dwie książki.", "książki", "ORGANIZATION"),
    ],
)
def test_small_letters_are_no_name_where_names_have_capitals(clause, part, entity):
    text = _CAREFUL + clause
    assert without_small_letters(text, spans_of(text, (part, entity))) == []


@pytest.mark.parametrize(
    ("clause", "part", "entity", "rest"),
    [
        ("Il comandante De Pascalis parla di luce.", "De Pascalis parla", "PERSON", "De Pascalis"),
        ("Sie wohnt an der Elbe.", "an der Elbe", "CITY", "der Elbe"),
        ("In 2015, when he joined Carrow Road, it rained.", "2015, when he joined Carrow Road",
         "STREET", "Carrow Road"),
    ],
)  # fmt: skip
def test_a_name_is_cut_from_the_clause_around_it(clause, part, entity, rest):
    text = _CAREFUL + clause
    assert told(text, without_small_letters(text, spans_of(text, (part, entity)))) == [rest]


@pytest.mark.parametrize(
    ("clause", "part", "entity"),
    [
        ("Ludwig van Beethoven was here.", "Ludwig van Beethoven", "PERSON"),
        ("Ask van der Meer.", "van der Meer", "LAST_NAME"),
        ("She works for Crédit agricole.", "Crédit agricole", "ORGANIZATION"),
        ("Both live in rue des Tilleuls.", "rue des Tilleuls", "STREET"),
        ("She moved to london.", "london", "CITY"),
        ("They call him 王伟.", "王伟", "PERSON"),
        ("He sells drapeaux.", "drapeaux", "OCCUPATION"),
    ],
)
def test_names_with_small_words_and_known_ones_stay(clause, part, entity):
    text = _CAREFUL + clause
    spans = spans_of(text, (part, entity))
    assert without_small_letters(text, spans) == spans


@pytest.mark.parametrize(
    "text",
    [
        "Met rosalba today. She said hi.",  # too short to show anything
        _CAREFUL.lower() + "met rosalba and ewa in the park.",
        "\n".join(["yes we met rosalba. she is fine. no more of this. all good"] * 4),
    ],
)
def test_a_text_without_capitals_keeps_its_names(text):
    spans = spans_of(text, ("rosalba", "FIRST_NAME"))
    assert not keeps_case(text)
    assert without_small_letters(text, spans) == spans


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("las primeras viviendas", "primeras", "DATE"),
        ("im zweiten Obergeschoss", "zweiten", "DATE"),
        ("propietario del turismo marca Seat", "turismo", "DATE"),
        ("água em 62 municípios", "62", "DATE"),
        ("a first class degree, 2:1", "2", "TIME"),
        ("INVOICE No. 2023-0447", "2023", "DATE"),
        ("Sentenza n. 1182/2019", "2019", "DATE"),
    ],
)
def test_a_date_says_when(text, part, entity):
    assert without_timeless(text, spans_of(text, (part, entity))) == []


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("we met last Tuesday", "last Tuesday", "DATE"),
        ("am Sonntagabend", "Sonntagabend", "DATE"),
        ("pod koniec września", "koniec września", "DATE"),
        ("em outubro", "outubro", "DATE"),
        ("twee jaar geleden", "twee jaar geleden", "DATE"),
        ("see you at 9", "9", "TIME"),
        ("from 2013-2016", "2013", "DATE"),
        ("in 2019.", "2019", "DATE"),
        ("во вторник", "вторник", "DATE"),
        ("ward 62", "62", "OCCUPATION"),
    ],
)
def test_words_and_numbers_of_time_stay(text, part, entity):
    spans = spans_of(text, (part, entity))
    assert without_timeless(text, spans) == spans


def test_filler_is_about_nobody():
    text = "Lorem ipsum dolor sit amet, consectetur elit. Mauris blandit. Author: Ann Lee, Lorem"
    spans = spans_of(text, ("Lorem", "PERSON"), ("Mauris blandit", "PERSON"), ("Ann Lee", "PERSON"))
    assert told(text, without_filler(text, spans)) == ["Ann Lee"]


def test_a_name_that_is_a_filler_word_stays_elsewhere():
    text = "Dolor Felis and Leo met in Massa; the ipsum of it is unknown."
    spans = spans_of(text, ("Dolor Felis", "PERSON"), ("Leo", "FIRST_NAME"), ("Massa", "CITY"))
    assert without_filler(text, spans) == spans
