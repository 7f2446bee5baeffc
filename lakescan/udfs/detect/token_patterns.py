"""Patterns that a token may be wholly: which of many each token is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import polars as pl

from lakescan.udfs.detect.automata import Automaton, automaton
from lakescan.udfs.detect.buffers import IntArray, translated
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shape_gates import ShapeGates, Verdicts
from lakescan.udfs.detect.shapes import FINE


class TokenPatterns:
    """Asks all patterns at once: about a token's shape, and if that is not enough, about it.

    Args:
        patterns: those with ``whole`` are used; equal regexes are run once for all of them.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        numbers: dict[str, list[int]] = {}
        for number, pattern in enumerate(patterns):
            if pattern.whole:
                numbers.setdefault(pattern.source, []).append(number)
        self._sources = list(numbers)
        self._numbers = list(numbers.values())
        self.groups = [[patterns[number] for number in group] for group in numbers.values()]

    @cached_property
    def _shapes(self) -> ShapeGates:
        return ShapeGates([group[0] for group in self.groups], FINE)

    @cached_property
    def _automaton(self) -> Automaton:
        return automaton(self._sources, whole=True)

    def match(self, tokens: Layout) -> tuple[IntArray, IntArray]:
        """Each token beside each pattern, by number, that it is a match of."""
        shapes = translated(tokens.offsets, tokens.data, FINE.table).to_list()
        known = {
            shape: None if verdicts.some else tuple(verdicts.every)
            for shape, verdicts in self._outlooks(shapes).items()
        }
        found = [known[shape] for shape in shapes]
        unclear = [token for token, groups in enumerate(found) if groups is None]
        pieces = tokens.pieces(np.asarray(unclear, np.int64))
        for token, groups in zip(unclear, map(self._automaton, pieces), strict=True):
            found[token] = tuple(groups)
        return self._spread(found)

    def _outlooks(self, shapes: list[str]) -> dict[str, Verdicts]:
        distinct = list(dict.fromkeys(shapes))
        asked = self._shapes.ask(pl.Series(distinct, dtype=pl.String))
        return dict(zip(distinct, asked, strict=True))

    def _spread(self, found: list[tuple[int, ...] | None]) -> tuple[IntArray, IntArray]:
        numbers = self._numbers
        pairs = [
            (token, number)
            for token, groups in enumerate(found)
            if groups
            for group in groups
            for number in numbers[group]
        ]
        table = np.asarray(pairs, np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]
