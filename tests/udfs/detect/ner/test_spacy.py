"""spaCy pipelines as models: a real one, made here of a blank pipeline and rules."""

from __future__ import annotations

import json
import sys

import pytest

import lakescan
from lakescan import Policy
from lakescan.errors import MissingDependencyError, PolicyError
from lakescan.udfs.detect import Values
from lakescan.udfs.detect.ner.spacy import SpacyDetector

TEXT = "On Monday Ann Lee of Acme (Paris) wrote to ann@example.com for $5."


def test_without_spacy_the_error_says_what_to_install(monkeypatch):
    from lakescan.udfs.detect.ner import spacy as module

    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"lakescan\[spacy\]"):
        lakescan.detect(TEXT, Policy.parse("version: 1\nner: {model: 'spacy:en_core_web_sm'}"))


@pytest.fixture
def pipeline(tmp_path):
    """A saved pipeline whose recognizer is a list of rules, with OntoNotes' labels."""
    spacy = pytest.importorskip("spacy", reason='pip install "lakescan[spacy]"')
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    labels = {"Monday": "DATE", "Ann Lee": "PERSON", "Acme": "ORG", "Paris": "GPE",
              "ann@example.com": "EMAIL_ADDRESS", "wrote": "WORK_OF_ART"}  # fmt: skip
    ruler.add_patterns([{"label": label, "pattern": words} for words, label in labels.items()])
    nlp.to_disk(tmp_path / "rules")
    return tmp_path / "rules"


def found(detector, text):
    table = detector.detect(Values.of(["x", text])).to_pylist()
    return [(f["entity"], text[f["start"] : f["end"]]) for f in table if f["row"] == 1]


def test_its_labels_become_entities_and_patterns_keep_theirs(pipeline):
    detector = SpacyDetector(str(pipeline))
    assert found(detector, TEXT) == [
        ("DATE", "Monday"),
        ("PERSON", "Ann Lee"),
        ("ORGANIZATION", "Acme"),
        ("LOCATION", "Paris"),
    ]
    assert detector.entities == {"DATE", "PERSON", "ORGANIZATION", "LOCATION"}
    assert detector.version.startswith("spacy")


def test_a_policy_names_it_and_maps_its_labels(pipeline):
    model = json.dumps(f"spacy:{pipeline}")
    policy = Policy.parse(f"version: 1\nner: {{model: {model}, labels: {{GPE: CITY}}}}")
    entities = [(f.entity, f.detector) for f in lakescan.detect(TEXT, policy)]
    assert ("CITY", "ner.high") in entities
    assert ("EMAIL_ADDRESS", "pattern.email") in entities


def test_a_long_text_is_read_to_its_end(pipeline):
    detector = SpacyDetector(str(pipeline))
    assert found(detector, "word " * 60_000 + "Ann Lee.") == [("PERSON", "Ann Lee")]


def test_a_pipeline_that_is_not_there_says_how_to_get_it():
    pytest.importorskip("spacy", reason='pip install "lakescan[spacy]"')
    detector = SpacyDetector("en_no_such_pipeline")
    with pytest.raises(PolicyError, match="spacy download"):
        detector.detect(Values.of(["Ann Lee"]))
    assert "spacy" in sys.modules
