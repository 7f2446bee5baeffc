"""Whole strings, cells or tokens: those that are one entity, found without per-value Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.collect import Int64s
from lakescan.udfs.detect.gates import Gates
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.regexes import is_wholly
from lakescan.udfs.detect.shapes import Shapes, has_few

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

    def match(self, layout: Layout) -> Iterator[Hits]:
        """The hits of each pattern that has any."""
        for source, group, fitting in self._fitting(layout):
            rows = fitting
            texts = layout.series if len(rows) == len(layout) else layout.series.gather(rows)
            hit = is_wholly(texts, source)
            if not hit.any():
                continue
            if not hit.all():
                rows = rows[hit]
                texts = layout.series.gather(rows)
            yield from _checked(group, rows, texts)

    def _fitting(self, layout: Layout) -> Iterator[tuple[str, list[Pattern], Int64s]]:
        """The rows that each group of patterns has to look at, by byte classes, length, shape."""
        asked = list(self._gates.admitting(layout))
        rows = layout.having(sorted({s for _, signatures in asked for s in signatures}))
        shapes = Shapes(layout, rows) if len(asked) > 2 and has_few(layout, rows) else None
        for number, signatures in asked:
            source, group = self._groups[number]
            if shapes is not None:
                first = group[0]
                rows = shapes.rows(first.regex, ignore_case=first.ignore_case)
            else:
                rows = layout.having(signatures)
            if len(rows):
                yield source, group, rows


def _checked(group: list[Pattern], rows: Int64s, texts: pl.Series) -> Iterator[Hits]:
    checked = [p for p in group if p.validate is not None]
    accepted = {id(p): np.empty(len(rows), np.bool_) for p in checked}
    if checked:
        for at in range(0, len(rows), _BLOCK):
            candidates = Candidates(texts[at : at + _BLOCK])
            for pattern in checked:
                assert pattern.validate is not None
                accepted[id(pattern)][at : at + _BLOCK] = pattern.validate(candidates)
    for pattern in group:
        valid = accepted.get(id(pattern))
        if valid is None:
            yield Hits(pattern, rows, rows[:0])
        else:
            yield Hits(pattern, rows[valid], rows[~valid])
