"""``accuracy_mode`` and ``ner`` in a policy."""

from __future__ import annotations

import pytest

from lakescan.policy import Policy

WRONG = {
    "accuracy_mode: standart": "must be 'patterns', 'fast', 'standard' or 'high' (did you mean "
    "'standard'?)",
    "accuracy_mode: high": "ner.model: is what accuracy_mode high needs",
    "accuracy_mode: fast\nner: {model: m}": "is not used by fast",
    "ner: {labels: {PER: PERSON}}": "are those of ner.model",
    "ner: {model: m, labels: {PER: PRESON}}": "ner.labels.PER: unknown entity 'PRESON' (did you "
    "mean 'PERSON'?)",
    "ner: {values_per_column: 0}": "must be greater than or equal to 1",
    "ner: {modell: m}": "unknown key (did you mean 'model'?)",
}


@pytest.mark.parametrize("text, said", WRONG.items(), ids=lambda value: value[:40])
def test_what_is_wrong_is_said(text, said):
    (problem, *_) = map(str, Policy.check(f"version: 1\n{text}"))
    assert said in problem


def test_an_alias_is_the_catalogs_name():
    policy = Policy.parse("version: 1\nner: {model: m, labels: {PER: full_name}}")
    assert policy.ner.labels == {"PER": "PERSON"}


def test_a_folder_stands_beside_the_policy(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "policy.yaml").write_text("version: 1\nner: {model: model}\n")
    policy = Policy.load(tmp_path / "policy.yaml")
    assert policy.ner.model == str(tmp_path / "model")
    assert Policy.parse("version: 1\nner: {model: 'spacy:en_core_web_sm'}").ner.model == (
        "spacy:en_core_web_sm"
    )


def test_it_is_written_and_read_back():
    policy = Policy.parse("version: 1\naccuracy_mode: high\nner: {model: m, labels: {PER: PERSON}}")
    assert Policy.parse(policy.to_yaml()) == policy
