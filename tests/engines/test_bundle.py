"""Bundles of units."""

from __future__ import annotations

import engine_tasks as tasks
from hypothesis import given
from hypothesis import strategies as st

from lakescan.engines.bundle import MOST_BYTES, MOST_UNITS, bundles

UNITS = st.lists(st.integers(0, 2 * MOST_BYTES).map(tasks.Weighed), max_size=200)


@given(UNITS, st.integers(1, 8))
def test_every_unit_is_in_one_bundle_in_order_with_its_index(units, parallelism):
    packed = list(bundles(units, parallelism))
    assert [pair for bundle in packed for pair in bundle] == list(enumerate(units))
    assert all(packed)


@given(UNITS, st.integers(1, 8))
def test_a_bundle_of_more_than_one_is_within_its_bounds(units, parallelism):
    for bundle in bundles(units, parallelism):
        assert len(bundle) <= MOST_UNITS
        assert len(bundle) == 1 or sum(unit.weight for _, unit in bundle) <= MOST_BYTES


def test_every_worker_gets_several():
    assert len(list(bundles([tasks.Weighed(1000)] * 64, 2))) >= 16
