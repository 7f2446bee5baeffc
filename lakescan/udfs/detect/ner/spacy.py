"""Any spaCy pipeline with an entity recognizer, by name or path."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from lakescan.errors import MissingDependencyError, PolicyError
from lakescan.udfs.detect.collect import Collector
from lakescan.udfs.detect.ner.corrections.names import whole_names
from lakescan.udfs.detect.ner.corrections.titles import with_titles
from lakescan.udfs.detect.ner.corrections.trim import trimmed
from lakescan.udfs.detect.ner.gate import could_hold
from lakescan.udfs.detect.ner.labels import Labels
from lakescan.udfs.detect.ner.owned import is_owned
from lakescan.udfs.detect.ner.spans import Span
from lakescan.udfs.detect.values import Values

if TYPE_CHECKING:
    from spacy.language import Language

#: spaCy gives no probability with an entity; its published F1 on OntoNotes is about this.
_SCORE = 0.85

#: spaCy refuses longer texts than it was told to expect: it is given pieces.
_PIECE = 100_000


class SpacyDetector:
    """Finds what a spaCy pipeline calls an entity. Picklable; the pipeline is loaded when used.

    Args:
        pipeline: an installed package's name, or a path.
        labels: the pipeline's label -> entity, where its own names will not do.

    Raises:
        MissingDependencyError: spaCy is not installed.
    """

    name = "ner.high"

    def __init__(self, pipeline: str, labels: Mapping[str, str] | None = None) -> None:
        if find_spec("spacy") is None:
            raise MissingDependencyError("spacy", "spacy")
        self._pipeline = pipeline
        self._labels = dict(labels or {})
        self.version = f"spacy{version('spacy')}-{pipeline}-{_version_of(pipeline)}"

    @property
    def entities(self) -> frozenset[str]:
        """What its labels mean."""
        return frozenset(_entities(self._pipeline, tuple(self._labels.items())).values())

    def setup(self) -> None:
        """Nothing: the pipeline is loaded, once a process, for the first text that wants it."""

    def detect(self, values: Values) -> pa.Table:
        """Find entities; see `Detector.detect`."""
        rows = np.flatnonzero(could_hold(values.series))
        out = Collector()
        if not len(rows):
            return out.table()
        entities = _entities(self._pipeline, tuple(self._labels.items()))
        pipeline = _loaded(self._pipeline)
        for row, text in zip(rows.tolist(), values.series.gather(rows).to_list(), strict=True):
            names = whole_names(text, list(_spans(pipeline, text, entities)))
            for span in with_titles(text, names):
                at = np.array([[row], [span.start], [span.end]], dtype=np.int64)
                out.add(at[0], at[1], at[2], (span.entity, self.name, span.score))
        return out.table()


def _spans(pipeline: Language, text: str, entities: Mapping[str, str]) -> list[Span]:
    found: list[Span] = []
    for at in range(0, len(text), _PIECE):
        for each in pipeline(text[at : at + _PIECE]).ents:
            entity = entities.get(each.label_)
            if entity is None:
                continue
            start, end = trimmed(text, at + each.start_char, at + each.end_char, entity)
            if start < end and (not found or found[-1].end <= start):
                found.append(Span(start, end, entity, _SCORE))
    return found


@lru_cache(maxsize=2)
def _loaded(pipeline: str) -> Language:
    import spacy

    try:
        return spacy.load(pipeline)
    except OSError:
        hint = f"python -m spacy download {pipeline}"
        raise PolicyError(f"spaCy has no {pipeline!r}", path="ner.model", hint=hint) from None


@lru_cache(maxsize=2)
def _entities(pipeline: str, labels: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The entity of each of the pipeline's labels that means one and is not decided elsewhere."""
    loaded = _loaded(pipeline)
    names = tuple(loaded.pipe_labels.get("ner", ())) + tuple(
        loaded.pipe_labels.get("entity_ruler", ())
    )
    found = Labels.parse(names)
    means = found.entities(dict(labels))
    return {
        kind: entity
        for kind, entity in zip(found.types, means, strict=True)
        if entity is not None and not is_owned(entity)
    }


def _version_of(pipeline: str) -> str:
    try:
        return version(pipeline)
    except PackageNotFoundError:
        return "local"
