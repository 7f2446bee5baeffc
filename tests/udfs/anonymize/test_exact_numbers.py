"""Numbers in documents of which something else changes stay as they were written."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.udfs.anonymize.documents import rewritten_documents


def hidden(path, values):
    return pa.array(["***"] * len(values), pa.large_string()) if path == ".email" else None


def rewritten(text, change=hidden):
    return rewritten_documents(pa.array([text]), change).to_pylist()[0]


@pytest.mark.parametrize(
    "number",
    ["18446744073709551616", "-9223372036854775809", "123456789012345678901234567890", "1.10",
     "1E+2", "0.1234567890123456789", "7", "-0.0"],
)  # fmt: skip
def test_a_number_keeps_its_digits(number):
    text = f'{{"email":"a@b.com","n":{number},"deep":[{{"n":{number}}}]}}'
    assert rewritten(text) == text.replace("a@b.com", "***")


@given(st.integers(-(10**40), 10**40))
def test_whole_numbers_of_any_size_round_trip(number):
    assert json.loads(rewritten(json.dumps({"email": "a", "n": number})))["n"] == number


def test_a_long_number_is_given_as_its_digits_and_becomes_one_again():
    given_texts = []

    def change(path, values):
        given_texts.extend(values.to_pylist())
        return pa.array(["98765432109876543210"], pa.large_string())

    assert rewritten('{"n":12345678901234567890}', change) == '{"n":98765432109876543210}'
    assert given_texts == ["12345678901234567890"]


def test_what_is_no_json_stays():
    assert (
        rewritten('{"email":"a@b.com","n":NaN, "m": 1.5}')
        == '{"email":"a@b.com","n":NaN, "m": 1.5}'
    )
