"""Overlapping findings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.udfs.detect import no_findings, resolve
from lakescan.udfs.detect.collect import Collector
from lakescan.udfs.detect.resolve import rank_of

spans = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 20), st.integers(1, 8), st.sampled_from([0.2, 0.5, 0.9]),
        st.sampled_from(["pattern.a", "shape.b", "dictionary.c", "deny.d", "other", "context.e"]),
    ),
    max_size=15,
)  # fmt: skip


def table(rows):
    out = Collector()
    for row, start, size, score, detector in rows:
        at = [np.array([n], np.int64) for n in (row, start, start + size)]
        out.add(*at, ("E", detector, score))
    return out.table()


def told(rows):
    return [(f["row"], f["start"], f["detector"]) for f in resolve(table(rows)).to_pylist()]


def test_nothing_from_nothing():
    assert resolve(no_findings()).num_rows == 0


def test_a_proven_finding_beats_a_longer_shape():
    assert told([(0, 0, 9, 0.9, "shape.x"), (0, 2, 4, 0.5, "pattern.y")]) == [(0, 2, "pattern.y")]


def test_longer_beats_shorter_and_score_breaks_ties():
    assert told([(0, 0, 4, 0.9, "pattern.x"), (0, 0, 9, 0.5, "pattern.y")]) == [(0, 0, "pattern.y")]
    assert told([(0, 0, 4, 0.5, "pattern.x"), (0, 0, 4, 0.9, "pattern.y")]) == [(0, 0, "pattern.y")]


def test_what_is_denied_beats_all():
    assert told([(0, 0, 9, 1.0, "pattern.x"), (0, 3, 2, 0.1, "deny.y")]) == [(0, 3, "deny.y")]


@settings(max_examples=60, deadline=None)
@given(spans)
def test_what_remains_does_not_overlap_and_covers_what_fell(rows):
    kept = resolve(table(rows)).to_pylist()
    assert [(f["row"], f["start"]) for f in kept] == sorted((f["row"], f["start"]) for f in kept)
    for one, other in pairwise(kept):
        assert one["row"] != other["row"] or one["end"] <= other["start"]
    for row, start, size, _, detector in rows:
        assert any(
            f["row"] == row and f["start"] < start + size and f["end"] > start
            and rank_of(f["detector"]) >= rank_of(detector)
            for f in kept
        )  # fmt: skip
