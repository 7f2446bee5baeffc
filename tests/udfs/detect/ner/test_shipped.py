"""The models that are shipped: each loads, is documented, and reads what it was made for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan import entities
from lakescan.jobs.accuracy import asked
from lakescan.policy import Policy
from lakescan.udfs.detect import Values, build_detectors
from lakescan.udfs.detect.ner import NerDetector, shipped_folder
from lakescan.udfs.detect.ner.labels import Labels
from lakescan.udfs.detect.ner.onnxruntime import Network

MODES = ("fast", "standard")

#: Text -> what any model worth shipping finds in it: (category, words).
READ = {
    "Please ask Maria Gonzalez to call the office in Chicago.": [
        ("PERSON", "Maria Gonzalez"),
        ("LOCATION", "Chicago"),
    ],
    "my name is john miller and i live in seattle": [
        ("PERSON", "john miller"),
        ("LOCATION", "seattle"),
    ],
    "On 12 March 2019 Dr. Schmidt was arrested in Berlin.": [
        ("DATETIME", "12 March 2019"),
        ("PERSON", "Schmidt"),
        ("LOCATION", "Berlin"),
    ],
    "Il signor Giovanni Rossi abita a Milano.": [
        ("PERSON", "Giovanni Rossi"),
        ("LOCATION", "Milano"),
    ],
}
NOTHING = (
    "The function returns a list of integers and raises an error on bad input.",
    "Add two eggs and a pinch of salt; bake until golden.",
    "Turn the knob clockwise if the lamp blinks.",
)


@pytest.fixture(scope="module", params=MODES)
def mode(request):
    return request.param


@pytest.fixture(scope="module")
def detector(mode):
    return NerDetector(f"ner.{mode}", shipped_folder(mode))


def found(detector, text):
    """What is found: {(category, words)}."""
    rows = detector.detect(Values.of([text])).to_pylist()
    return {
        (entities.entity(row["entity"]).category, text[row["start"] : row["end"]]) for row in rows
    }


def test_it_says_what_it_is_and_under_which_licence(mode):
    folder = shipped_folder(mode)
    assert folder.name == mode
    assert folder.version.split("-")[0] in (folder.path / "MODEL_CARD.md").read_text("utf-8")
    assert "Creative Commons Attribution" in (folder.path / "LICENSE").read_text("utf-8")


def test_every_label_is_an_entity_of_the_catalog(mode):
    labels = Labels.parse(shipped_folder(mode).labels)
    assert None not in labels.entities()
    assert len(labels.types) > 40


@pytest.mark.parametrize("text", READ)
def test_names_and_places_are_read(detector, text):
    spans = found(detector, text)
    # A title before a name may be part of it.
    for category, words in READ[text]:
        assert any(kind == category and words in span for kind, span in spans)


@pytest.mark.parametrize("text", NOTHING)
def test_where_nothing_is_named_nobody_is_found(detector, text):
    assert not {category for category, _ in found(detector, text)} & {"PERSON", "LOCATION"}


def test_it_answers_to_its_accuracy_mode(mode):
    built = build_detectors(asked(Policy.default(), mode))
    table = built.detect_texts(Values.of(["Please ask Maria Gonzalez."])).to_pylist()
    assert [(row["entity"], row["detector"]) for row in table] == [("PERSON", f"ner.{mode}")]


def test_the_small_one_is_small_and_reads_many_texts_at_once():
    fast, standard = (shipped_folder(mode).network.stat().st_size for mode in MODES)
    assert fast * 4 < standard
    assert Network(shipped_folder("fast").network).is_batch_free(19_000)
    assert not Network(shipped_folder("standard").network).is_batch_free(19_000)


@given(seed=st.integers(0, 2**32 - 1), length=st.integers(3, 250), rows=st.integers(2, 8))
@settings(max_examples=25)
def test_scores_of_the_small_one_are_a_texts_own_to_the_last_bit(small_network, seed, length, rows):
    random = np.random.default_rng(seed)
    ids = random.integers(0, 19_000, (rows, length))
    cases = random.integers(0, 6, (rows, length))
    together = small_network.run(ids, cases)
    row = int(random.integers(rows))
    np.testing.assert_array_equal(
        together[row], small_network.run(ids[row : row + 1], cases[row : row + 1])[0]
    )


@pytest.fixture(scope="module")
def small_network():
    return Network(shipped_folder("fast").network)
