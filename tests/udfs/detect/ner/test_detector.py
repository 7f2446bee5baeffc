"""The detector that reads: spans exact in any script, and a text's findings its own alone."""

from __future__ import annotations

import pickle
import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lakescan.errors import PolicyError, UsageError
from lakescan.udfs.detect import Values
from lakescan.udfs.detect.ner import ModelFolder, NerDetector

#: Planes, scripts and signs that break offsets: emoji with joiners, marks, right-to-left, Han,
#: Hangul (one syllable, several letters), controls, what changes its length in lower case.
NASTY = st.sampled_from(
    ["👩‍👩‍👧", "🇩🇪", "é", "e\u0301", "नमस्ते", "שלום", "مرحبا", "東京都", "안녕", "İ", "ﬁ", "ß",
     "\x00", "\x07", "\u200b", "\u202e", "\ufeff", "\U0001d504", "ǅ", "…", "\r\n", "\t", "x" * 70]
)  # fmt: skip
TEXTS = st.lists(st.one_of(NASTY, st.text(max_size=12)), max_size=12).map(" ".join)


@pytest.fixture(scope="module")
def detector(small_model):
    return NerDetector("ner.small", ModelFolder.read(small_model))


def found(detector, *texts):
    """What is found in each text: [(entity, words)]."""
    out = [[] for _ in texts]
    for each in detector.detect(Values.of(list(texts))).to_pylist():
        text = texts[each["row"]]
        out[each["row"]].append((each["entity"], text[each["start"] : each["end"]]))
    return out


def spans(detector, *texts):
    return [
        (f["row"], f["start"], f["end"], f["entity"], f["score"])
        for f in detector.detect(Values.of(list(texts))).sort_by("row").to_pylist()
    ]


def test_names_places_and_firms_are_found(detector):
    text = "Yesterday Ann Lee of Acme (42) met Bob in Paris."
    assert found(detector, text) == [
        [
            ("DATE", "Yesterday"),
            ("PERSON", "Ann Lee"),
            ("ORGANIZATION", "Acme"),
            ("AGE", "42"),
            ("FIRST_NAME", "Bob"),
            ("CITY", "Paris"),
        ]
    ]


def test_findings_say_who_found_them_and_how_surely(detector):
    (finding,) = detector.detect(Values.of(["it was Bob"])).to_pylist()
    assert finding["detector"] == "ner.small"
    assert 0.5 < finding["score"] <= 1
    assert {"FIRST_NAME", "PERSON", "CITY"} <= detector.entities


@given(before=TEXTS, after=TEXTS)
def test_offsets_cut_the_name_out_of_any_text(detector, before, after):
    text = f"{before} Bob {after}"
    (names,) = found(detector, text)
    # A title before it, a degree behind it are part of the name: "M Bob".
    assert any("Bob" in name.split() for _, name in names)


@given(st.lists(TEXTS, max_size=4))
@example(["नमस्ते ा"])  # a mark upon a space
@settings(max_examples=60)
def test_spans_lie_within_their_text_and_never_overlap(noisy, texts):
    for row, text in enumerate(texts):
        last = 0
        for _, start, end, _, score in [s for s in spans(noisy, *texts) if s[0] == row]:
            assert last <= start < end <= len(text)
            assert 0 < score <= 1
            assert not text[start].isspace()
            assert not text[end - 1].isspace()
            assert end == len(text) or unicodedata.category(text[end])[0] != "M"
            last = end


@pytest.fixture(scope="module")
def noisy(small_model, tmp_path_factory):
    """A model that takes every unknown word for a place."""
    import onnx
    from onnx import numpy_helper

    folder = tmp_path_factory.mktemp("noisy")
    for file in small_model.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    model = onnx.load(folder / "model.onnx")
    table = next(i for i in model.graph.initializer if i.name == "table")
    scores = numpy_helper.to_array(table).copy()
    scores[1] = scores[-5]
    table.CopyFrom(numpy_helper.from_array(scores, "table"))
    onnx.save(model, folder / "model.onnx")
    return NerDetector("ner.noisy", ModelFolder.read(folder))


@pytest.mark.parametrize("kind", ["small_model", "ranged_model"])
def test_a_texts_findings_do_not_depend_on_what_is_read_beside_it(kind, request, monkeypatch):
    folder = ModelFolder.read(request.getfixturevalue(kind))
    texts = [f"{'Ann Lee and ' * n}Bob saw {'x' * n} Paris" for n in range(40)]
    alone = [spans(NerDetector("ner.a", folder), text) for text in texts]
    from lakescan.udfs.detect.ner import detector as module

    module._memory.cache_clear()
    together = spans(NerDetector("ner.a", folder), *texts)
    assert together == [(row, *s[1:]) for row, part in enumerate(alone) for s in part]


def test_a_model_whose_scores_depend_on_the_batch_is_known(small_model, ranged_model):
    from lakescan.udfs.detect.ner.panel import OneByOne
    from lakescan.udfs.detect.ner.reader import Reader

    batched, alone = (
        Reader(folder := ModelFolder.read(path), ("CITY",) * (len(folder.labels) // 2), 1)
        for path in (small_model, ranged_model)
    )
    assert [isinstance(each._network, OneByOne) for each in (batched, alone)] == [False, True]


def test_a_long_document_is_read_as_its_sentences_are(detector):
    sentences = [
        f"In week {n + 100} Ann Lee of Acme saw Bob; nothing else came to pass. "
        for n in range(400)
    ]
    (names,) = found(detector, "".join(sentences))
    assert names == [each for sentence in found(detector, *sentences) for each in sentence]
    assert len(names) == 1200


def test_a_word_of_a_megabyte_is_no_obstacle(detector):
    (names,) = found(detector, "x" * 1_000_000 + " Bob")
    assert names == [("FIRST_NAME", "Bob")]


def test_what_cannot_hold_a_name_is_not_read(small_model, monkeypatch):
    loaded = []
    from lakescan.udfs.detect.ner import detector as module

    monkeypatch.setattr(module, "_reader", lambda *args: loaded.append(args))
    quiet = NerDetector("ner.quiet", ModelFolder.read(small_model))
    codes = ["", "12345", "2024-05-01", "a@b.example", "https://x.example/Paris", "8f3e-99",
             "INV-20391", "firstName", "/srv/data/x", "$ 12.50", "🙂"]  # fmt: skip
    assert quiet.detect(Values.of(codes)).num_rows == 0
    assert loaded == []


def test_the_runtime_is_imported_only_to_read(small_model):
    import subprocess

    code = (
        "import sys; from pathlib import Path; from lakescan.udfs.detect import Values;"
        "from lakescan.udfs.detect.ner import ModelFolder, NerDetector;"
        "d = NerDetector('ner.x', ModelFolder.read(Path(sys.argv[1]))); d.setup();"
        "d.detect(Values.of(['12345'])); print({'onnxruntime', 'tokenizers'} & set(sys.modules));"
        "d.detect(Values.of(['Bob'])); print({'onnxruntime', 'tokenizers'} <= set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, small_model], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["set()", "True"]


def test_it_travels_to_a_worker(detector):
    copy = pickle.loads(pickle.dumps(detector))
    assert copy.version == detector.version
    assert found(copy, "Bob") == [[("FIRST_NAME", "Bob")]]


def test_patterns_own_what_they_can_check(small_model):
    folder = ModelFolder.read(small_model)
    owner = NerDetector("ner.x", folder, {"CITY": "EMAIL_ADDRESS", "ORGANIZATION": "CREDIT_CARD"})
    assert found(owner, "Ann of Acme in Paris") == [[("FIRST_NAME", "Ann")]]
    assert "EMAIL_ADDRESS" not in owner.entities


def test_a_label_map_renames_and_changes_the_version(small_model):
    folder = ModelFolder.read(small_model)
    mapped = NerDetector("ner.x", folder, {"city": "COUNTRY"})
    assert found(mapped, "it is Paris") == [[("COUNTRY", "Paris")]]
    assert mapped.version != NerDetector("ner.x", folder).version


def test_a_label_that_the_model_has_not_is_refused_with_a_suggestion(small_model):
    with pytest.raises(PolicyError, match="did you mean 'CITY'"):
        NerDetector("ner.x", ModelFolder.read(small_model), {"CTY": "CITY"})


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_folder_that_lacks_a_file_is_refused(small_model, tmp_path, name):
    for file in small_model.iterdir():
        if file.name != name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(UsageError, match=name):
        ModelFolder.read(tmp_path)


def test_a_network_that_is_none_is_refused(small_model, tmp_path):
    for file in small_model.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"no network")
    with pytest.raises(UsageError, match="cannot be loaded"):
        NerDetector("ner.x", ModelFolder.read(tmp_path)).detect(Values.of(["Bob"]))


def test_a_folder_of_hugging_faces_is_read(small_model, tmp_path):
    import json

    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").write_bytes((small_model / "model.onnx").read_bytes())
    (tmp_path / "tokenizer.json").write_bytes((small_model / "tokenizer.json").read_bytes())
    labels = json.loads((small_model / "config.json").read_text())["labels"]
    theirs = {"FIRST_NAME": "PER", "LAST_NAME": "MISC"}
    labels = [label[:2] + theirs.get(label[2:], label[2:]) for label in labels]
    config = {
        "model_type": "roberta",
        "max_position_embeddings": 34,
        "id2label": {str(at): label for at, label in enumerate(labels)},
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    folder = ModelFolder.read(tmp_path)
    assert folder.max_tokens == 32
    assert found(NerDetector("ner.hf", folder), "Bob Lee in Paris") == [
        [("PERSON", "Bob"), ("CITY", "Paris")]
    ]
