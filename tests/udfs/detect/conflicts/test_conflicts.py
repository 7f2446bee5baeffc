"""Each rule for overlapping findings, beside a plain one-by-one telling of it."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lakescan
from lakescan.policy import ConflictRule, Policy
from lakescan.udfs.detect import resolve
from lakescan.udfs.detect.collect import Collector
from lakescan.udfs.detect.conflicts.overlaps import Spans, contained_in_better, winners
from lakescan.udfs.detect.conflicts.ranks import rank_of, specificity_of
from lakescan.udfs.detect.conflicts.resolve import Claims

RULES = get_args(ConflictRule)
#: Those that let nothing overlap.
STRICT = [rule for rule in RULES if rule not in ("protegrity", "presidio")]

findings = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 20), st.integers(1, 9), st.sampled_from([0.25, 0.5, 0.75]),
        st.sampled_from(["pattern.email", "pattern.url", "custom.c", "deny.d", "ner.x", "other.y"]),
        st.sampled_from(["DATE", "TIME", "DATE_OF_BIRTH", "LOCATION", "CITY", "OWN"]),
    ),
    max_size=14,
    unique=True,
)  # fmt: skip


def table(rows):
    out = Collector()
    for row, start, size, score, detector, entity in rows:
        at = [np.array([n], np.int64) for n in (row, start, start + size)]
        out.add(*at, (entity, detector, score))
    return out.table()


def told(rows, rule):
    return {
        (f["row"], f["start"], f["end"] - f["start"], f["score"], f["detector"], f["entity"])
        for f in resolve(table(rows), rule).to_pylist()
    }


def overlap(one, other):
    return one[0] == other[0] and one[1] < other[1] + other[2] and other[1] < one[1] + one[2]


def inside(one, other):
    return one[0] == other[0] and other[1] <= one[1] and one[1] + one[2] <= other[1] + other[2]


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=30)
@given(rows=findings, seed=st.integers(0, 1000))
def test_the_order_of_the_findings_does_not_matter(rule, rows, seed):
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert told(rows, rule) == told(shuffled, rule)


@pytest.mark.parametrize("rule", STRICT)
@settings(max_examples=30)
@given(rows=findings)
def test_nothing_overlaps_and_all_that_fell_overlaps_what_is_told(rule, rows):
    kept = resolve(table(rows), rule).to_pylist()
    assert kept == sorted(kept, key=lambda f: (f["row"], f["start"]))
    for one, other in pairwise(kept):
        assert one["row"] != other["row"] or one["end"] <= other["start"]
    if rule != "evidence":
        here = told(rows, rule)
        assert all(any(overlap(row, one) for one in here) for row in rows)


KEYS = {
    "longest": lambda f: (f[2], f[3], rank_of(f[4])),
    "best_score": lambda f: (f[3], f[2], rank_of(f[4])),
    "most_specific": lambda f: (specificity_of(f[5]), rank_of(f[4]), f[2], f[3]),
}


@pytest.mark.parametrize("rule", KEYS)
@settings(max_examples=30)
@given(rows=findings)
def test_what_fell_met_one_that_is_no_worse(rule, rows):
    here, key = told(rows, rule), KEYS[rule]
    denied = [one for one in here if one[4] == "deny.d"]
    for row in set(rows) - here:
        met = [one for one in here if overlap(row, one)]
        assert any(one in denied or key(one) >= key(row) for one in met)
    for row in here - set(denied):
        assert not any(overlap(row, one) for one in denied)


@settings(max_examples=40)
@given(rows=findings)
def test_protegritys_lets_partial_overlaps_be(rows):
    rows = [row for row in rows if row[4] != "deny.d"]
    here = told(rows, "protegrity")
    for row in rows:
        longer = any(inside(row, one) and one[2] > row[2] for one in rows)
        equal = [one for one in rows if inside(row, one) and one[2] == row[2]]
        if longer:
            assert row not in here
        else:
            (winner,) = [one for one in equal if one in here]
            assert winner[3] == max(one[3] for one in equal)


@settings(max_examples=40)
@given(rows=findings)
def test_presidios_drops_what_lies_in_a_surer_one_of_the_same_entity(rows):
    rows = [row for row in rows if row[4] != "deny.d"]
    here = told(rows, "presidio")
    for row in rows:
        others = [one for one in rows if one != row and one[5] == row[5] and inside(row, one)]
        if any(one[3] > row[3] or (one[3] == row[3] and one[2] > row[2]) for one in others):
            assert row not in here
        elif not others:
            assert row in here


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=60), st.randoms()
)  # fmt: skip
def test_all_rows_at_once_is_one_after_the_other(pairs, shuffling):
    starts = np.array([start for start, _ in pairs], np.int64)
    ends = np.array([start + size for start, size in pairs], np.int64)
    turns = list(range(len(pairs)))
    shuffling.shuffle(turns)
    expected, inner = [], []
    for place in sorted(range(len(pairs)), key=turns.__getitem__):
        if all(ends[place] <= starts[k] or starts[place] >= ends[k] for k in expected):
            expected.append(place)
        if any(starts[k] <= starts[place] and ends[place] <= ends[k]
               for k in range(len(pairs)) if turns[k] < turns[place]):  # fmt: skip
            inner.append(place)
    spans, order = Spans(starts, ends), np.array(turns, np.int64)
    assert np.flatnonzero(winners(spans, order)).tolist() == sorted(expected)
    assert np.flatnonzero(contained_in_better(spans, order)).tolist() == sorted(inner)


def test_a_chain_as_long_as_a_page_is_settled():
    size = 200_000
    starts = np.arange(size, dtype=np.int64) * 2
    kept = winners(Spans(starts, starts + 3), np.arange(size))
    assert np.flatnonzero(kept).tolist() == list(range(0, size, 2))


def test_claims_keep_rows_apart():
    claims = Claims.of(table([(0, 5, 4, 0.5, "ner.x", "DATE"), (1, 0, 9, 0.5, "ner.x", "DATE")]))
    assert claims.spans.ends[0] <= claims.spans.starts[1]


#: The example of docs/policy.md.
POLICY = r"""
thresholds: {default: 0.3}
detectors:
  - {name: ticket, entity: TICKET, regex: 'T-\d{4}-\d{3}', score: 0.6}
  - {name: year, entity: DATE, regex: '\b\d{4}\b', score: 0.9}
  - {name: room, entity: LOCATION, regex: '\d{3} upstairs', score: 0.8}
"""
TEXT = "see T-1994-312 upstairs"


@pytest.mark.parametrize(
    "rule, expected",
    [
        ("evidence", ["312 upstairs", "1994"]),
        ("longest", ["312 upstairs", "1994"]),
        ("best_score", ["1994", "312 upstairs"]),
        ("most_specific", ["T-1994-312"]),
        ("protegrity", ["T-1994-312", "312 upstairs"]),
        ("presidio", ["T-1994-312", "1994", "312 upstairs"]),
    ],
)
def test_the_example_of_the_page(rule, expected):
    policy = Policy.parse(f"{POLICY}conflicts: {rule}\n")
    found = lakescan.detect(TEXT, policy, accuracy_mode="patterns")
    assert {TEXT[f.start : f.end] for f in found} == set(expected)


def test_a_rule_that_is_none_is_refused_and_the_default_keeps_the_hash():
    (problem,) = Policy.check("conflicts: longst\n")
    assert "did you mean 'longest'" in str(problem)
    assert Policy.parse("conflicts: evidence\n").hash == Policy.default().hash
    hashes = {Policy.parse(f"conflicts: {rule}\n").hash for rule in RULES}
    assert len(hashes) == len(RULES)
