"""Findings that overlap, which some rules for conflicts leave: all of them goes, and nothing else."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from lakescan.jobs.anonymize.texts import TextAnonymizer
from lakescan.jobs.detect import Finding
from lakescan.policy import Policy
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan, Treatment
from lakescan.udfs.anonymize.rewriter import Rewriter
from lakescan.udfs.anonymize.spans import apart
from lakescan.udfs.detect import build_detectors

place = st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(1, 9)).map(
    lambda it: (it[0], it[1], it[1] + it[2])
)


def covered(places):
    return {(row, at) for row, start, end in places for at in range(start, end)}


@given(st.lists(place, max_size=12).map(sorted))
def test_places_cover_the_same_and_lie_apart(places):
    rows, starts, ends = (
        np.array([each[n] for each in places], np.int64).reshape(-1) for n in range(3)
    )
    kept, begins = apart(rows, starts, ends)
    made = list(zip(rows[kept].tolist(), begins.tolist(), ends[kept].tolist(), strict=True))
    assert covered(made) == covered(places)
    assert sum(end - start for _, start, end in made) == len(covered(places))
    assert made == sorted(made)


#: A custom detector within another, and one that begins in it and ends after it.
POLICY = """
version: 1
accuracy_mode: patterns
conflicts: {rule}
detectors:
  - name: outer
    entity: OUTER
    regex: 'secret \\w+ of \\w+'
    score: 0.9
  - name: inner
    entity: INNER
    regex: 'plan of Ann Example'
    score: 0.8
anonymize:
  rules:
    - {{entities: [OUTER, INNER], operator: replace}}
"""
TEXT = "the secret plan of Ann Example lies here"


def policy(rule):
    return Policy.parse(POLICY.format(rule=rule))


@pytest.mark.parametrize("rule", ["presidio", "protegrity"])
def test_columns_of_texts_keep_what_stands_around(rule):
    rules = policy(rule)
    detectors = build_detectors(rules)
    detectors.setup()
    plan = ColumnPlan(0, "note", spans={"*": Treatment("redact")})
    rewriter = Rewriter(TablePlan((plan,)), rules, Workshop(None), detectors)
    made = rewriter.rewrite(pa.record_batch({"note": [TEXT, "nothing", TEXT]}))
    assert made["note"].to_pylist() == ["the  lies here", "nothing", "the  lies here"]


def test_texts_lose_all_that_was_found():
    found = [
        Finding(4, 18, "PERSON", "PERSON", 0.9, "a"),
        Finding(11, 15, "PERSON", "PERSON", 0.9, "b"),
        Finding(11, 30, "STREET", "LOCATION", 0.9, "c"),
    ]
    made = TextAnonymizer(Policy.default()).anonymize([TEXT], [found])[0]
    assert made.text == "the <PERSON><STREET> lies here"
    assert [(each.start, each.end) for each in made.replacements] == [(4, 18), (18, 30)]
