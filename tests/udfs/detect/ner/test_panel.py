"""Two networks asked together: a name that one is unsure of is told where the other knows it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lakescan.errors import UsageError
from lakescan.udfs.detect import Values
from lakescan.udfs.detect.ner import ModelFolder, NerDetector
from lakescan.udfs.detect.ner.panel import OneByOne, Panel

SHAPE = (2, 3, 4)
SCORES = arrays(np.float32, SHAPE, elements=st.floats(-9, 9, width=32))
IDS = np.zeros(SHAPE[:2], np.int64)


class Told:
    """A network that always says the same."""

    def __init__(self, scores: np.ndarray) -> None:
        self.scores = scores

    def run(self, ids, types):
        return self.scores.copy()


class Ranged:
    """A network that says of each token how far it is from the mean of all that it is given."""

    def run(self, ids, types):
        return (ids - ids.mean() + types)[..., None].astype(np.float32)


def chances(scores):
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


@given(first=SCORES, second=SCORES)
def test_without_weight_the_first_is_heard_alone_and_with_all_of_it_the_second(first, second):
    for weight, heard in ((0.0, first), (1.0, second)):
        told = Panel(Told(first), (Told(second), weight), 0.0, 0).run(IDS, IDS)
        np.testing.assert_allclose(chances(told), chances(heard), atol=1e-5)


@given(first=SCORES, lean=st.floats(0, 2))
def test_a_lean_takes_from_nothing_alone(first, lean):
    plain, leaning = (Panel(Told(first), None, by, 0).run(IDS, IDS) for by in (0.0, lean))
    np.testing.assert_allclose(plain[..., 0] - leaning[..., 0], lean, atol=1e-5)
    np.testing.assert_array_equal(plain[..., 1:], leaning[..., 1:])


@given(ids=arrays(np.int64, SHAPE[:2], elements=st.integers(0, 9)))
def test_a_network_that_is_asked_one_by_one_says_the_same_beside_others(ids):
    network, types = OneByOne(Ranged()), ids[::-1]
    together = network.run(ids, types)
    for row in range(len(ids)):
        alone = network.run(ids[row : row + 1], types[row : row + 1])
        np.testing.assert_array_equal(together[row], alone[0])


@pytest.fixture
def pair(small_model, tmp_path):
    """A folder whose model asks another one, and how that one is changed."""

    def make(weight, lean=0.0, **changed):
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            for file in small_model.iterdir():
                (folder / file.name).write_bytes(file.read_bytes())
        config = json.loads((small_model / "config.json").read_text())
        (tmp_path / "two" / "config.json").write_text(json.dumps(config | changed))
        asked = {"second": {"folder": "../two", "weight": weight}, "lean": lean}
        (tmp_path / "one" / "config.json").write_text(json.dumps(config | asked))
        return tmp_path / "one"

    return make


def test_a_folder_names_what_is_asked_beside_it(pair, small_model):
    alone, both = ModelFolder.read(small_model), ModelFolder.read(pair(0.5))
    text = "Yesterday Ann Lee of Acme met Bob in Paris."
    told = [
        NerDetector(name, folder).detect(Values.of([text])).drop_columns(["detector", "score"])
        for name, folder in (("ner.alone", alone), ("ner.both", both))
    ]
    assert told[0].num_rows > 3
    assert told[0] == told[1]
    assert both.version != alone.version


def test_what_leans_enough_finds_names_everywhere(pair):
    folder = ModelFolder.read(pair(0.5, lean=20.0))
    found = NerDetector("ner.eager", folder).detect(Values.of(["nobody is named here"]))
    assert found.num_rows


def test_other_labels_beside_it_are_refused(pair):
    with pytest.raises(UsageError, match="other labels"):
        ModelFolder.read(pair(0.5, labels=["O", "B-CITY"]))
