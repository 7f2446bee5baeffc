"""Candidates: a check says of few what it says of many, whichever engine looks."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.udfs.detect.checksums import codes, internet
from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.matching.regexes import FEW

TEXTS = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.text("aZ0 .:*=-$,é•", max_size=12),
        st.sampled_from(
            ["908, the court", "9 rue Dr.", "12 com o Dr", "user=ann", "attempts=3", "policy!",
             "deadbeef01", "Tr0ub4dor&3", "a=b", "ab=cd=e", "", "\n", "**••"]
        ),
    ),
    min_size=1, max_size=5,
)  # fmt: skip
CHECKS = [
    codes.no_clause, codes.not_a_placeholder, codes.high_entropy, internet.not_an_assignment,
    internet.internationalized, lambda candidates: candidates.matches("[A-Z]+[0-9]*"),
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
@given(texts=TEXTS)
def test_few_are_judged_as_many_are(check, texts):
    few = check(Candidates(pl.Series(texts, dtype=pl.String)))
    many = check(Candidates(pl.Series(texts * FEW, dtype=pl.String)))
    np.testing.assert_array_equal(np.tile(few, FEW), many)


@given(texts=TEXTS)
def test_compact_is_letters_and_digits_of_ascii_in_upper_case(texts):
    compact = Candidates(pl.Series(texts, dtype=pl.String)).compact.to_list()
    assert compact == [
        "".join(each.upper() for each in text if each.isascii() and each.isalnum())
        for text in texts
    ]
