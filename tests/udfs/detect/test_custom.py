"""What a policy adds and takes away."""

from __future__ import annotations

import pickle

import polars as pl
import pytest

from lakescan.policy import Policy
from lakescan.udfs.detect import Values, build_detectors
from lakescan.udfs.detect.custom import RegexDetector

POLICY = r"""
version: 1
detectors:
  - {name: badge, entity: EMPLOYEE_ID, regex: 'EMP-\d{5}', context: [badge], score: 0.6}
  - {name: word, entity: CODE_WORD, regex: '\bzz\w+', ignore_case: true}
  - {name: project, entity: PROJECT, words: [Apollo, Grün Müller], ignore_case: true}
  - {name: exact, entity: PROJECT, words: [Zeus]}
allow: [ann@example.com, {regex: '10\..*', entities: [IP_ADDRESS]}]
deny: [{entity: ORGANIZATION, words: [wayne enterprises]}]
entities: {disable: [URL]}
thresholds: {entities: {DATE_TIME: 0.99}}
"""


@pytest.fixture(scope="module")
def ask():
    detectors = pickle.loads(pickle.dumps(build_detectors(Policy.parse(POLICY))))
    detectors.setup()

    def told(value, method="detect_texts"):
        found = getattr(detectors, method)(Values.of([value])).to_pylist()
        return [(f["detector"], value[f["start"] : f["end"]], round(f["score"], 2)) for f in found]

    return told


def test_a_pattern_of_the_users_own(ask):
    assert ask("no. EMP-12345") == [("custom.badge", "EMP-12345", 0.6)]
    assert ask("badge EMP-12345") == [("custom.badge", "EMP-12345", 0.95)]
    assert ask("the ZZtop") == [("custom.word", "ZZtop", 0.6)]


def test_words_are_found_whole(ask):
    assert ask("é project apollo, GRÜN MÜLLER") == [
        ("custom.project", "apollo", 0.6),
        ("custom.project", "GRÜN MÜLLER", 0.6),
    ]
    assert ask("apollon and zeus") == []
    assert ask("Zeus") == [("custom.exact", "Zeus", 0.6)]


def test_allowed_values_are_never_told(ask):
    assert ask("ann@example.com bob@example.com") == [("pattern.email", "bob@example.com", 1.0)]
    assert ask("10.0.0.1 203.0.113.9") == [("pattern.ipv4", "203.0.113.9", 0.95)]


def test_denied_words_are_always_told(ask):
    assert ask("at Wayne Enterprises") == [("deny.organization", "Wayne Enterprises", 1.0)]


def test_disabled_entities_and_thresholds(ask):
    assert ask("https://example.com/x") == []
    assert ask("on 2024-02-29") == []
    assert ("pattern.date_iso", "2024-02-29", 0.9) in ask("2024-02-29", "detect")


def test_versions_tell_the_policy_apart():
    one, other = (build_detectors(Policy.parse(text)).versions for text in (POLICY, "version: 1"))
    assert one["custom.badge"]
    assert "custom.badge" not in other
    assert one["pattern"] == other["pattern"]


@pytest.mark.parametrize(
    "regex",
    [r"\d{3}-\d{2}", r"[\w.]+!", r"\bfoo\b", r"(?s)a.b", r"[^\d]x", r"\pL+9", "ü+x", "a&&b"],
)
def test_the_first_look_loses_nothing(regex):
    from lakescan.policy import CustomDetector, compile_regex

    texts = ["123-45", "a.b!", "foo", "xfoo bar foo", "a\nb", "éx", "ł9", "üx", "a&&b", "", "a-b x"]
    declared = CustomDetector(name="t", entity="PERSON", regex=regex)
    found = RegexDetector(declared, "1").detect(Values(pl.Series(texts))).to_pylist()
    expected = [
        (row, match.start(), match.end())
        for row, value in enumerate(texts)
        for match in compile_regex(regex).finditer(value)
    ]
    assert sorted((f["row"], f["start"], f["end"]) for f in found) == expected
