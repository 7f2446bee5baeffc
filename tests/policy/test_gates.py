"""Gates: what they say, and when they trip."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.errors import UnknownNameError, UsageError
from lakescan.policy import Gate, GateHit, Policy, parse_gate

HIT = GateHit(
    entity="IBAN",
    category="BANK_ACCOUNT",
    domain="PII",
    sensitive=True,
    prevalence=0.5,
    confidence=0.9,
    rows_hit=100,
)


@pytest.mark.parametrize(
    "text",
    [
        "sensitive", "Sensitive", "IBAN", "iban", "iban_code", "BANK_ACCOUNT", "PII", "domain:PII", "category:BANK_ACCOUNT",
        "entity:IBAN", "IB*", "*", "IBAN>0.4", "IBAN >= 0.5", "IBAN>=50%", "IBAN.confidence>0.8", "IBAN.rows>=100", " IBAN > 0.4 ",
        "sensitive>0.4", "sensitive.rows>99", "IBAN.prevalence>=.5",
    ],
)  # fmt: skip
def test_a_gate_that_trips(text):
    assert parse_gate(text).trips(HIT)


@pytest.mark.parametrize(
    "text",
    [
        "BIC",
        "PCI",
        "IBAN>0.5",
        "IBAN>50%",
        "IBAN.confidence>=0.95",
        "IBAN.rows>100",
        "sensitive>0.5",
        "category:LOCATION",
        "US_*",
    ],
)
def test_a_gate_that_does_not(text):
    assert not parse_gate(text).trips(HIT)


def test_sensitive_asks_only_for_sensitive_columns():
    assert not parse_gate("sensitive").trips(replace(HIT, sensitive=False))
    assert parse_gate("IBAN").trips(replace(HIT, sensitive=False))


def test_a_bare_name_trips_on_a_verdict_from_the_header_alone():
    assert parse_gate("IBAN").trips(replace(HIT, prevalence=0.0, rows_hit=0))
    assert not parse_gate("IBAN>0").trips(replace(HIT, prevalence=0.0, rows_hit=0))


@pytest.mark.parametrize("text, said",
    [
        ("", "not a gate"), ("IBAN>", "not a gate"), (">0.5", "not a gate"), ("IBAN<0.5", "compare with"), ("IBAN=0.5", "compare with"),
        ("IBAN>1.5", "0 to 1"), ("IBAN>150%", "0 to 1"), ("IBAN>0.5.1", "no number"), ("IBAN.size>1", "unknown measure"),
        ("IBAN.rows", "not a gate"), ("IBANN", "did you mean"), ("domain:IBAN", "unknown domain"), ("IBAN>0.5>0.6", "not a gate"),
    ],
)  # fmt: skip
def test_a_gate_that_says_nothing(text, said):
    with pytest.raises(UsageError, match=said):
        parse_gate(text)


def test_a_gate_may_name_an_entity_of_the_policy():
    policy = Policy.parse(
        "detectors: [{name: a, entity: BADGE, regex: 'B\\d+'}]\ngates: [BADGE>0.1]"
    )
    assert policy.parsed_gates()[0].trips(replace(HIT, entity="BADGE", category="BADGE"))
    with pytest.raises(UnknownNameError):
        parse_gate("BADGE")


@given(
    st.sampled_from(["prevalence", "confidence"]),
    st.sampled_from([">", ">="]),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_limit_is_held_against_its_measure(measure, op, limit, value):
    gate = Gate("", None, measure, op, limit)
    hit = replace(HIT, prevalence=0.0, confidence=0.0) if limit else HIT
    assert gate.trips(replace(hit, **{measure: value})) == (
        value > limit or (op == ">=" and value == limit)
    )


@given(st.text(max_size=20))
def test_any_text_is_a_gate_or_a_usage_error(text):
    try:
        gate = parse_gate(text)
    except UsageError:
        gate = None
    assert gate is None or gate.trips(HIT) in (True, False)
