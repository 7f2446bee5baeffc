"""The detector of everything that has a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from lakescan.udfs.detect.buffers import BoolArray, IntArray
from lakescan.udfs.detect.collect import Collector, Group, table_of
from lakescan.udfs.detect.conflicts.addresses import is_carried
from lakescan.udfs.detect.matching.cells import CellMatcher
from lakescan.udfs.detect.matching.text import TextMatcher
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.values import Values


class PatternDetector:
    """Runs declared patterns over whole cells and inside longer text.

    Args:
        name: ``pattern``, or the name of a family.
        version: of the patterns; that of their code comes with `DetectorSet.versions`.
        load: gives the patterns; called in `setup`, so that the detector pickles small.
    """

    def __init__(self, name: str, version: str, load: Callable[[], Sequence[Pattern]]) -> None:
        self.name = name
        self.version = version
        self._load = load
        self._ready: tuple[CellMatcher, TextMatcher] | None = None

    @property
    def entities(self) -> frozenset[str]:
        """What its patterns find."""
        return frozenset(p.entity for p in self._load())

    def setup(self) -> None:
        """Derive the gates; regexes are compiled when first used."""
        if self._ready is None:
            patterns = self._load()
            self._ready = CellMatcher(patterns), TextMatcher(patterns)

    def detect(self, values: Values) -> pa.Table:
        """Find entities; see `Detector.detect`."""
        return table_of(self.groups(values))

    def groups(self, values: Values) -> list[Group]:
        """Find entities; see `Groups.groups`."""
        self.setup()
        assert self._ready is not None
        cells, texts = self._ready
        values = values.plain
        out = Collector()
        sure, carrying = _match_cells(cells, values, out)
        rest = np.flatnonzero(~sure)
        if len(rest) == len(values):
            texts.match(values.layout, rest, out)
        elif len(rest):
            texts.match(values.layout.take(rest), rest, out)
        return [*out.groups, *_carried(texts, values, np.flatnonzero(carrying))]

    def __getstate__(self) -> dict[str, object]:
        return {"name": self.name, "version": self.version, "_load": self._load, "_ready": None}


def _match_cells(cells: CellMatcher, values: Values, out: Collector) -> tuple[BoolArray, BoolArray]:
    """Add findings for whole cells.

    Returns:
        Which cells more than a shape explains, and which of these may carry something else.
    """
    layout, place = values.trimmed
    sure, carrying = np.zeros((2, len(values)), np.bool_)
    for hits in cells.match(layout):
        pattern = hits.pattern
        place.add(hits.valid, pattern.entity, pattern.detector, pattern.score, out)
        if not pattern.shape:
            sure[hits.valid] = True
        if pattern.carries:
            told = layout.take(hits.valid).series.str.contains(pattern.carries)
            carrying[hits.valid] |= told.to_numpy()
        if pattern.weak:
            place.add(hits.weak, pattern.entity, f"shape.{pattern.name}", pattern.weak, out)
    return sure, carrying


def _carried(texts: TextMatcher, values: Values, rows: IntArray) -> list[Group]:
    """What cells that are something else carry, of what is told by itself."""
    if not len(rows):
        return []
    inside = Collector()
    texts.match(values.layout.take(rows), rows, inside)
    return [group for group in inside.groups if is_carried(group.entity)]
