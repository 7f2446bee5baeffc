"""Overlapping findings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.udfs.detect import no_findings, resolve
from lakescan.udfs.detect.collect import Collector
from lakescan.udfs.detect.conflicts.ranks import rank_of

spans = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 20), st.integers(1, 8), st.sampled_from([0.2, 0.5, 0.9]),
        st.sampled_from(["pattern.a", "shape.b", "dictionary.c", "deny.d", "ner.x", "context.e"]),
        st.sampled_from(["DATE", "TIME", "DATE_OF_BIRTH", "E"]),
    ),
    max_size=15,
)  # fmt: skip


def table(rows):
    out = Collector()
    for row, start, size, score, detector, *entity in rows:
        at = [np.array([n], np.int64) for n in (row, start, start + size)]
        out.add(*at, (*(entity or ["E"]), detector, score))
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


@settings(max_examples=60)
@given(spans)
def test_what_remains_does_not_overlap_and_covers_what_fell(rows):
    kept = resolve(table(rows)).to_pylist()
    assert [(f["row"], f["start"]) for f in kept] == sorted((f["row"], f["start"]) for f in kept)
    for one, other in pairwise(kept):
        assert one["row"] != other["row"] or one["end"] <= other["start"]
    for row, start, size, _, detector, entity in rows:
        assert any(
            f["row"] == row and f["start"] < start + size and f["end"] > start
            and (
                rank_of(f["detector"]) >= rank_of(detector)
                # A model's finding that says more, where it holds the other one.
                or (f["start"] <= start and start + size <= f["end"]
                    and (f["entity"] == entity or "E" not in (f["entity"], entity)))
            )
            for f in kept
        )  # fmt: skip
        if detector == "deny.d":
            held = [f for f in kept if f["row"] == row and f["detector"] == detector]
            assert any(f["start"] < start + size and f["end"] > start for f in held)


def words(rows):
    return [
        (f["start"], f["end"], f["entity"], f["detector"]) for f in resolve(table(rows)).to_pylist()
    ]


def test_a_model_tells_the_whole_of_which_a_pattern_knows_a_part():
    date = (0, 0, 20, 0.8, "ner.x", "DATE")
    assert words([date, (0, 12, 5, 0.9, "pattern.time", "TIME")]) == [(0, 20, "DATE", "ner.x")]
    address = (0, 0, 20, 0.8, "ner.x", "ADDRESS")
    assert words([address, (0, 15, 5, 0.9, "pattern.zip", "ZIPCODE")]) == [
        (0, 20, "ADDRESS", "ner.x")
    ]


def test_a_date_of_birth_is_the_finer_name_of_a_date():
    assert words(
        [(0, 3, 10, 0.7, "ner.x", "DATE_OF_BIRTH"), (0, 3, 10, 0.95, "pattern.date", "DATE_TIME")]
    ) == [(3, 13, "DATE_OF_BIRTH", "ner.x")]


def test_a_model_outvotes_no_checksum():
    card = (0, 5, 16, 0.9, "pattern.credit_card", "CREDIT_CARD")
    assert words([(0, 0, 30, 1.0, "ner.x", "ORGANIZATION"), card]) == [
        (5, 21, "CREDIT_CARD", "pattern.credit_card")
    ]
    # Nor does it where it would tell more of one rival and less of another.
    date = (0, 0, 30, 1.0, "ner.x", "DATE")
    time = (0, 25, 5, 0.9, "pattern.time", "TIME")
    assert words([date, card, time]) == [
        (5, 21, "CREDIT_CARD", "pattern.credit_card"),
        (25, 30, "TIME", "pattern.time"),
    ]


def test_a_model_outvotes_lists():
    assert words(
        [(0, 0, 5, 0.4, "ner.x", "CITY"), (0, 0, 5, 0.9, "dictionary.a", "LAST_NAME")]
    ) == [(0, 5, "CITY", "ner.x")]
