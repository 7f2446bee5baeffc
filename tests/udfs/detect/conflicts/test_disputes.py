"""Findings in cells, settled before they are counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.policy import Policy
from lakescan.udfs.detect import Values, build_detectors, resolve
from lakescan.udfs.detect.collect import Group, table_of
from lakescan.udfs.detect.conflicts.disputes import Disputes

kinds = st.sampled_from(
    [("pattern.email", 0.75), ("shape.x", 0.25), ("ner.m", 0.5), ("custom.c", 1.0), ("deny.d", 1.0)]
)
groups = st.lists(
    st.tuples(
        kinds, st.sampled_from(["DATE", "CITY", "OWN"]),
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 15), st.integers(1, 6)), max_size=4),
    ),
    max_size=6,
)  # fmt: skip


def made(given_groups):
    found = []
    for (detector, score), entity, spans in given_groups:
        rows, starts, sizes = np.array(spans, np.int64).reshape(-1, 3).T
        found.append(Group(entity, detector, score, rows, starts, starts + sizes))
    return found


def places(some):
    return sorted(
        (g.detector, g.entity, *place)
        for g in some
        for place in zip(g.rows.tolist(), g.starts.tolist(), g.ends.tolist(), strict=True)
    )


@settings(max_examples=60)
@given(
    groups, st.sampled_from(["longest", "best_score", "most_specific", "protegrity", "presidio"])
)
def test_of_a_cell_is_told_what_is_told_of_a_text_and_nothing_goes_missing(some, rule):
    found = made(some)
    settled = Disputes(Policy.parse(f"conflicts: {rule}")).settled(found)
    lost = [g for g in settled if g.detector.startswith("lost.")]
    bare = [(d.removeprefix("lost."), *rest) for d, *rest in places(settled)]
    assert sorted(bare) == places(found)
    told = [g for g in settled if not g.detector.startswith("lost.") and g.score >= 0.5]
    sure = [g for g in found if g.score >= 0.5]
    assert table_of(told).num_rows == resolve(table_of(sure), rule).num_rows
    assert all(g.score >= 0.5 for g in lost)


def test_without_a_rule_of_its_own_a_policy_leaves_all_to_the_verdict():
    at = np.zeros(1, np.int64)
    both = [Group("DATE", "pattern.date", 0.9, at, at, at + 9)] * 2
    assert Disputes(Policy.default()).settled(both) == both


def test_a_guess_by_a_word_nearby_yields_to_a_check_over_the_same_digits():
    texts = ["Called about card 3782 822463 10005.", "Called from 030 901820."]
    detectors = build_detectors(Policy.parse("accuracy_mode: patterns"))
    detectors.setup()
    told = {(g.entity, g.detector) for g in detectors.evidence.groups(Values.of(texts[:1]))}
    assert ("PHONE_NUMBER", "lost.context.phone_national") in told
    assert ("CREDIT_CARD", "pattern.credit_card") in told
    assert not any(d.startswith("context.phone") for _, d in told)
    both = detectors.evidence.groups(Values.of(texts))
    kept = [g for g in both if g.detector == "context.phone_national"]
    assert [g.rows.tolist() for g in kept] == [[1]]


def read_by_model(texts, rule, more=""):
    detectors = build_detectors(Policy.parse(f"accuracy_mode: fast\nconflicts: {rule}\n{more}"))
    detectors.setup()
    values = Values.of(texts)
    found = detectors.read(values).to_pylist()
    return [(f["row"], values.series[f["row"]][f["start"] : f["end"]]) for f in found]


def test_a_model_reads_nothing_where_it_loses_but_a_whole_cell_is_left_to_the_verdict():
    texts = [
        "Maria Schmidt moved to Berlin last year, her badge is in the drawer.",
        "Maria Schmidt",
    ]
    custom = "detectors: [{name: mover, entity: MOVER, regex: 'Maria Schmidt', score: 1.0}]"
    for rule in ("evidence", "longest"):
        assert {row for row, text in read_by_model(texts, rule) if "Maria" in text} == {0, 1}
        read = read_by_model(texts, rule, custom)
        assert (0, "Berlin") in read
        told = {row for row, text in read if "Maria" in text}
        assert told == ({1} if rule == "evidence" else set())


def test_a_number_that_a_pattern_tells_is_nothing_else_to_the_model():
    """A note's SSN is told once, and not as a telephone too; what says the same may stay."""
    texts = ["Spoke with Ann Lee about 612-34-5678 and ann.lee@example.com"]
    policy = "accuracy_mode: standard\nentities: {disable: [US_SSN]}"
    detectors = build_detectors(Policy.parse(policy))
    detectors.setup()
    alone = {f["entity"] for f in detectors.read(Values.of(texts)).to_pylist()}
    detectors = build_detectors(Policy.parse("accuracy_mode: standard"))
    detectors.setup()
    read = {f["entity"] for f in detectors.read(Values.of(texts)).to_pylist()}
    assert "PHONE_NUMBER" in alone
    assert {"PERSON"} <= read
    assert "PHONE_NUMBER" not in read


@pytest.mark.parametrize("rule", ["longest", "presidio"])
def test_what_is_below_its_threshold_is_in_no_dispute(rule):
    at = np.zeros(1, np.int64)
    weak = Group("DATE", "shape.date", 0.3, at, at, at + 9)
    sure = Group("CITY", "pattern.city", 0.9, at, at, at + 4)
    assert Disputes(Policy.parse(f"conflicts: {rule}")).settled([weak, sure]) == [weak, sure]
