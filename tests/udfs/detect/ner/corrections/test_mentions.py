"""Names of one text told alike, firms by the words beside their names, capitals that say nothing."""

from __future__ import annotations

import pytest

from lakescan.udfs.detect.ner.corrections.capitals import without_capitals
from lakescan.udfs.detect.ner.corrections.doubts import without_doubts
from lakescan.udfs.detect.ner.corrections.firms import with_firms
from lakescan.udfs.detect.ner.corrections.mentions import with_mentions
from lakescan.udfs.detect.ner.corrections.names import whole_names
from lakescan.udfs.detect.ner.corrections.titles import with_titles
from lakescan.udfs.detect.ner.spans import Span


def spans_of(text: str, *parts: tuple[str, str] | tuple[str, str, float]) -> list[Span]:
    """A span for each part of the text that an entity is named for, left to right."""
    found: list[Span] = []
    for part, entity, *score in parts:
        start = text.index(part, found[-1].end if found else 0)
        found.append(Span(start, start + len(part), entity, *(score or [0.85])))
    return found


def told(text: str, spans: list[Span]) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.entity) for span in spans]


class TestMentions:
    def test_a_surname_is_known_after_the_full_name(self):
        text = "The minister, Kjell Bakke, met them. Some say that Bakke favoured it."
        found = with_mentions(text, spans_of(text, ("Kjell Bakke", "PERSON")))
        assert told(text, found) == [("Kjell Bakke", "PERSON"), ("Bakke", "PERSON")]

    def test_what_was_read_otherwise_is_what_it_is_elsewhere(self):
        text = "Peter Voysey rang. It was last seen in Peter's garage, said Peter."
        spans = spans_of(
            text, ("Peter Voysey", "PERSON"), ("Peter", "CITY", 0.6), ("Peter", "FIRST_NAME")
        )
        assert [entity for _, entity in told(text, with_mentions(text, spans))] == [
            "PERSON", "PERSON", "FIRST_NAME",
        ]  # fmt: skip

    def test_a_mention_that_was_hardly_read_counts_as_the_others(self):
        text = "Kjell Bakke came. Then Bakke went."
        spans = spans_of(text, ("Kjell Bakke", "PERSON"), ("Bakke", "LAST_NAME", 0.4))
        assert [span.score for span in with_mentions(text, spans)] == [0.85, 0.8]

    def test_a_firm_is_known_by_its_name_without_its_form(self):
        text = "Brookmere Infrastructure paid. A week later Brookmere insisted on it."
        spans = spans_of(text, ("Brookmere Infrastructure", "ORGANIZATION"), ("Brookmere", "CITY"))
        assert [entity for _, entity in told(text, with_mentions(text, spans))] == [
            "ORGANIZATION", "ORGANIZATION",
        ]  # fmt: skip

    def test_a_town_is_no_firm_for_having_one(self):
        text = "Boston Hospital called. He lives in Boston."
        spans = spans_of(text, ("Boston Hospital", "ORGANIZATION"), ("Boston", "CITY"))
        assert with_mentions(text, spans) == spans

    def test_two_kinds_that_are_as_sure_stay(self):
        text = "George Washington slept here, in Washington, and in Washington again."
        spans = spans_of(
            text, ("George Washington", "PERSON"), ("Washington", "CITY"), ("Washington", "CITY")
        )
        assert with_mentions(text, spans) == spans

    @pytest.mark.parametrize(
        "text",
        [
            "Mark Price wrote. The Price is high, and the price of oil too.",  # a word as well
            "Mark Price wrote. We went to Price Park.",  # part of a longer name
            "Mark Price wrote to mark@Price.example",  # of an address
            "Mark Price wrote. Old-Price was there.",
        ],
    )
    def test_a_word_that_may_be_something_else_is_left(self, text):
        spans = spans_of(text, ("Mark Price", "PERSON"))
        assert with_mentions(text, spans) == spans

    def test_a_word_that_was_read_as_a_name_once_of_many_times_is_none(self):
        text = "The Borrower pays. If Borrower fails, the Borrower owes what the Borrower got."
        spans = spans_of(text, ("Borrower", "LAST_NAME", 0.6))
        assert with_mentions(text, spans) == []

    def test_a_word_that_was_read_as_a_name_most_times_is_one(self):
        text = "Then Wessel came. When Wessel left, nobody missed him; Wessel knew."
        spans = spans_of(text, ("Wessel", "LAST_NAME", 0.6), ("Wessel", "LAST_NAME", 0.6))
        assert with_mentions(text, spans) == spans

    def test_a_name_that_is_said_often_and_read_surely_once_stays(self):
        text = "Then Wessel came. When Wessel left, nobody missed him; Wessel knew."
        spans = spans_of(text, ("Wessel", "LAST_NAME", 0.97))
        assert with_mentions(text, spans) == spans


class TestFirms:
    @pytest.mark.parametrize(
        ("text", "part", "entity", "whole"),
        [
            ("a loan of Banca Salentina", "Banca Salentina", "PERSON", "Banca Salentina"),
            ("paid by Banco Atlântico", "Atlântico", "CITY", "Banco Atlântico"),
            ("the Bank of Tarnbrook paid", "Tarnbrook", "CITY", "Bank of Tarnbrook"),
            ("Centro de Salud de Albarracín", "Albarracín", "CITY", "Centro de Salud de Albarracín"),
            ("the County Court at Whitby", "Whitby", "CITY", "County Court at Whitby"),
            ("with Pennine Building Society", "Pennine", "CITY", "Pennine Building Society"),
            ("für den SV Waldhausen", "Waldhausen", "CITY", "SV Waldhausen"),
            ("das Landgericht Kassel", "Kassel", "CITY", "Landgericht Kassel"),
            ("with Caledonian Isles Ferries now", "Caledonian Isles", "CITY",
             "Caledonian Isles Ferries"),
            ("for Pelican Bay Rentals, LLC", "Pelican Bay", "CITY", "Pelican Bay Rentals, LLC"),
            ("at Mack & Poole, P.C.", "Mack & Poole", "ORGANIZATION", "Mack & Poole, P.C."),
            ("by Van Aken Shipping A/S", "Van Aken", "PERSON", "Van Aken Shipping A/S"),
        ],
    )  # fmt: skip
    def test_the_word_beside_a_name_makes_it_a_firm(self, text, part, entity, whole):
        assert told(text, with_firms(text, spans_of(text, (part, entity)))) == [
            (whole, "ORGANIZATION")
        ]

    @pytest.mark.parametrize(
        ("text", "part", "entity"),
        [
            ("the bank of the Elbe at Dresden", "Dresden", "CITY"),  # no name's bank
            ("in Kassel. Services are dear", "Kassel", "CITY"),
            ("Anna Kowalska\nServices", "Anna Kowalska", "PERSON"),
            ("a court in Whitby", "Whitby", "CITY"),
            ("Banca Salentina", "Salentina", "OCCUPATION"),
            ("Jean Incardona", "Jean", "FIRST_NAME"),
        ],
    )
    def test_other_names_stay(self, text, part, entity):
        spans = spans_of(text, (part, entity))
        assert with_firms(text, spans) == spans

    def test_what_is_part_of_the_firm_is_not_told_again(self):
        text = "Alder Home Health, N.A. wrote"
        spans = spans_of(text, ("Alder Home", "CITY"), ("N.A", "LOCATION"))
        assert told(text, with_firms(text, spans)) == [("Alder Home Health, N.A.", "ORGANIZATION")]


#: Sentences with capitals inside, so that the case of a text is known.
_ENGLISH = (
    "They came to Leeds with Ann Lee at noon and left again. The rain had stopped by then. Nobody"
    " from Hull was there, and no one had rung. In the end they walked all the way back home. "
)
_GERMAN = (
    "Der Bote kam am Abend und brachte nichts mit. Die Wirtin war nicht im Haus, und das Feuer auf"
    " dem Herd ist längst aus. Er blieb bei der Tür stehen und hat von der Stadt aus zu ihr gesehen. "
)


class TestCapitals:
    @pytest.mark.parametrize(
        ("text", "word", "entity"),
        [
            (_ENGLISH + "Volgens hem was het laat.", "Volgens", "FIRST_NAME"),
            (_ENGLISH + "«Carrega farinha».", "Carrega", "FIRST_NAME"),
            (_GERMAN + "Er zahlt den Kaufpreis heute.", "Kaufpreis", "ORGANIZATION"),
            (_GERMAN + "Die Implantation verlief gut.", "Implantation", "ORGANIZATION"),
        ],
    )
    def test_a_word_whose_capital_says_nothing_is_no_name(self, text, word, entity):
        assert without_capitals(text, spans_of(text, (word, entity))) == []

    @pytest.mark.parametrize(
        ("text", "word", "entity", "score"),
        [
            (_ENGLISH + "Then Volgens said so.", "Volgens", "LAST_NAME", 0.7),  # inside
            (_ENGLISH + "Volgens left. So Volgens it is.", "Volgens", "LAST_NAME", 0.7),
            (_ENGLISH + "Volgens left.", "Volgens", "LAST_NAME", 0.97),  # surely read
            (_ENGLISH + "Bakke left.", "Bakke", "LAST_NAME", 0.7),  # a name by the lists
            (_ENGLISH + "Volgens-Smith left.", "Volgens", "LAST_NAME", 0.7),
            (_GERMAN + "Man sah bis Oberpfuhldorf.", "Oberpfuhldorf", "CITY", 0.7),
            ("Volgens hem was het laat.", "Volgens", "LAST_NAME", 0.7),  # too short a text
        ],
    )
    def test_names_stay(self, text, word, entity, score):
        spans = spans_of(text, (word, entity, score))
        assert without_capitals(text, spans) == spans

    def test_part_of_a_longer_name_is_one(self):
        text = _GERMAN + "Der Zeuge Sascha Preusz schwieg. Die Kammer hat Preusz gehört."
        spans = spans_of(text, ("Sascha Preusz", "PERSON"), ("Preusz", "LAST_NAME"))
        assert without_capitals(text, spans) == spans


def test_a_name_ends_with_its_sentence():
    text = "So did Ravenscar. Sorley sent on a boy."
    spans = spans_of(text, ("Ravenscar", "LAST_NAME"), ("Sorley", "LAST_NAME"))
    assert told(text, whole_names(text, spans)) == [
        ("Ravenscar", "LAST_NAME"), ("Sorley", "LAST_NAME"),
    ]  # fmt: skip
    assert told(text, without_doubts(text, spans_of(text, ("Ravenscar. Sorley", "PERSON")))) == [
        ("Ravenscar", "PERSON"), ("Sorley", "PERSON"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["St. Paul", "Wm. Sorley", "Prof. Sorley", "J. Sorley"])
def test_a_point_in_a_name_ends_none(name):
    spans = spans_of(name, (name, "PERSON"))
    assert without_doubts(name, spans) == spans


class TestTitles:
    @pytest.mark.parametrize(
        ("clause", "whole"),
        [
            ("In Venlo wordt mevrouw Smeets boos.", "mevrouw Smeets"),
            ("Kontakt z Panem Nowickim dzisiaj.", "Panem Nowickim"),
            ("Said Ms Van Dorn, and left.", "Ms Van"),
            ("Bij ziekte van de heer el Amrani wacht men.", "de heer el Amrani"),
        ],
    )
    def test_who_has_a_title_is_somebody(self, clause, whole):
        text = _ENGLISH + clause
        assert told(text, with_titles(text, [])) == [(whole, "PERSON")]

    def test_what_was_read_as_a_town_behind_a_title_is_a_person(self):
        text = _ENGLISH + "So Mrs London left."
        assert told(text, with_titles(text, spans_of(text, ("London", "CITY")))) == [
            ("Mrs London", "PERSON")
        ]

    @pytest.mark.parametrize(
        "text",
        [
            _ENGLISH + "Thank you, Mr President, and Herrn Doktor.",
            _ENGLISH + "The dr said so, and mr smith too.",
            "I like Mr Robot and Dr Pepper.",  # too short a text
        ],
    )
    def test_a_title_alone_is_nobody(self, text):
        assert with_titles(text, []) == []

    @pytest.mark.parametrize("title", ["Herrn", "avv.", "dott.ssa", "doña", "Panem", "de heer"])
    def test_titles_of_more_languages_are_part_of_the_name(self, title):
        text = f"{title} Lara Kern"
        assert told(text, with_titles(text, spans_of(text, ("Lara Kern", "PERSON")))) == [
            (text, "PERSON")
        ]
