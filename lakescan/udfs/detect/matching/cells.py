"""Whole strings, cells or tokens: those that are one entity, found without per-value Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.checksums.candidates import PackedCandidates
from lakescan.udfs.detect.collect import Int64s
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.gates import Gates
from lakescan.udfs.detect.matching.grammar import LONG
from lakescan.udfs.detect.matching.wholes import Wholes
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shapes.gates import ShapeGates, Verdicts
from lakescan.udfs.detect.shapes.positions import Positions
from lakescan.udfs.detect.shapes.shapes import Alphabet, Shapes

#: Candidates checked at once: their matrices fit a core's cache.
_BLOCK = 8192


@dataclass(frozen=True, slots=True)
class Hits:
    """The strings that are one pattern's.

    Args:
        pattern: the pattern.
        valid: rows of the strings that its check accepts, or of all where it has none.
        weak: rows of the strings that have the form but fail the check.
    """

    pattern: Pattern
    valid: Int64s
    weak: Int64s


class CellMatcher:
    """Runs the patterns that may make up a whole string.

    Args:
        patterns: those with ``whole`` are used; equal regexes are run once for all of them.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        groups: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            if pattern.whole:
                groups.setdefault(pattern.source, []).append(pattern)
        self._groups = list(groups.items())
        self._gates = Gates([group[0].facts for group in groups.values()])
        self._shape_gates: dict[Alphabet, ShapeGates] = {}
        self._long = [source for source, group in self._groups if group[0].facts.longest >= LONG]

    @property
    def groups(self) -> list[list[Pattern]]:
        """The patterns, those with an equal regex together."""
        return [group for _, group in self._groups]

    def match(self, layout: Layout) -> Iterator[Hits]:
        """The hits of each pattern that has any."""
        shapes = layout.shapes
        fitting = self._by_classes(layout) if shapes is None else self._by_shape(layout, shapes)
        wholes = Wholes(layout, self._long)
        for number, sure, possible in fitting:
            source, group = self._groups[number]
            rows = _joined([sure, wholes.among(possible, source)])
            if len(rows):
                yield from _checked(group, rows, layout)

    def _by_classes(self, layout: Layout) -> Iterator[tuple[int, Int64s, Int64s]]:
        """Each group of patterns with the rows it matches and those it may match."""
        nothing = np.zeros(0, np.int64)
        for number, signatures in self._gates.admitting(layout):
            yield number, nothing, layout.having(signatures)

    def _by_shape(self, layout: Layout, shapes: Shapes) -> Iterator[tuple[int, Int64s, Int64s]]:
        """The same, worked out by shape."""
        sure: dict[int, list[int]] = {}
        possible: dict[int, list[int]] = {}
        for code, verdicts in enumerate(self._asked(shapes)):
            for number in verdicts.every:
                sure.setdefault(number, []).append(code)
            for number in verdicts.some:
                possible.setdefault(number, []).append(code)
        if not sure and not possible:
            return
        positions = Positions(layout, shapes)
        for number in sorted(sure.keys() | possible.keys()):
            pattern = self._groups[number][1][0]
            found, left = positions.matching(pattern, possible.get(number, []))
            certain = _joined([shapes.rows(sure.get(number, [])), *found])
            yield number, certain, shapes.rows(left)

    def _asked(self, shapes: Shapes) -> list[Verdicts]:
        gates = self._shape_gates.get(shapes.alphabet)
        if gates is None:
            firsts = [group[0] for _, group in self._groups]
            gates = self._shape_gates[shapes.alphabet] = ShapeGates(firsts, shapes.alphabet)
        return gates.ask(shapes.distinct)


def _joined(parts: list[Int64s]) -> Int64s:
    """Rows of all parts, ascending."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return np.zeros(0, np.int64)
    return filled[0] if len(filled) == 1 else np.sort(np.concatenate(filled))


def _checked(group: list[Pattern], rows: Int64s, layout: Layout) -> Iterator[Hits]:
    checked = [p for p in group if p.validate is not None]
    accepted = {id(p): np.empty(len(rows), np.bool_) for p in checked}
    if checked:
        texts = layout if len(rows) == len(layout) else Layout(taken(layout.series, rows))
        for at in range(0, len(rows), _BLOCK):
            candidates = PackedCandidates(texts.offsets[at : at + _BLOCK + 1], texts.data)
            for pattern in checked:
                assert pattern.validate is not None
                accepted[id(pattern)][at : at + _BLOCK] = pattern.validate(candidates)
    for pattern in group:
        valid = accepted.get(id(pattern))
        if valid is None:
            yield Hits(pattern, rows, rows[:0])
        else:
            yield Hits(pattern, rows[valid], rows[~valid])
