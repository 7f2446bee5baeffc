"""Accuracy modes: which model reads, who decides, and what is said when there is none."""

from __future__ import annotations

import json

import pytest

import lakescan
from lakescan import Policy
from lakescan.errors import MissingDependencyError, PolicyError, UnknownNameError, UsageError
from lakescan.jobs.accuracy import asked, decided, fallback
from lakescan.udfs.detect import build_detectors
from lakescan.udfs.detect.ner import choice

TEXT = "Ann Lee of Acme wrote to ann@example.com from Paris"


@pytest.fixture
def policy(small_model):
    return Policy.parse(f"version: 1\nner: {{model: {json.dumps(str(small_model))}}}")


def test_a_policy_that_names_a_model_means_high(policy):
    assert decided(policy).accuracy_mode == "high"
    found = [(f.entity, TEXT[f.start : f.end], f.detector) for f in lakescan.detect(TEXT, policy)]
    assert found == [
        ("PERSON", "Ann Lee", "ner.high"),
        ("ORGANIZATION", "Acme", "ner.high"),
        ("EMAIL_ADDRESS", "ann@example.com", "pattern.email"),
        ("CITY", "Paris", "ner.high"),
    ]
    assert lakescan.detect(TEXT, policy)[0].category == "PERSON"


def test_patterns_reads_with_no_model(policy):
    found = lakescan.detect(TEXT, policy, accuracy_mode="patterns")
    assert [f.entity for f in found] == ["EMAIL_ADDRESS"]


def test_the_label_map_names_the_entities(small_model):
    text = f"version: 1\nner: {{model: {json.dumps(str(small_model))}, labels: {{CITY: COUNTRY}}}}"
    found = lakescan.detect("in Paris", Policy.parse(text))
    assert [f.entity for f in found] == ["COUNTRY"]


def test_findings_of_a_column_are_read_in_each_row(policy):
    import pyarrow as pa

    array = pa.array(["Ann Lee", None, "ask Bob", "Ann Lee"])
    table = lakescan.detect_column(array, "note", policy).table
    rows = [(f["row"], f["start"], f["end"], f["entity"]) for f in table.to_pylist()]
    assert rows == [(0, 0, 7, "PERSON"), (2, 4, 7, "FIRST_NAME"), (3, 0, 7, "PERSON")]


def test_high_needs_a_model():
    with pytest.raises(PolicyError, match=r"ner\.model"):
        lakescan.detect("x", accuracy_mode="high")


def test_a_mode_that_is_none_is_refused_with_a_suggestion():
    with pytest.raises(UnknownNameError, match="standard"):
        lakescan.detect("x", accuracy_mode="standart")


def test_a_folder_that_is_none_is_the_policys_error(tmp_path):
    policy = Policy.parse(f"version: 1\nner: {{model: {json.dumps(str(tmp_path))}}}")
    with pytest.raises(PolicyError, match=r"ner\.model.*no model folder"):
        lakescan.detect("x", policy)


def test_the_default_is_what_is_installed(monkeypatch, small_model):
    shipped = choice.ModelFolder.read(small_model)
    monkeypatch.setattr(choice, "shipped_folder", lambda mode: shipped)
    assert decided(Policy.default()).accuracy_mode == "standard"
    assert fallback(Policy.default()) is None
    found = build_detectors(decided(Policy.default()))
    assert found.versions["ner.standard"].startswith("1-")
    monkeypatch.setattr(choice, "missing_runtime", lambda: "onnxruntime")
    assert decided(Policy.default()).accuracy_mode == "patterns"
    assert 'pip install "lakescan[ner]"' in (fallback(Policy.default()) or "")
    with pytest.raises(MissingDependencyError, match=r"lakescan\[ner\]"):
        build_detectors(asked(Policy.default(), "standard"))
    monkeypatch.setattr(choice, "missing_runtime", lambda: None)
    monkeypatch.setattr(choice, "shipped_folder", lambda mode: None)
    assert decided(Policy.default()).accuracy_mode == "patterns"
    assert fallback(Policy.default()) is None
    with pytest.raises(UsageError, match="no fast model"):
        build_detectors(asked(Policy.default(), "fast"))


def test_the_run_says_which_mode_it_was(policy, tmp_path):
    (tmp_path / "a.csv").write_text("email\na@example.com\n")
    for mode, version in ((None, "high"), ("patterns", "patterns")):
        out = tmp_path / f"run-{version}"
        lakescan.scan(tmp_path / "a.csv", policy, output=out, accuracy_mode=mode)
        versions = json.loads((out / "run.json").read_text())["versions"]
        assert versions["accuracy_mode"] == version
        assert ("ner.high" in versions) == (version == "high")


def test_the_mode_and_the_model_are_in_the_hash_but_not_where_the_model_lies(small_model):
    def hash_of(text):
        return Policy.parse(f"version: 1\n{text}").hash

    assert hash_of("accuracy_mode: patterns") != hash_of("") != hash_of("ner: {model: m}")
    assert hash_of("ner: {model: a/m}") == hash_of("ner: {model: /b/m}")
