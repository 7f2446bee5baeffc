"""Windows, batches, names, trimming, labels: the parts of reading, one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.udfs.detect.ner.batches import batches
from lakescan.udfs.detect.ner.corrections.names import whole_names
from lakescan.udfs.detect.ner.corrections.titles import with_titles
from lakescan.udfs.detect.ner.corrections.trim import trimmed
from lakescan.udfs.detect.ner.decode import Decoder
from lakescan.udfs.detect.ner.labels import Labels
from lakescan.udfs.detect.ner.letter_cases import case_of, cases_of
from lakescan.udfs.detect.ner.onnxruntime import execution_providers
from lakescan.udfs.detect.ner.spans import Span
from lakescan.udfs.detect.ner.tokenizers import Encoded
from lakescan.udfs.detect.ner.windows import windows


@given(st.lists(st.integers(1, 30), max_size=120), st.integers(8, 64))
def test_every_token_is_heard_once_and_windows_fit(sizes, size):
    words = np.repeat(np.arange(len(sizes)), sizes)
    found = list(windows(words, size))
    heard = [token for w in found for token in range(w.low, w.high)]
    assert heard == list(range(len(words)))
    for w in found:
        assert 0 < w.stop - w.start <= size
        assert w.start <= w.low < w.high <= w.stop


@given(st.lists(st.integers(1, 6), min_size=1, max_size=200), st.integers(32, 64))
def test_windows_cut_no_word(sizes, size):
    words = np.repeat(np.arange(len(sizes)), sizes)
    for w in windows(words, size):
        for at in (w.start, w.stop, w.low, w.high):
            assert at in (0, len(words)) or words[at - 1] != words[at]


@given(st.lists(st.integers(1, 40), max_size=200))
def test_batches_hold_equal_lengths_and_everything_once(lengths):
    found = list(batches(lengths))
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    assert all(len({lengths[place] for place in batch}) == 1 for batch in found)


def test_batches_are_bounded():
    assert max(len(batch) for batch in batches([128] * 50)) == 4
    assert [len(batch) for batch in batches([1000] * 3)] == [1, 1, 1]


TITLES = {
    "Ask Dr. [Ann Lee], MD.": "Dr. Ann Lee, MD",
    "ask mr [lee] today": "mr lee",
    "Prof. Dr. [Lee] speaks": "Prof. Dr. Lee",
    "M. [Lee] arrive": "M. Lee",
    "[Lee] Jr. left": "Lee Jr",
    "[Ann Lee], MD 20850": "Ann Lee",
    "a pan for [Lee]": "Lee",
    "the don [Lee]": "Lee",
    "Adr [Lee]": "Lee",
    "Dr.\n[Lee]": "Lee",
}


@pytest.mark.parametrize(("marked", "whole"), TITLES.items())
def test_a_title_belongs_to_the_name(marked, whole):
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    (span,) = with_titles(text, [Span(start, end, "LAST_NAME", 0.9)])
    assert text[span.start : span.end] == whole
    assert span.entity == ("LAST_NAME" if whole == text[start:end] else "PERSON")


@given(st.text(alphabet="Dr. MdJI,\u0301aé", max_size=40), st.data())
def test_titles_keep_spans_in_order_and_apart(text, data):
    bounds = data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True).map(sorted))
    spans = [Span(a, b, "LAST_NAME", 0.5) for a, b in zip(bounds[::2], bounds[1::2], strict=False)]
    wide = with_titles(text, spans)
    assert all(w.start <= s.start and s.end <= w.end for w, s in zip(wide, spans, strict=True))
    assert all(one.end <= two.start for one, two in pairwise(wide))


NAMES = {
    "Ann Lee": ["PERSON Ann Lee"],
    "Ann-Mary Lee": ["PERSON Ann-Mary Lee"],
    "Ann Q. Lee": ["PERSON Ann Q. Lee"],
    "Ann Mary": ["FIRST_NAME Ann Mary"],
    "Lee, Ann": ["PERSON Lee, Ann"],
    "Ann Lee, Bob Moore": ["PERSON Ann Lee", "PERSON Bob Moore"],
    "Lee, Bob Moore": ["LAST_NAME Lee", "PERSON Bob Moore"],
    "Ann, Bob": ["FIRST_NAME Ann", "FIRST_NAME Bob"],
    "Ann\nLee": ["FIRST_NAME Ann", "LAST_NAME Lee"],
    "Ann Lee Bob Moore": ["PERSON Ann Lee", "PERSON Bob Moore"],
    "Lee Ann": ["PERSON Lee Ann"],
    "Ann Moore Lee": ["PERSON Ann Moore Lee"],
    "Ann of Lee": ["FIRST_NAME Ann", "LAST_NAME Lee"],
}


@pytest.mark.parametrize(("text", "names"), NAMES.items())
def test_parts_of_a_name_are_joined(text, names):
    parts = []
    for word in ("Ann", "Bob", "Mary", "Lee", "Moore"):
        if (at := text.find(word)) >= 0:
            kind = "LAST_NAME" if word in ("Lee", "Moore") else "FIRST_NAME"
            parts.append(Span(at, at + len(word), kind, 0.9))
    joined = whole_names(text, sorted(parts))
    assert [f"{s.entity} {text[s.start : s.end]}" for s in joined] == names
    assert all(s.score == pytest.approx(0.9) for s in joined)


TRIMMED = [
    ("(Ann Lee),", "PERSON", "Ann Lee"),
    ("Brien", "LAST_NAME", "Brien"),
    ("... ", "PERSON", ""),
    ("+1 202", "PHONE_NUMBER", "+1 202"),
    ("(202) 555", "PHONE_NUMBER", "(202) 555"),
    ("Acme (UK)", "ORGANIZATION", "Acme (UK)"),
    ("$5.00.", "AMOUNT", "$5.00"),
    ("Kate ❤️", "FIRST_NAME", "Kate"),
    ("@ann", "USERNAME", "@ann"),
]


@pytest.mark.parametrize(("span", "entity", "kept"), TRIMMED)
def test_what_stands_around_a_span_is_trimmed(span, entity, kept):
    text = f"x {span} y"
    start, end = trimmed(text, 2, 2 + len(span), entity)
    assert text[start:end] == kept


def test_a_word_is_never_cut():
    text = "with O'Brien-Lee here"
    at = text.index("rien")
    start, end = trimmed(text, at, at + 2, "LAST_NAME")
    assert text[start:end] == "O'Brien"
    assert trimmed("東京都民", 0, 2, "CITY") == (0, 2)
    assert trimmed("cafe\u0301 x", 0, 4, "CITY") == (0, 5)


@given(st.text(max_size=30), st.data())
def test_trimming_stays_within_the_text(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = trimmed(text, start, end, "PERSON")
    assert 0 <= low <= high <= len(text)


def test_cases():
    words = ["ann", "Ann", "ANN", "A", "a1", "42", "?", "mcD", ""]
    assert [case_of(word) for word in words] == [1, 2, 3, 2, 4, 5, 0, 0, 0]


_LETTERS = st.sampled_from("aZ7 -ßÉ٣²ǅ\U0001f600")


@given(st.lists(st.text(_LETTERS, max_size=5), min_size=32, max_size=60))
def test_the_cases_of_many_tokens_are_those_of_each(tokens):
    ends = np.cumsum([len(token) for token in tokens])
    bounds = np.stack([ends - [len(token) for token in tokens], ends], axis=1)
    told = cases_of("".join(tokens), bounds).tolist()
    assert told == [case_of(token) for token in tokens]


_SCORES = st.lists(st.lists(st.integers(-6, 6), min_size=4, max_size=4), min_size=1, max_size=30)


@given(_SCORES, st.data())
def test_no_word_is_passed_over_that_might_be_something(scores, data):
    """Two labels for nothing, one of which is never said, are asked of every word."""
    words = np.cumsum([data.draw(st.integers(0, 1)) for _ in scores])
    text = "".join("a" if same else " a" for same in np.diff(words, prepend=words[0]) == 0)
    ends = np.flatnonzero([char == "a" for char in text]) + 1
    encoded = Encoded(np.zeros_like(words), ends - 1, ends, words, np.zeros_like(words))
    told = np.array(scores, np.float32)
    never = np.full((len(told), 1), -1000, np.float32)
    names = ["O", "B-PER", "I-PER", "LOC"]
    quick = Decoder(Labels.parse(names), ("PERSON", "CITY"))
    whole = Decoder(Labels.parse([*names, "O"]), ("PERSON", "CITY"))
    found = quick.spans([text], [encoded], [told])
    assert found == whole.spans([text], [encoded], [np.hstack([told, never])])


def test_tagging_schemes():
    labels = Labels.parse(["O", "B-PER", "I-PER", "S-LOC", "E-LOC", "MISC"])
    assert labels.types == ("PER", "LOC", "MISC")
    assert labels.of == (-1, 0, 0, 1, 1, 2)
    assert labels.begins == (False, True, False, True, False, False)
    assert labels.entities() == ("PERSON", "LOCATION", None)
    assert labels.entities({"misc": "EVENT"}) == ("PERSON", "LOCATION", "EVENT")


@pytest.mark.parametrize(
    ("network", "available", "first"),
    [
        (b"MatMul", ["CUDAExecutionProvider", "CPUExecutionProvider"], "CUDAExecutionProvider"),
        (b"DynamicQuantizeLinear", ["CUDAExecutionProvider", "CPUExecutionProvider"], "CPU"),
        (b"MatMul", ["CPUExecutionProvider"], "CPU"),
    ],
    ids=["32 bits", "8 bits", "no GPU build"],
)
def test_a_gpu_gets_the_networks_that_it_has_kernels_for(tmp_path, network, available, first):
    path = tmp_path / "model.onnx"
    path.write_bytes(network)
    providers = execution_providers(path, available)
    assert providers[0].startswith(first)
    assert providers[-1] == "CPUExecutionProvider"
