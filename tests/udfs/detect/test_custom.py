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


def told_by(policy, value, base="."):
    detectors = build_detectors(Policy.parse(policy, base=base))
    detectors.setup()
    found = detectors.detect_texts(Values.of([value])).to_pylist()
    return [(f["entity"], value[f["start"] : f["end"]]) for f in found]


TWO = "ann@example.com and bob@example.com"
ANN, BOB = ("EMAIL_ADDRESS", "ann@example.com"), ("EMAIL_ADDRESS", "bob@example.com")


@pytest.mark.parametrize(
    "rule, told",
    [
        ("ANN@example.com", [BOB]),
        ("{words: ANN@example.com, ignore_case: false}", [ANN, BOB]),
        ("{words: ann@example.com, ignore_case: false}", [BOB]),
        ("{words: ann@example.com, entities: [EMAIL_ADDRESS]}", [BOB]),
        ("{words: ann@example.com, entities: [PHONE_NUMBER]}", [ANN, BOB]),
        ("{words: ann, entities: [PII]}", [ANN, BOB]),
        ("{regex: 'B.*', entities: [PII]}", [ANN, BOB]),
        ("{regex: 'B.*', ignore_case: true}", [ANN]),
        ("{regex: 'b.*', words: [ANN@EXAMPLE.COM]}", []),
        ("{words_file: allowed.txt}", [BOB]),
    ],
)
def test_allow_rules(tmp_path, rule, told):
    (tmp_path / "allowed.txt").write_text("carl@example.com\n\nann@example.com\n")
    assert told_by(f"allow: [{rule}]\n", TWO, tmp_path) == told


@pytest.mark.parametrize(
    "rule, told",
    [
        ("{entity: PROJECT, words: [BLUEBIRD]}", ["bluebird", "Bluebird"]),
        ("{entity: PROJECT, words: [Bluebird], ignore_case: false}", ["Bluebird"]),
        ("{entity: PROJECT, regex: 'B\\w+d'}", ["Bluebird"]),
        ("{entity: PROJECT, regex: 'B\\w+d', ignore_case: true}", ["bluebird", "Bluebird"]),
        ("{entity: PROJECT, words_file: denied.txt}", ["bluebird", "Bluebird"]),
        ("{entity: PROJECT, words: [re], regex: 'B\\w+d'}", ["Bluebird", "re"]),
    ],
)
def test_deny_rules(tmp_path, rule, told):
    (tmp_path / "denied.txt").write_text("bluebird\n")
    policy = "detectors: [{name: p, entity: PROJECT, words: [no such word]}]\n"
    found = told_by(f"{policy}deny: [{rule}]\n", "is bluebird or Bluebird, re", tmp_path)
    assert found == [("PROJECT", word) for word in told]


def test_lists_hash_by_what_they_mean():
    texts = [
        "allow: [Ann]", "allow: [{words: Ann, ignore_case: false}]", "allow: [{regex: Ann}]",
        "allow: [{regex: Ann, ignore_case: true}]",
    ]  # fmt: skip
    assert len({Policy.parse(text).hash for text in texts}) == len(texts)
    same = ["allow: [ann]", "allow: [{words: [ANN], ignore_case: true}]"]
    assert len({Policy.parse(text).hash for text in [texts[0], *same]}) == 1


def test_a_deny_pattern_that_matches_everywhere_is_refused():
    (problem,) = Policy.check("deny: [{entity: PERSON, regex: 'x*'}]")
    assert "matches the empty text" in str(problem)


def test_many_findings_of_one_long_cell_are_allowed():
    value = "é ann@example.com bob@example.com " * 20_000
    policy = "allow: [ann@example.com]\nentities: {enable: [EMAIL_ADDRESS]}\n"
    assert set(told_by(policy, value)) == {BOB}
