"""What the words around a span say of it: greetings, closings, conjunctions."""

from __future__ import annotations

import re

import pytest

import lakescan
from lakescan.udfs.detect.ner.corrections.small_words import without_small_words
from lakescan.udfs.detect.ner.corrections.vocatives import with_vocatives
from lakescan.udfs.detect.ner.spans import Span


def marked(text, entity):
    """A text without its brackets, and the span that they marked."""
    start, end = text.index("["), text.index("]") - 1
    return re.sub(r"[\[\]]", "", text), [Span(start, end, entity, 0.8)]


@pytest.mark.parametrize(
    "text",
    [
        "Good morning, [Austin]. The memo is here.",
        "hi [georgia], are you there?",
        "Liebe [Charlotte],\nvielen Dank",
        "See you soon.\n\nBest regards,\n[Dakota]",
        "Con muchos saludos\n[Santiago]",
    ],
)
def test_who_is_greeted_or_signs_is_a_person(text):
    text, spans = marked(text, "CITY")
    assert [span.entity for span in with_vocatives(text, spans)] == ["FIRST_NAME"]


@pytest.mark.parametrize(
    "text",
    [
        "Good morning, [Rotterdam]!",
        "Dear [Austin] office, the memo is here.",
        "I moved to [Austin].",
        "Best regards from\nsunny [Austin]",
    ],
)
def test_towns_stay_towns(text):
    text, spans = marked(text, "CITY")
    assert with_vocatives(text, spans) == spans


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Oslo [and Bergen]", ["Bergen"]),
        ("in [Oslo und] dann", ["Oslo"]),
        ("Norway, [and] 19 Brisas", []),
        ("at [Marks and Spencer] today", ["Marks and Spencer"]),
        ("to [Per Olsen] today", ["Per Olsen"]),
    ],
)
def test_conjunctions_begin_and_end_no_name(text, told):
    text, spans = marked(text, "CITY")
    assert [text[s.start : s.end] for s in without_small_words(text, spans)] == told


@pytest.mark.parametrize(
    "text",
    [
        "update the phone to 312 773 6916",
        "**Phone Number:** 509-731-8331",
        "sms to 788 902 885 failed",
    ],
)
def test_a_dialled_number_is_a_phone_whatever_its_check_digit(text):
    found = lakescan.detect(text, accuracy_mode="patterns")
    assert [each.entity for each in found] == ["PHONE_NUMBER"]


def test_a_number_with_its_own_name_before_it_stays():
    found = lakescan.detect("her mobile is off; NHS number 312 773 6916", accuracy_mode="patterns")
    assert [each.entity for each in found] == ["UK_NHS"]
