"""The detector of everything that has a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from lakescan.udfs.detect.buffers import BoolArray
from lakescan.udfs.detect.collect import Collector, Group, table_of
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
        out = Collector()
        sure = _match_cells(cells, values, out)
        if not sure.any():
            texts.match(values.layout, np.arange(len(values)), out)
        elif not sure.all():
            rest = np.flatnonzero(~sure)
            texts.match(values.layout.take(rest), rest, out)
        return out.groups

    def __getstate__(self) -> dict[str, object]:
        return {"name": self.name, "version": self.version, "_load": self._load, "_ready": None}


def _match_cells(cells: CellMatcher, values: Values, out: Collector) -> BoolArray:
    """Add findings for whole cells; say which cells more than a shape explains."""
    layout, place = values.trimmed
    sure = np.zeros(len(values), np.bool_)
    for hits in cells.match(layout):
        pattern = hits.pattern
        place.add(hits.valid, pattern.entity, pattern.detector, pattern.score, out)
        if not pattern.shape:
            sure[hits.valid] = True
        if pattern.weak:
            place.add(hits.weak, pattern.entity, f"shape.{pattern.name}", pattern.weak, out)
    return sure
