"""Presidio's recognizer registry as a policy."""

from __future__ import annotations

from pathlib import Path

import pytest

import lakescan
from lakescan.errors import PolicyError
from lakescan.policy import Policy
from lakescan.policy.importers import import_policy

REGISTRY = Path(__file__).parent / "samples" / "registry.yaml"


@pytest.fixture(scope="module")
def imported():
    return import_policy(REGISTRY, "presidio")


@pytest.fixture
def registry(tmp_path):
    def read(text):
        file = tmp_path / "registry.yaml"
        file.write_text(text)
        return import_policy(file, "presidio")

    return read


def detector(policy, name):
    (found,) = [each for each in policy.detectors if each.name == name]
    return found


def notes(imported):
    return [str(note) for note in imported.notes]


def test_what_is_on_is_looked_for_and_nothing_else(imported):
    on = {
        "CREDIT_CARD", "IBAN", "US_SSN", "DE_TAX_ID", "PERSON", "FIRST_NAME", "STAFF_NUMBER",
        "TITLE", "FREE_TEXT",
    }  # fmt: skip
    off = {"US_PASSPORT", "ES_NIF", "EMAIL_ADDRESS", "CITY", "DATE_TIME"}
    assert {name for name in on | off if imported.policy.enabled(name)} == on


def test_patterns_words_and_scores(imported):
    policy = imported.policy
    strong, weak = (
        detector(policy, "staff_number_with_prefix"),
        detector(policy, "staff_number_bare_weak"),
    )
    assert strong.entity == weak.entity == "STAFF_NUMBER"
    assert (strong.score, weak.score) == (0.6, 0.05)
    assert strong.ignore_case
    assert strong.context == ("staff", "employee")
    assert weak.regex == r"(?ms)^\d{5}$"
    words = detector(policy, "staff_number_deny_list")
    assert (words.words, words.score) == (("S-BOSS",), 0.9)
    assert detector(policy, "titles").score == 1.0
    assert policy.threshold("US_SSN") == 0.6
    assert policy.threshold("STAFF_NUMBER", "custom.staff_number_bare_weak") == 0.0


def test_what_is_not_carried_over_is_told_with_its_line(imported):
    told = notes(imported)
    for part in [
        "line 2: supported_languages: lakescan looks for everything in every language",
        "CreditCardRecognizer: its context words are replaced",
        "SpacyRecognizer: its model is not used",
        "AzureAILanguageRecognizer: not carried over: it asks a service elsewhere",
        "NoSuchRecognizer: not carried over: no such recognizer is known",
        "line 27: recognizers[9].patterns[2]: not carried over: regex: not a pattern that RE2 accepts",
    ]:
        assert any(part in each for each in told), part
    assert all("UsPassport" not in each for each in told)


def test_the_file_that_is_written_is_the_policy(imported):
    text = imported.to_yaml()
    assert Policy.parse(text) == imported.policy
    assert Policy.parse(text).hash == imported.policy.hash
    for each in imported.notes:
        assert " ".join(str(each).split()) in text


def test_texts_are_read_as_presidio_would(imported):
    text = "Mrs. Lee, staff no S-12345, card 4111 1111 1111 1111, s-boss\n54321\n"
    found = lakescan.detect(text, imported.policy, accuracy_mode="patterns")
    told = {(f.entity, text[f.start : f.end], round(f.score, 2)) for f in found}
    assert {
        ("TITLE", "Mrs.", 1.0),
        ("STAFF_NUMBER", "S-12345", 0.95),
        ("CREDIT_CARD", "4111 1111 1111 1111", 1.0),
        ("STAFF_NUMBER", "s-boss", 0.9),
        ("STAFF_NUMBER", "54321", 0.05),
    } <= told


def test_an_analyzers_configuration_is_read_too(registry):
    imported = registry(
        "default_score_threshold: 0.4\nnlp_configuration: {nlp_engine_name: spacy}\n"
        "recognizer_registry:\n  recognizers:\n"
        "  - {name: A, supported_entity: A_THING, patterns: [{name: p, regex: 'a\\d', score: 0.5}]}\n"
    )
    assert imported.policy.thresholds.default == 0.4
    assert imported.policy.threshold("A_THING", "custom.a") == 0.4
    assert imported.policy.enabled("PERSON")
    assert not imported.policy.enabled("EMAIL_ADDRESS")
    assert any("its models are not used" in each for each in notes(imported))


@pytest.mark.parametrize(
    "flags, regex, expected, ignore_case",
    [
        (26, r"a.b\Z", r"(?ms)a.b\z", True),
        (0, r"a.b", "a.b", False),
        (2, r"\u00e9+", r"\x{00e9}+", True),
        (26, r"a\.b", r"a\.b", True),
    ],
)
def test_pythons_flags_and_spellings_become_re2s(registry, flags, regex, expected, ignore_case):
    imported = registry(
        f"global_regex_flags: {flags}\nrecognizers:\n"
        f"- {{name: A, supported_entity: A_THING, patterns: [{{name: p, regex: '{regex}', score: 0.5}}]}}\n"
    )
    (made,) = imported.policy.detectors
    assert (made.regex, made.ignore_case) == (expected, ignore_case)


@pytest.mark.parametrize(
    "text, said",
    [
        ("recognizers: {a: 1}\n", "recognizers: must be a list"),
        ("a: 1\n", "has no recognizers"),
        ("recognizers: [{type: predefined}]\n", "recognizers[0].name: is missing"),
        ("recognizers: [{name: A, enabled: perhaps}]\n", "must be true or false"),
        ("recognizers: [{name: A\n", "not valid YAML"),
    ],
)
def test_what_is_no_registry_is_refused_with_its_line(registry, text, said):
    with pytest.raises(PolicyError) as error:
        registry(text)
    assert said in str(error.value)


def test_a_registry_with_nothing_on_looks_for_nothing(registry):
    imported = registry(
        "recognizers: [{name: SpacyRecognizer, enabled: false}, {name: IpRecognizer, enabled: off}]\n"
    )
    assert not imported.policy.enabled("IP_ADDRESS")
    assert not imported.policy.enabled("PERSON")


def test_names_that_mean_more_than_one_thing_are_kept_apart(registry):
    patterns = "patterns: [{name: p, regex: 'zz', score: 0.5}]"
    imported = registry(
        "recognizers:\n"
        f"- {{name: A, supported_entity: PII, {patterns}}}\n"
        f"- {{name: A, supported_entity: PASSWORDS, {patterns}}}\n"
        "- {name: SpacyRecognizer, enabled: false}\n"
    )
    assert [each.name for each in imported.policy.detectors] == ["a", "a_2"]
    assert imported.policy.enabled("PII_VALUE")
    assert imported.policy.enabled("PASSWORDS")
    assert not imported.policy.enabled("US_SSN")
