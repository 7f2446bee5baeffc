"""The interval of a prevalence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.udfs.classify.verdict.interval import wilson


def test_known_values() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81 of 263 and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_a_full_scan_has_no_doubt() -> None:
    assert wilson(3, 12, total=12) == (0.25, 0.25)


def test_a_sample_of_most_rows_has_less_doubt_than_one_of_few() -> None:
    few, most = wilson(50, 100, total=1_000_000), wilson(50, 100, total=110)
    assert few[0] < most[0] < 0.5 < most[1] < few[1]


def test_nothing_seen_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_what_was_not_seen_may_stand_in_about_four_of_a_thousand_rows() -> None:
    # The rule of three says 3/n; the score interval is a little wider.
    low, high = wilson(0, 1000)
    assert low == 0
    assert 0.003 <= high <= 0.004


@given(st.integers(1, 10_000), st.data(), st.integers(0, 10**9))
def test_the_share_lies_inside(seen: int, data: st.DataObject, unseen: int) -> None:
    hits = data.draw(st.integers(0, seen))
    low, high = wilson(hits, seen, seen + unseen)
    assert 0 <= low <= hits / seen <= high <= 1
