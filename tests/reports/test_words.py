"""Numbers and codes in words."""

import pytest

from lakescan.reports.catalog import about, title_of
from lakescan.reports.html.words import certainty, moment, reason_words


@pytest.mark.parametrize(
    "confidence, word",
    [
        (1.0, "very sure"),
        (0.9, "very sure"),
        (0.8, "sure"),
        (0.5, "likely"),
        (0.1, "possible"),
        (0.0, "possible"),
    ],
)
def test_certainty(confidence, word):
    assert certainty(confidence) == word


def test_reasons_say_what_a_detector_looked_at():
    assert reason_words("pattern.iban") == "Shape and check digits fit"
    assert reason_words("header") == "The column's name"
    assert reason_words("thirdparty.x") == ""


@pytest.mark.parametrize(
    "stamp, words",
    [
        ("2026-11-22T06:15:00Z", "22 November 2026, 06:15 UTC"),
        ("2026-01-02T01:15:00+02:00", "1 January 2026, 23:15 UTC"),
        ("<soon>", "<soon>"),
    ],
)
def test_moment(stamp, words):
    assert moment(stamp) == words


@pytest.mark.parametrize(
    "name, title",
    [
        ("US_SSN", "US SSN"),
        ("EMAIL_ADDRESS", "Email address"),
        ("CREDIT_CARD", "Credit card"),
        ("IBAN", "IBAN"),
        ("EMPLOYEE_BADGE", "Employee badge"),
        ("", ""),
    ],
)
def test_titles(name, title):
    assert title_of(name) == title


def test_entity_of_a_policy_is_described_by_its_name():
    assert about("EMPLOYEE_BADGE").title == "Employee badge"
    assert about("EMPLOYEE_BADGE").regulations == ()
