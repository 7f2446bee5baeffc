"""Ranges of keys: what travels is what was cut, and the ranges cover everything once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lakescan.connectors.sql.bounds import KeyRange, even_cuts, ranges_between
from lakescan.connectors.sql.splits import spread

VALUES = (
    st.integers(-(2**63), 2**63)
    | st.uuids()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes()
)
KEYS = st.none() | st.lists(VALUES, min_size=1, max_size=3).map(tuple)


@given(st.lists(st.text(), max_size=3).map(tuple), KEYS, KEYS)
def test_a_range_survives_its_text(columns, low, high):
    within = KeyRange(columns, low, high)
    assert KeyRange.of_text(within.to_text()) == within


def holds(within: KeyRange, key: int) -> bool:
    return (within.low is None or key >= within.low[0]) and (
        within.high is None or key < within.high[0]
    )


@given(st.integers(-100, 100), st.integers(0, 300), st.integers(1, 40), st.integers(-200, 400))
def test_a_key_is_in_one_range(first, span, pieces, key):
    cuts = even_cuts(first, first + span, pieces)
    assert cuts == sorted(set(cuts))
    assert len(cuts) < max(2, pieces)
    ranges = ranges_between(("id",), [(cut,) for cut in cuts])
    assert sum(holds(within, key) for within in ranges) == 1
    for within in ranges:
        parts = spread(within, within.low or (first,), within.high or (first + span,), 5)
        assert sum(holds(part, key) for part in parts) == holds(within, key)
