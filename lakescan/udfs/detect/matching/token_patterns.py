"""Patterns that a token may be wholly: which of many each token is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain

import numpy as np
import polars as pl

from lakescan.udfs.detect.buffers import IntArray, translated
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.automata import Automaton, automaton
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shapes.gates import ShapeGates, Verdicts
from lakescan.udfs.detect.shapes.shapes import FINE

#: So few tokens are not asked for their shapes, whose automata take long to make.
_FEW = 256


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
        #: Of each group of equal regexes, the patterns' numbers, one group after the other.
        self._flat = np.array([number for group in numbers.values() for number in group], np.int64)
        self._sizes = np.array([len(group) for group in numbers.values()], np.int64)
        self._firsts = np.cumsum(self._sizes) - self._sizes
        self.groups = [[patterns[number] for number in group] for group in numbers.values()]

    @cached_property
    def _shapes(self) -> ShapeGates:
        return ShapeGates([group[0] for group in self.groups], FINE)

    @cached_property
    def _automaton(self) -> Automaton:
        return automaton(self._sources, whole=True)

    def match(self, tokens: Layout) -> tuple[IntArray, IntArray]:
        """Each token beside each pattern, by number, that it is a match of."""
        found: list[tuple[int, ...] | None] = [None] * len(tokens)
        if len(tokens) > _FEW:
            found = self._by_shape(tokens)
        unclear = [token for token, groups in enumerate(found) if groups is None]
        pieces = tokens.pieces(np.asarray(unclear, np.int64))
        for token, groups in zip(unclear, map(self._automaton, pieces), strict=True):
            found[token] = tuple(groups)
        return self._spread(found)

    def _by_shape(self, tokens: Layout) -> list[tuple[int, ...] | None]:
        """The groups of each token; None where its shape does not tell."""
        shapes = translated(tokens.offsets, tokens.data, FINE.table).to_list()
        known = {
            shape: None if verdicts.some else tuple(verdicts.every)
            for shape, verdicts in self._outlooks(shapes).items()
        }
        return [known[shape] for shape in shapes]

    def _outlooks(self, shapes: list[str]) -> dict[str, Verdicts]:
        distinct = list(dict.fromkeys(shapes))
        asked = self._shapes.ask(pl.Series(distinct, dtype=pl.String))
        return dict(zip(distinct, asked, strict=True))

    def _spread(self, found: list[tuple[int, ...] | None]) -> tuple[IntArray, IntArray]:
        some = [token for token, groups in enumerate(found) if groups]
        groups = [found[token] or () for token in some]
        flat = np.fromiter(chain.from_iterable(groups), np.int64)
        tokens = np.repeat(np.asarray(some, np.int64), [len(each) for each in groups])
        sizes = self._sizes[flat]
        places = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.repeat(tokens, sizes), self._flat[np.repeat(self._firsts[flat], sizes) + places]
