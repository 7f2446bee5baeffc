"""Scores and their intervals."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from lakescan.jobs.evaluate.tally import FALSE_ALARM, HIT, MISS, Counts, level
from lakescan.reports.evaluation.model import Resampling

HOW = Resampling(200, 7)


def counts_of(rows, names=("A", "B")):
    counts = Counts(names, len(rows), 3)
    counts.values[:] = np.array(rows).reshape(len(rows), len(names), 3)
    return counts


def test_the_scores_are_those_of_the_definition():
    counts = Counts(["A"], 1)
    for kind, times in ((HIT, 6), (FALSE_ALARM, 2), (MISS, 4)):
        counts.add(0, "A", kind, times)
    score = level("tokens", counts, HOW).micro
    assert (score.precision.value, score.recall.value) == (6 / 8, 6 / 10)
    assert score.f1.value == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))
    assert score.f2.value == pytest.approx(5 * 0.75 * 0.6 / (4 * 0.75 + 0.6))
    assert score.support == 10


def test_macro_is_the_mean_over_what_the_gold_has():
    counts = counts_of([[[2, 0, 0], [0, 3, 0]], [[0, 0, 2], [0, 0, 0]]])
    found = level("columns", counts, HOW)
    assert found.macro_f1.value == pytest.approx(2 * 2 / (4 + 2))
    assert [score.name for score in found.entities] == ["A", "B"]


def test_nothing_to_divide_by_is_no_number():
    score = level("spans", counts_of([[[0, 0, 3], [0, 0, 0]]]), HOW).entities[0]
    assert score.precision.value is None
    assert score.recall.value == 0.0


def test_the_same_seed_gives_the_same_interval_and_another_does_not():
    counts = counts_of(np.random.default_rng(1).integers(0, 9, (40, 2, 3)).tolist())
    first, again = level("x", counts, HOW), level("x", counts, HOW)
    assert first == again
    assert level("x", counts, Resampling(200, 8)).micro.f1 != first.micro.f1


def test_without_draws_there_is_no_interval():
    measure = level("x", counts_of([[[1, 1, 1], [1, 0, 0]]]), Resampling(0)).micro.f1
    assert measure.value is not None
    assert measure.low is None


def test_the_interval_is_about_as_wide_as_theory_says():
    rows = [[[int(n % 4 != 0), 0, int(n % 4 == 0)], [0, 0, 0]] for n in range(400)]
    recall = level("x", counts_of(rows), Resampling(2000, 3)).micro.recall
    assert recall.value == 0.75
    half = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert recall.low == pytest.approx(0.75 - half, abs=0.006)
    assert recall.high == pytest.approx(0.75 + half, abs=0.006)


@given(st.lists(st.lists(st.integers(0, 5), min_size=6, max_size=6), min_size=1, max_size=12))
def test_measures_and_bounds_are_shares_in_order(rows):
    found = level("x", counts_of(rows), Resampling(50, 1))
    for score in (*found.entities, found.micro):
        for measure in (score.precision, score.recall, score.f1, score.f2):
            if measure.value is not None and measure.low is not None:
                assert 0 <= measure.low <= measure.high <= 1
                assert 0 <= measure.value <= 1
