"""The detector that reads."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.collect import Group, table_of
from lakescan.udfs.detect.ner.corrections.written_out import Plain
from lakescan.udfs.detect.ner.folder import ModelFolder
from lakescan.udfs.detect.ner.gate import could_hold
from lakescan.udfs.detect.ner.labels import Labels
from lakescan.udfs.detect.ner.owned import is_owned
from lakescan.udfs.detect.ner.reader import Reader
from lakescan.udfs.detect.ner.spans import Span
from lakescan.udfs.detect.values import Values

#: Texts whose spans a process remembers: cells repeat from batch to batch.
_REMEMBERED = 4096

#: Below this a span is noise.
_LEAST_SCORE = 0.3


class NerDetector:
    """Finds what a token classifier was taught, in texts that could hold it. Picklable.

    A text's findings depend on that text alone.

    Args:
        name: of the detector, such as ``ner.standard``.
        folder: the model.
        labels: the model's label -> entity, where its own names will not do.

    Raises:
        PolicyError: ``labels`` names a label that the model has not.
    """

    def __init__(
        self, name: str, folder: ModelFolder, labels: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self._folder = folder
        found = Labels.parse(folder.labels).entities(labels)
        self._entities = tuple(None if e is None or is_owned(e) else e for e in found)
        mapping = hashlib.sha256(repr(self._entities).encode()).hexdigest()[:4]
        self.version = f"{folder.version}-{mapping}"

    @property
    def entities(self) -> frozenset[str]:
        """What its labels mean."""
        found = {entity for entity in self._entities if entity is not None}
        return frozenset(found | {"PERSON"} if {"FIRST_NAME", "LAST_NAME"} <= found else found)

    def setup(self) -> None:
        """Nothing: the model is loaded, once a process, for the first text that wants it."""

    def detect(self, values: Values) -> pa.Table:
        """Find entities, told in the order of the texts; see `Detector.detect`."""
        found = table_of(self.groups(values))
        return found.sort_by([("row", "ascending"), ("start", "ascending")])

    def groups(self, values: Values) -> list[Group]:
        """What ``detect`` finds, in groups."""
        plain = Plain(values.series)
        wanted = np.flatnonzero(could_hold(plain.texts))
        if not len(wanted):
            return []
        rows = wanted.tolist()
        read = self._read(taken(plain.texts, wanted).to_list())
        told = [plain.told(row, spans) for row, spans in zip(rows, read, strict=True)]
        return _grouped(rows, told, self.name)

    def _read(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """The spans of each text, those seen before from memory."""
        memory = _memory(self.version)
        keys = [hashlib.blake2b(text.encode(), digest_size=16).digest() for text in texts]
        found = memory.get(keys)
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if fresh:
            reader = _reader(self._folder, self._entities)
            read = reader.read(list(fresh.values()))
            new = {
                key: tuple(span for span in spans if span.score >= _LEAST_SCORE)
                for key, spans in zip(fresh, read, strict=True)
            }
            memory.put(new)
            found |= new
        return [found[key] for key in keys]


class _Memory:
    """Spans by the hash of their text; the oldest are forgotten."""

    def __init__(self) -> None:
        self._spans: OrderedDict[bytes, tuple[Span, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, keys: Iterable[bytes]) -> dict[bytes, tuple[Span, ...]]:
        with self._lock:
            found = {key: self._spans[key] for key in keys if key in self._spans}
            for key in found:
                self._spans.move_to_end(key)
            return found

    def put(self, spans: Mapping[bytes, tuple[Span, ...]]) -> None:
        with self._lock:
            self._spans.update(spans)
            while len(self._spans) > _REMEMBERED:
                self._spans.popitem(last=False)


@lru_cache(maxsize=8)
def _memory(version: str) -> _Memory:
    """The process's memory of one version of a model and its labels."""
    assert version
    return _Memory()


@lru_cache(maxsize=2)
def _reader(folder: ModelFolder, entities: tuple[str | None, ...]) -> Reader:
    """A model loaded once in this process, with as many threads as Polars has."""
    return Reader(folder, entities, pl.thread_pool_size())


def _grouped(rows: Sequence[int], read: Sequence[Sequence[Span]], detector: str) -> list[Group]:
    labels: dict[tuple[str, float], int] = {}
    places = np.array(
        [
            (labels.setdefault((s.entity, round(s.score, 3)), len(labels)), row, s.start, s.end)
            for row, spans in zip(rows, read, strict=True)
            for s in spans
        ],
        np.int64,
    ).reshape(-1, 4)
    places = np.ascontiguousarray(places[np.argsort(places[:, 0], kind="stable")].T)
    bounds = np.searchsorted(places[0], np.arange(len(labels) + 1)).tolist()
    return [
        Group(entity, detector, score, *places[1:, low:high])
        for (entity, score), low, high in zip(labels, bounds, bounds[1:], strict=False)
    ]
