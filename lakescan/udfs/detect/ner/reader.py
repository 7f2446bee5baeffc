"""A loaded model: texts in, spans out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from lakescan.udfs.detect.ner.batches import batches
from lakescan.udfs.detect.ner.corrections.abbreviations import with_medical
from lakescan.udfs.detect.ner.corrections.capitals import without_capitals
from lakescan.udfs.detect.ner.corrections.countries import with_countries
from lakescan.udfs.detect.ner.corrections.doubts import without_doubts
from lakescan.udfs.detect.ner.corrections.eponyms import without_eponyms
from lakescan.udfs.detect.ner.corrections.fields import with_fields
from lakescan.udfs.detect.ner.corrections.filler import without_filler
from lakescan.udfs.detect.ner.corrections.firms import with_firms
from lakescan.udfs.detect.ner.corrections.inserts import with_inserts
from lakescan.udfs.detect.ner.corrections.mentions import with_mentions
from lakescan.udfs.detect.ner.corrections.messages import with_messages
from lakescan.udfs.detect.ner.corrections.names import whole_names
from lakescan.udfs.detect.ner.corrections.small_letters import without_small_letters
from lakescan.udfs.detect.ner.corrections.small_words import without_small_words
from lakescan.udfs.detect.ner.corrections.times import without_timeless
from lakescan.udfs.detect.ner.corrections.titles import with_titles
from lakescan.udfs.detect.ner.corrections.vocatives import with_vocatives
from lakescan.udfs.detect.ner.corrections.years import with_years
from lakescan.udfs.detect.ner.decode import Decoder
from lakescan.udfs.detect.ner.folder import ModelFolder
from lakescan.udfs.detect.ner.labels import OUTSIDE, Labels
from lakescan.udfs.detect.ner.onnxruntime import Network
from lakescan.udfs.detect.ner.panel import OneByOne, Panel, TokenClassifier
from lakescan.udfs.detect.ner.spans import Span
from lakescan.udfs.detect.ner.tokenizers import Encoded, TextEncoder
from lakescan.udfs.detect.ner.transformers import TransformersNetwork
from lakescan.udfs.detect.ner.windows import Window, windows

Scores = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: In this order: first what is none goes, then what is left is joined, widened and told alike, and
#: what says itself what it is has the last word.
_CORRECTIONS: tuple[Callable[[str, Sequence[Span]], Iterable[Span]], ...] = (
    without_small_words,
    without_eponyms,
    without_filler,
    without_small_letters,
    without_doubts,
    without_timeless,
    with_years,
    with_medical,
    with_vocatives,
    whole_names,
    with_firms,
    without_capitals,
    with_mentions,
    with_titles,
    with_fields,
    with_countries,
    with_messages,
    with_inserts,
)

#: Texts that are tokenized before the first of them is read.
_AT_ONCE = 512

#: Tokens that are decoded together.
_DECODED = 4096


class Reader:
    """A model with its tokenizer; safe to be used by several threads.

    Args:
        folder: the model.
        entities: the entity of each of its types, None for those that are of no interest.
        threads: that it may use, each for windows of its own: a short text is too little work to be
            shared.

    Raises:
        MissingDependencyError: the ``ner`` extra is not installed, or ``transformers`` is not.
        UsageError: the model cannot be loaded.
    """

    def __init__(self, folder: ModelFolder, entities: Sequence[str | None], threads: int) -> None:
        self._encoder = TextEncoder(folder.tokenizer)
        self._network = _network(folder, self._encoder.vocabulary)
        self._decoder = Decoder(Labels.parse(folder.labels), entities)
        self._labels = len(folder.labels)
        self._cases = folder.cases
        self._size = folder.max_tokens - len(self._encoder.prefix) - len(self._encoder.suffix)
        self._lock = threading.Lock()
        # PyTorch has threads of its own.
        many = threads > 1 and folder.is_exported
        self._pool = ThreadPoolExecutor(threads, "ner") if many else None

    def read(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, in its order, none overlapping."""
        found: list[list[Span]] = []
        with self._lock:
            for at in range(0, len(texts), _AT_ONCE):
                found += self._some(texts[at : at + _AT_ONCE])
        return found

    def _some(self, texts: Sequence[str]) -> list[list[Span]]:
        encoded = [self._encoder.encode(text) for text in texts]
        work = [
            (place, window)
            for place, each in enumerate(encoded)
            for window in windows(each.words, self._size)
        ]
        heard: list[list[tuple[int, Scores]]] = [[] for _ in texts]
        lengths = [window.stop - window.start for _, window in work]
        chosen = [[work[at] for at in batch] for batch in batches(lengths)]
        parts = [[(encoded[place], window) for place, window in batch] for batch in chosen]
        told = map(self._run, parts) if self._pool is None else self._pool.map(self._run, parts)
        for batch, scores in zip(chosen, told, strict=True):
            for (place, window), one in zip(batch, scores, strict=True):
                low, high = window.low - window.start, window.high - window.start
                heard[place].append((window.low, one[low:high]))
        return self._decode(texts, encoded, heard)

    def _run(self, parts: Sequence[tuple[Encoded, Window]]) -> Scores:
        """Scores of windows of equal length, without those of special tokens."""
        before, after = self._encoder.prefix, self._encoder.suffix
        ids = np.stack([np.concatenate((before, e.ids[w.start : w.stop], after)) for e, w in parts])
        types = np.zeros_like(ids)
        length = ids.shape[1] - len(before) - len(after)
        if self._cases:
            inside = slice(len(before), len(before) + length)
            types[:, inside] = [e.cases[w.start : w.stop] for e, w in parts]
        scores: Scores = self._network.run(ids, types)[:, len(before) : len(before) + length]
        return scores

    def _decode(
        self,
        texts: Sequence[str],
        encoded: Sequence[Encoded],
        heard: Sequence[list[tuple[int, Scores]]],
    ) -> list[list[Span]]:
        """The spans of each text, from the scores of its windows; many short texts at a time."""
        found: list[list[Span]] = []
        low = size = 0
        for high, each in enumerate(encoded, start=1):
            size += len(each)
            if size < _DECODED and high < len(texts):
                continue
            rows = [
                np.concatenate([scores for _, scores in sorted(parts, key=itemgetter(0))])
                if parts
                else np.empty((0, self._labels), np.float32)
                for parts in heard[low:high]
            ]
            spans = self._decoder.spans(texts[low:high], encoded[low:high], rows)
            found += map(_named, texts[low:high], spans)
            low, size = high, 0
        return found


def _network(folder: ModelFolder, vocabulary: int) -> TokenClassifier:
    load = Network if folder.is_exported else TransformersNetwork
    network = load(folder.network)
    first = network if network.is_batch_free(vocabulary) else OneByOne(network)
    if folder.second is None and not folder.lean:
        return first
    second = folder.second
    beside = None if second is None else (_network(second.folder, vocabulary), second.weight)
    return Panel(first, beside, folder.lean, folder.labels.index(OUTSIDE))


def _named(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans as the text around them corrects them."""
    for correction in _CORRECTIONS:
        spans = list(correction(text, spans))
    return list(spans)
