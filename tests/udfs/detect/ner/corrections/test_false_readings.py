"""What a model takes for names and dates where the text itself says that they are none."""

from __future__ import annotations

import pytest

from lakescan.udfs.detect.ner.corrections.doubts import without_doubts
from lakescan.udfs.detect.ner.corrections.eponyms import without_eponyms
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
        ("Elle frappa à la porte.", "la porte", "CITY"),
        ("He appeared pro se and lost.", "se", "LAST_NAME"),
        ("Brandstichting in de kerk.", "de", "CITY"),
    ],
)
def test_small_letters_are_no_name_where_names_have_capitals(clause, part, entity):
    text = _CAREFUL + clause
    assert without_small_letters(text, spans_of(text, (part, entity))) == []


@pytest.mark.parametrize(
    ("clause", "part", "entity", "rest"),
    [
        ("Il comandante De Pascalis parla di luce.", "De Pascalis parla", "PERSON", "De Pascalis"),
        ("Sie wohnt an der Elbe.", "an der Elbe", "CITY", "Elbe"),
        ("Er stieg in den Eimer.", "den Eimer", "CITY", "Eimer"),
        ("Said von der Leyen now.", "Said von der Leyen", "PERSON", "Said von der Leyen"),
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
        ("Both live at 2 place de la Fontaine.", "2 place de la Fontaine", "STREET"),
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


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("werde gegen 4 Uhr erwartet", "4", "4 Uhr"),
        ("rond 21.15 uur gezien", "21.15", "21.15 uur"),
        ("w 1979 roku opłynął", "1979", "1979 roku"),
        ("dnia 12 kwietnia 2023 r. w Krakowie", "12 kwietnia 2023", "12 kwietnia 2023 r."),
        ("le 6 novembre 2022 à 21 heures 10, nous", "21", "21 heures 10"),
        ("in 2019 hours were cut", "2019", "2019"),
        ("in 2019 Uhren", "2019", "2019"),
    ],
)
def test_the_word_for_hours_or_years_is_part_of_the_time(text, part, whole):
    assert told(text, without_timeless(text, spans_of(text, (part, "DATE")))) == [whole]


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("The Markov chain was run", "Markov", "ORGANIZATION"),
        ("the Gelman-Rubin statistic", "Gelman-Rubin", "ORGANIZATION"),
        ("residues of Raney nickel ignite", "Raney", "FIRST_NAME"),
        ("has Parkinson's disease", "Parkinson", "LAST_NAME"),
        ("a Student t-test was used", "Student", "LAST_NAME"),
    ],
)
def test_a_thing_that_is_called_after_somebody_is_nobody(text, part, entity):
    assert without_eponyms(text, spans_of(text, (part, entity))) == []


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("Ada Markov chained the bike", "Ada Markov", "PERSON"),
        ("Markov tested it", "Markov", "LAST_NAME"),
        ("the Memphis index fell", "Memphis", "CITY"),
        ("Markov, chain smoker", "Markov", "LAST_NAME"),
    ],
)
def test_somebody_beside_a_thing_stays(text, part, entity):
    spans = spans_of(text, (part, entity))
    assert without_eponyms(text, spans) == spans


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("while i < len(left)", "len", "FIRST_NAME"),
        ("city varchar(40)", "varchar", "CITY"),
        ("Benutzer=kschroeder", "Benutzer", "USERNAME"),
        ('{"Ort": "Ulm"}', "Ort", "CITY"),
        ("ERROR c.b.s.MailSender - 550", "c.b.s.MailSender", "PERSON"),
    ],
)
def test_code_and_keys_are_no_names(text, part, entity):
    assert without_doubts(text, spans_of(text, (part, entity))) == []


@pytest.mark.parametrize(
    ("text", "part", "entity"),
    [
        ("Bern(Suisse)", "Bern", "CITY"),
        ("Ann: hello", "Ann", "FIRST_NAME"),
        ('said "Ann" twice', "Ann", "FIRST_NAME"),
        ("if name == Ann", "name", "OCCUPATION"),
        ("beth.larsson 9:15", "beth.larsson", "USERNAME"),
    ],
)
def test_names_beside_signs_stay(text, part, entity):
    spans = spans_of(text, (part, entity))
    assert without_doubts(text, spans) == spans
