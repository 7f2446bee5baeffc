"""Keys that are values."""

from __future__ import annotations

import pytest

from lakescan.entities.keys import is_value


@pytest.mark.parametrize(
    "key",
    ["ann@example.org", "4711", "555-01-2345", "+49 30 1234567", "2026-11-27", "2024", "q3_2024", "user_100234",
     "9f1c2b64-8d0a-4c3e-b7f0-0d4f1a2b3c4d", "DE89370400440532013000", "10.20.30.4",
     "<EMAIL_ADDRESS>", "<PERSON_12> (3)", "lks1.key.c0tWGv."],
)  # fmt: skip
def test_what_names_nobody_would_give_to_a_column(key):
    assert is_value(key)


@pytest.mark.parametrize(
    "key",
    ["email", "e-mail", "addr1", "line_2", "ISO 3166", "y2024", "@type", "@id", "", "12",
     "xmlns:foo", "a.b", "Geb.datum", "utf8mb4", "icd10", "<b>", "user@", "sha256"],
)  # fmt: skip
def test_names(key):
    assert not is_value(key)


def test_a_long_key_takes_no_long():
    assert not is_value("@" * 1_000_000)
    assert not is_value("1x" * 4 + "-" * 1_000_000)
