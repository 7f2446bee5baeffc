"""Patterns that a token may be wholly: which of many each token is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import polars as pl
import re2

from lakescan.udfs.detect.buffers import IntArray, translated
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shape_gates import ShapeGates, Verdicts, automaton
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
    def _automaton(self) -> re2.Set:
        return automaton(self._sources, whole=True)

    def match(self, tokens: Layout) -> tuple[IntArray, IntArray]:
        """Each token beside each pattern, by number, that it is a match of."""
        shapes = translated(tokens.offsets, tokens.data, FINE.table)
        known: dict[str, tuple[int, ...] | None] = {}
        found: list[tuple[int, ...]] = []
        of: list[int] = []
        match = self._automaton.Match
        names = shapes.to_list()
        for name, verdicts in self._outlooks(names).items():
            known[name] = None if verdicts.some else tuple(sorted(verdicts.every))
        for token, name in enumerate(names):
            groups = known[name]
            if groups is None:
                groups = tuple(match(tokens.bytes(token)) or ())
            if groups:
                of.append(token)
                found.append(groups)
        return self._spread(of, found)

    def _outlooks(self, shapes: list[str]) -> dict[str, Verdicts]:
        distinct = list(dict.fromkeys(shapes))
        asked = self._shapes.ask(pl.Series(distinct, dtype=pl.String))
        return dict(zip(distinct, asked, strict=True))

    def _spread(self, of: list[int], found: list[tuple[int, ...]]) -> tuple[IntArray, IntArray]:
        tokens: list[int] = []
        numbers: list[int] = []
        for token, groups in zip(of, found, strict=True):
            for group in groups:
                for number in self._numbers[group]:
                    tokens.append(token)
                    numbers.append(number)
        return np.asarray(tokens, np.int64), np.asarray(numbers, np.int64)
