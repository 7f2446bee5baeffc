"""Previews show a value's shape and hide the value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.udfs.classify.profile.masking import MAX_LENGTH, mask


@pytest.mark.parametrize(
    "value, preview",
    [
        ("jane.doe@example.com", "j***@e***.com"),
        ("078-05-1120", "***-**-**20"),
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("+1 (202) 555-0142", "+* (***) ***-**42"),
        ("Maria Schmidt", "M*** S***"),
        ("Anna", "***"),
        ("42", "***"),
        ("M", "***"),
        ("12 Elm Street", "*** E*** S***"),
        ("DE89370400440532013000", "******************3000"),
    ],
)
def test_previews(value: str, preview: str) -> None:
    assert mask(value) == preview


@given(st.text(max_size=200))
def test_a_preview_is_short_and_gives_little_away(value: str) -> None:
    preview = mask(value)
    assert len(preview) <= MAX_LENGTH
    digits = sum(c.isdigit() for c in preview)
    assert digits <= 4
    if sum(c.isalnum() for c in value) < 6 and "@" not in value:
        assert not any(c.isalnum() for c in preview)


@given(st.from_regex(r"[a-z]{3,12}\.[a-z]{3,12}@[a-z]{4,10}\.(com|org)", fullmatch=True))
def test_an_address_keeps_two_letters_and_the_ending(value: str) -> None:
    local, _, domain = value.partition("@")
    assert mask(value) == f"{local[0]}***@{domain[0]}***.{domain.rsplit('.')[-1]}"
