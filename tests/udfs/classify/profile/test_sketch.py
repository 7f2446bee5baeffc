"""Distinct counts that merge."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lakescan.udfs.classify.profile.sketch import DistinctSketch, SketchBuilder

HASHES = arrays(np.uint64, st.integers(0, 200), elements=st.integers(0, 2**64 - 1))


def sketch(hashes: np.ndarray, precision: int = 12) -> DistinctSketch:
    builder = SketchBuilder(precision)
    builder.update(hashes)
    return builder.freeze()


@pytest.mark.parametrize("size", [0, 1, 2, 10, 100, 1_000, 10_000, 100_000, 1_000_000])
@pytest.mark.parametrize("precision", [10, 12])
def test_the_estimate_is_within_four_standard_errors(size: int, precision: int) -> None:
    hashes = np.random.default_rng(size + precision).integers(0, 2**64, size, dtype=np.uint64)
    error = 4 * 1.04 / math.sqrt(2**precision)
    assert sketch(hashes, precision).count() == pytest.approx(size, rel=error, abs=1)


@given(HASHES, HASHES)
def test_a_merged_sketch_is_the_sketch_of_both(one: np.ndarray, two: np.ndarray) -> None:
    together = sketch(np.concatenate((one, two)))
    assert sketch(one).merge(sketch(two)) == together
    assert sketch(two).merge(sketch(one)) == together
    assert together.merge(together) == together


@given(HASHES)
def test_a_folded_sketch_is_the_smaller_sketch_of_the_same_values(hashes: np.ndarray) -> None:
    assert sketch(hashes, 12).fold(10) == sketch(hashes, 10)
    assert sketch(hashes, 10).fold(10) == sketch(hashes, 10)


@given(HASHES)
def test_the_text_form_reads_back(hashes: np.ndarray) -> None:
    assert DistinctSketch.from_text(sketch(hashes).to_text()) == sketch(hashes)


def test_repeats_do_not_count() -> None:
    assert sketch(np.full(10_000, 42, dtype=np.uint64)).count() == 1


def test_the_extreme_hashes_are_counted() -> None:
    assert sketch(np.array([0, 2**64 - 1], dtype=np.uint64)).count() == 2
