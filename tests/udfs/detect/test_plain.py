"""Numbers and addresses written with other characters than ASCII's."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.udfs.detect.plain import plain

WRITTEN = [
    ("IBAN", "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000"),
    ("CREDIT_CARD", "4111\u202f1111\u202f1111\u202f1111"),
    ("US_SSN", "123\u201145\u20116789"),
    ("PHONE_NUMBER", "+44\u200920\u20097946\u20090958"),
    ("PHONE_NUMBER", "(202)\u00a0555\u20130142"),
    ("EMAIL_ADDRESS", "ａｎｎ＠ｅｘａｍｐｌｅ．ｏｒｇ"),
    ("CREDIT_CARD", "٤١١١١١١١١١١١١١١١"),
]


@pytest.mark.parametrize(("entity", "written"), WRITTEN)
def test_it_is_found_in_a_text_and_as_a_cell(text, cell, entity, written):
    assert text(f"é {written}, please") == [(entity, written)]
    assert entity in cell(written).values()


def test_years_with_a_dash_between_are_no_number(text):
    assert text("from 2010–2015, 10–12 items, pages 123–145") == []


@given(st.text(max_size=30))
def test_code_points_stay_where_they_are(value):
    made = plain(pl.Series([value]))[0]
    assert len(made) == len(value)
    assert all(new == old or (new.isascii() and not old.isascii())
               for new, old in zip(made, value, strict=True))  # fmt: skip
