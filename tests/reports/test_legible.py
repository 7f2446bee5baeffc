"""Names and figures as a person reads them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.reports.legible import legible, percent, plural, shortened, size


@given(st.text())
def test_nothing_hidden_is_left(text):
    hidden = {"Cc", "Cs", "Zl", "Zp"}
    assert not any(unicodedata.category(character) in hidden for character in legible(text))
    assert not set(legible(text)) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b"
    )


@pytest.mark.parametrize(
    "text, shown",
    [
        ("customer.email", "customer.email"),
        ("Straße_名前_البريد", "Straße_名前_البريد"),
        ("a\nb\t\x1b[2J", "a\\nb\\t\\x1b[2J"),
        ("salary\u202egnp.exe", "salary\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
    ],
)
def test_legible(text, shown):
    assert legible(text) == shown


@given(st.text(), st.integers(1, 30))
def test_shortened_keeps_the_bound_and_both_ends(text, length):
    short = shortened(text, length)
    assert len(short) <= max(length, 1)
    if len(text) > length > 2:
        assert short[0] == text[0]
        assert short[-1] == text[-1]


@pytest.mark.parametrize(
    "share, shown",
    [(0, "0 %"), (1, "100 %"), (0.004, "<1 %"), (0.9996, ">99 %"), (0.5, "50 %"), (0.97, "97 %")],
)
def test_percent_is_never_rounded_to_all_or_nothing(share, shown):
    assert percent(share) == shown


@pytest.mark.parametrize(
    "count, shown",
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2_097_152, "2.1 MB"), (5e15, "5.0 PB")],
)
def test_size(count, shown):
    assert size(count) == shown


def test_plural():
    assert plural(1, "column") == "1 column"
    assert plural(1204, "column") == "1,204 columns"
    assert plural(2, "more was", "more were") == "2 more were"
