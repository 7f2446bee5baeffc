"""Why findings of a text are told, and others are not."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from lakescan.policy import Policy
from lakescan.udfs.detect import Values, build_detectors
from lakescan.udfs.detect.describe import describe
from lakescan.udfs.detect.explaining import bare_forms, context_words, judge_text
from lakescan.udfs.detect.patterns import all_patterns


def built(text=""):
    detectors = build_detectors(Policy.parse(text) if text else Policy.default())
    detectors.setup()
    return detectors


@pytest.fixture(scope="module")
def detectors():
    return built()


def test_a_finding_that_loses_names_the_one_that_won(detectors):
    text = "SSN 219-09-9998, call 202-555-0142"
    told, rejected = judge_text(detectors, text)
    assert "PHONE_NUMBER" in {f.entity for f in told}
    lost = [f for f in rejected if "outvoted by" in f.why]
    assert lost
    places = {f" at {winner.start}-{winner.end}" for winner in told}
    assert all(any(place in f.why for place in places) for f in lost)
    assert "better proof" in " ".join(f.why for f in lost)


@pytest.mark.parametrize(
    "policy, why",
    [
        ("entities: {disable: [EMAIL_ADDRESS]}\n", "the policy does not look for it"),
        ("allow: [{words: [ann@example.org]}]\n", "on the policy's allow list"),
        ("thresholds: {entities: {EMAIL_ADDRESS: 1.0}, detectors: {pattern.email: 1.0}}\n", None),
    ],
)
def test_the_policys_word_is_named(policy, why):
    told, rejected = judge_text(built(policy), "write to ann@example.org")
    reasons = {f.why for f in rejected if f.entity == "EMAIL_ADDRESS"}
    assert (reasons == {why}) if why else [f.entity for f in told] == ["EMAIL_ADDRESS"]


def test_a_threshold_is_named():
    text = "passport X12345678 of"
    _, rejected = judge_text(built("thresholds: {entities: {US_PASSPORT: 0.9}}\n"), text)
    assert "0.75 is below the threshold 0.9" in {f.why for f in rejected}


def test_the_words_nearby_are_given(detectors):
    told, _ = judge_text(detectors, "her Passport is X12345678 now")
    (passport,) = [f for f in told if f.entity == "US_PASSPORT"]
    policy = detectors.policy
    assert context_words("her Passport is X12345678 now", passport, policy) == ("passport",)


def test_the_words_near_a_detector_of_the_policys_own_are_given():
    policy = Policy.parse(
        "detectors: [{name: badge, entity: EMPLOYEE_ID, regex: 'B\\d{4}', context: [pass, Ausweis]}]\n"
    )
    detectors = build_detectors(policy)
    detectors.setup()
    text = "Ihr AUSWEIS ist B1234"
    told, _ = judge_text(detectors, text)
    (badge,) = [f for f in told if f.detector == "custom.badge"]
    assert context_words(text, badge, policy) == ("ausweis",)


@pytest.mark.parametrize(
    "rule, why",
    [
        ("evidence", "longer"),
        ("longest", "longer"),
        ("best_score", "higher score"),
        ("most_specific", "finer name"),
        ("protegrity", "it lies within that"),
    ],
)
def test_the_rule_by_which_a_finding_lost_is_named(rule, why):
    detectors = built(
        "thresholds: {default: 0.1}\nentities: {enable: [LOCATION]}\n"
        f"conflicts: {rule}\n"
        "detectors:\n"
        "- {name: a, entity: LOCATION, regex: 'zz11', score: 0.9}\n"
        "- {name: b, entity: BUILDING, regex: 'zz1', score: 0.5}\n"
        "- {name: c, entity: LOCATION, regex: 'zz1122', score: 0.4}\n"
    )
    told, rejected = judge_text(detectors, "zz1122")
    assert len(told) == 1
    assert why in {f.why.rpartition(": ")[2] for f in rejected}


def test_what_is_denied_is_named_as_the_winner():
    detectors = built("deny: [{entity: LOCATION, words: [example.com]}]\n")
    _, rejected = judge_text(detectors, "mail ann@example.com")
    assert "the policy denies it" in {f.why.rpartition(": ")[2] for f in rejected}


def test_a_form_without_a_word_nearby_is_seen(detectors):
    text = "the é code X12345678 is fine"
    told, _ = judge_text(detectors, text)
    (form,) = [f for f in bare_forms(text, told, detectors) if "shape.us_passport" in f.detectors]
    assert text[form.start : form.end] == "X12345678"


@settings(max_examples=25)
@given(st.text(alphabet="aé𝄞 .@-0123456789SN", min_size=1, max_size=60))
def test_told_is_what_detect_tells_and_offsets_cut_the_text(text):
    detectors = DEFAULT
    told, rejected = judge_text(detectors, text)
    rows = detectors.detect_texts(Values.of([text])).to_pylist()
    assert [(f.start, f.end, f.entity) for f in told] == [
        (r["start"], r["end"], r["entity"]) for r in rows
    ]
    assert not set(told) & set(rejected)
    assert all(f.why for f in rejected)
    for form in bare_forms(text, told, detectors):
        assert 0 <= form.start < form.end <= len(text)


DEFAULT = built()


def test_every_pattern_is_described_and_its_check_has_a_source():
    for pattern in all_patterns():
        assert describe(pattern.detector), pattern.name
    assert "ISO 13616" in describe("pattern.iban")
    assert "Luhn" in describe("pattern.credit_card")
    assert describe("shape.us_passport") == "the form fits, which proves little"
    assert describe("context.us_passport") == "the form fits, and a word nearby says so"
    assert describe("dictionary.city") == "words of a list"
    assert describe("pattern.of_somebody_else") == describe("others.badge") == ""
