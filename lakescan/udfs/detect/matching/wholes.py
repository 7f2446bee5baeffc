"""Which of many strings a regex matches from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.buffers import BoolArray, IntArray
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.automata import Automaton, automaton
from lakescan.udfs.detect.matching.grammar import LONG
from lakescan.udfs.detect.matching.regexes import FEW, is_wholly, whole

#: From so many long values on, the automaton is worth its making.
_MANY = 64


class Wholes:
    """Asks of a layout's values: short ones pattern by pattern, long ones all patterns at once.

    Hardly a long value is anything wholly, which an automaton sees after its first bytes; Rust
    would compile each pattern first.

    Args:
        layout: of the values.
        sources: the regexes that long values may match.
    """

    def __init__(self, layout: Layout, sources: Sequence[str]) -> None:
        self._layout = layout
        self._sources = tuple(sources)

    def among(self, rows: IntArray, source: str) -> IntArray:
        """Those of some rows, ascending, that a regex matches."""
        if not self._many_long:
            return self._asked(rows, source)
        short = self._asked(rows[~self._is_long[rows]], source)
        if source not in self._long:
            return short
        return np.union1d(short, np.intersect1d(self._long[source], rows))

    def _asked(self, rows: IntArray, source: str) -> IntArray:
        if not len(rows):
            return rows
        layout = self._layout
        if len(rows) < FEW:
            match = whole(source)
            return rows[np.array([match(piece) for piece in layout.pieces(rows)], np.bool_)]
        texts = layout.series if len(rows) == len(layout) else taken(layout.series, rows)
        found: IntArray = rows[is_wholly(texts, source)]
        return found

    @cached_property
    def _is_long(self) -> BoolArray:
        found: BoolArray = self._layout.sizes >= LONG
        return found

    @cached_property
    def _many_long(self) -> bool:
        return int(np.count_nonzero(self._is_long)) >= _MANY

    @cached_property
    def _long(self) -> dict[str, IntArray]:
        """The long values that each regex matches, where there are any."""
        match = _compiled(self._sources)
        found: dict[str, list[int]] = {}
        rows = np.flatnonzero(self._is_long)
        for row, piece in zip(rows.tolist(), self._layout.pieces(rows), strict=True):
            for number in match(piece):
                found.setdefault(self._sources[number], []).append(row)
        return {source: np.asarray(rows, np.int64) for source, rows in found.items()}


@lru_cache(maxsize=8)
def _compiled(sources: tuple[str, ...]) -> Automaton:
    return automaton(sources, whole=True)
