"""Hugging Face folders as they are: a real classifier of theirs, with weights made here."""

from __future__ import annotations

import json
import sys

import pytest

import lakescan
from lakescan import Policy
from lakescan.errors import MissingDependencyError, UsageError
from lakescan.udfs.detect import Values
from lakescan.udfs.detect.ner import ModelFolder, NerDetector

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "bob", "lee", "paris", "met", "in")
LABELS = ("O", "B-PER", "I-PER", "B-GPE")
KINDS = {"bob": "B-PER", "lee": "I-PER", "paris": "B-GPE"}


def tokenizer(folder):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    made = Tokenizer(models.WordLevel({w: at for at, w in enumerate(WORDS)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    made.save(str(folder / "tokenizer.json"))


@pytest.fixture(params=["Bert", "DistilBert"])
def folder(request, tmp_path):
    """A classifier without layers whose word vectors are the labels' scores.

    BERT wants token types, DistilBERT takes none.
    """
    torch = pytest.importorskip("torch", reason='pip install "lakescan[transformers]"')
    transformers = pytest.importorskip("transformers")
    small = {
        "vocab_size": len(WORDS), "hidden_size": 4, "num_hidden_layers": 0, "n_layers": 0,
        "num_attention_heads": 1, "dim": 4, "n_heads": 1, "max_position_embeddings": 16,
        "intermediate_size": 4, "hidden_dim": 4, "id2label": dict(enumerate(LABELS)),
    }  # fmt: skip
    config = getattr(transformers, f"{request.param}Config")(**small)
    model = getattr(transformers, f"{request.param}ForTokenClassification")(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "word_embeddings" in name:
                weights.zero_()
                for at, word in enumerate(WORDS):
                    weights[at, LABELS.index(KINDS.get(word, "O"))] = 9.0
            elif name == "classifier.weight":
                weights.copy_(4 * torch.eye(4))
            elif not name.endswith("LayerNorm.weight"):
                weights.zero_()
    model.save_pretrained(tmp_path)
    tokenizer(tmp_path)
    return tmp_path


def test_a_folder_as_it_was_trained_is_read(folder):
    policy = Policy.parse(
        f"version: 1\nner: {{model: {json.dumps(str(folder))}, labels: {{GPE: CITY}}}}"
    )
    text = "Bob Lee met ann@example.com in Paris"
    found = [(f.entity, text[f.start : f.end], f.detector) for f in lakescan.detect(text, policy)]
    assert found == [
        ("PERSON", "Bob Lee", "ner.high"),
        ("EMAIL_ADDRESS", "ann@example.com", "pattern.email"),
        ("CITY", "Paris", "ner.high"),
    ]


def test_a_texts_findings_are_its_own_and_windows_fit(folder):
    detector = NerDetector("ner.high", ModelFolder.read(folder))
    texts = ["Bob met Lee", "in Paris " * 40 + "Bob", "Paris", "met in met"]
    together = detector.detect(Values.of(texts)).to_pylist()
    assert {row["row"] for row in together} == {0, 1, 2}
    for at, text in enumerate(texts):
        alone = detector.detect(Values.of([text])).to_pylist()
        assert [{**row, "row": at} for row in alone] == [r for r in together if r["row"] == at]


def test_an_export_beside_the_weights_is_preferred(small_model, tmp_path):
    for file in small_model.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert ModelFolder.read(tmp_path).is_exported


def test_weights_that_are_none_are_refused(folder):
    (folder / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(UsageError, match="cannot be loaded by transformers"):
        NerDetector("ner.high", ModelFolder.read(folder)).detect(Values.of(["Bob"]))


def test_without_transformers_the_error_says_what_to_install(tmp_path, monkeypatch):
    tokenizer(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "config.json").write_text(json.dumps({"id2label": dict(enumerate(LABELS))}))
    for name in ("torch", "transformers"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingDependencyError, match=r"lakescan\[transformers\]"):
        NerDetector("ner.high", ModelFolder.read(tmp_path)).detect(Values.of(["Bob"]))
