"""Entities inside longer text.

What has no spaces is looked up token by token, as whole strings are. What may hold spaces is
searched: a Rust regex says which texts to look at, RE2 says where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import polars as pl
import re2

from lakescan.udfs.detect.cells import CellMatcher
from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.collect import Collector, Int64s
from lakescan.udfs.detect.context import CONTEXT_SCORE, Context
from lakescan.udfs.detect.first_look import first_look
from lakescan.udfs.detect.grammar import DOT, LOWER, SPACE, TOKEN, UPPER, byte_class
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.pattern import Edge, Pattern
from lakescan.udfs.detect.regexes import compiled, occurs
from lakescan.udfs.detect.shapes import FINE, Shapes
from lakescan.udfs.detect.text_gates import TextGates
from lakescan.udfs.detect.tokens import Tokens, tokens

#: So few texts are searched without asking first.
_FEW = 100
_WORD = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_DIGITS = frozenset(b"0123456789")
_JOINTS = frozenset(b".,-/")
_BETWEEN = bytes(b for b in range(256) if not byte_class(b) & TOKEN)


class TextMatcher:
    """Runs the patterns that may lie inside text.

    Args:
        patterns: those with ``search`` are used.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        wanted = [p for p in patterns if p.search and (not p.shape or p.context)]
        self._tokens = CellMatcher(wanted)
        self._words = tuple(dict.fromkeys(word for p in wanted for word in p.context))
        searched = [p for p in wanted if not (p.is_token and p.whole)]
        self._searchers = [_Searcher(p) for p in searched]
        self._searched = searched

    def match(self, layout: Layout, among: Int64s, out: Collector) -> None:
        """Add findings inside the values of ``layout``, which are ``among`` those given."""
        rows = worth_searching(layout)
        if not len(rows):
            return
        texts = layout if len(rows) == len(layout) else layout.take(rows)
        found = Found(texts, among[rows], out, Context(texts, self._words))
        if texts.shapes is not None and texts.shapes.alphabet == FINE:
            self._match_by_shape(texts.shapes, found)
            return
        self._match_tokens(texts, None, found)
        gates = [searcher.gate for searcher in self._searchers if not searcher.is_shape]
        looked = first_look(texts, gates)
        for searcher in self._searchers:
            searcher.run(found, searcher.candidates(found, looked))

    def _match_by_shape(self, shapes: Shapes, found: Found) -> None:
        """The same, where most patterns are ruled out by the texts' shapes."""
        outlooks = self._gates.ask(shapes.distinct)
        hopeful = np.array([outlook.tokens for outlook in outlooks])[shapes.codes]
        if hopeful.any():
            rows = np.flatnonzero(hopeful)
            self._match_tokens(found.texts.take(rows), rows, found)
        codes: dict[int, list[int]] = {}
        for code, outlook in enumerate(outlooks):
            for number in outlook.searched:
                codes.setdefault(number, []).append(code)
        for number in sorted(codes):
            searcher = self._searchers[number]
            searcher.run(found, searcher.among(found, shapes.rows(codes[number])))

    @cached_property
    def _gates(self) -> TextGates:
        return TextGates(self._tokens.groups, self._searched)

    def _match_tokens(self, texts: Layout, rows: Int64s | None, found: Found) -> None:
        """Look the tokens of texts up, which are those of ``found``, or some rows of these."""
        for part in tokens(texts):
            self._match_part(part, part.rows if rows is None else rows[part.rows], found)

    def _match_part(self, part: Tokens, rows: Int64s, found: Found) -> None:
        sizes = part.layout.sizes
        for hits in self._tokens.match(part.layout):
            pattern = hits.pattern
            if len(hits.valid):
                spans = np.stack((part.starts, part.starts + sizes), axis=1)
                found.add(pattern, rows[hits.valid], spans[hits.valid], sure=True)
            if len(hits.weak) and pattern.weak and pattern.context:
                spans = np.stack((part.starts, part.starts + sizes), axis=1)
                found.add(pattern, rows[hits.weak], spans[hits.weak], sure=False)


class Found:
    """Takes spans in bytes and tells them as findings.

    Args:
        texts: what is searched.
        rows: their index among the values that were given.
        out: where findings go.
        context: finds context words in the texts.
    """

    def __init__(self, texts: Layout, rows: Int64s, out: Collector, context: Context) -> None:
        self.texts = texts
        self._rows = rows
        self._out = out
        self.context = context

    def add(self, pattern: Pattern, at: Int64s, spans: Int64s, *, sure: bool) -> None:
        """Add matches; those that are only a shape need a context word nearby."""
        label = (pattern.entity, f"pattern.{pattern.name}", pattern.score)
        if pattern.against and len(at):
            free = ~self.context.right_before(pattern.against, at, spans)
            at, spans = at[free], spans[free]
        if pattern.shape or not sure:
            near = self.context.near(pattern.context, at, spans)
            at, spans = at[near], spans[near]
            label = (pattern.entity, f"context.{pattern.name}", CONTEXT_SCORE)
        if len(at):
            places = spans if self.texts.is_ascii else self.texts.code_points(at, spans)
            self._out.add(self._rows[at], places[:, 0], places[:, 1], label)


class _Searcher:
    """One pattern whose matches may hold spaces."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self.gate = pattern.gate or pattern.source
        self.is_shape = pattern.shape
        self._group = 1 if "(?P<v>" in pattern.regex else 0
        # Matches of one token were found as tokens.
        self._spaced_only = pattern.whole

    @cached_property
    def _regex(self) -> re2._Regexp:
        return compiled(self._pattern.source)

    def run(self, found: Found, fitting: Int64s) -> None:
        """Find matches and hand them on.

        Args:
            found: the texts, and where findings go.
            fitting: the texts that may hold matches.
        """
        texts, pattern = found.texts, self._pattern
        rows: list[int] = []
        spans: list[tuple[int, int]] = []
        matches: list[str] = []
        for row in fitting.tolist():
            data = texts.bytes(row)
            for start, end in self._spans(data):
                rows.append(row)
                spans.append((start, end))
                matches.append(data[start:end].decode("utf-8", "replace"))
        if not rows:
            return
        at, where = np.asarray(rows, np.int64), np.asarray(spans, np.int64)
        if pattern.validate is None:
            found.add(pattern, at, where, sure=True)
            return
        valid = pattern.validate(Candidates(pl.Series(matches, dtype=pl.String)))
        found.add(pattern, at[valid], where[valid], sure=True)
        if pattern.weak and pattern.context:
            found.add(pattern, at[~valid], where[~valid], sure=False)

    def candidates(self, found: Found, looked: dict[str, Int64s]) -> Int64s:
        """The texts in which the regex occurs.

        Args:
            found: the texts.
            looked: those in which the gates of all but shapes occur.
        """
        if self.is_shape:
            # A shape counts only near one of its words, and few texts have one.
            fitting = np.flatnonzero(found.context.holding(self._pattern.context))
            return self._holding(found, fitting)
        fitting = looked[self.gate]
        return fitting if self.gate == self._pattern.source else self._holding(found, fitting)

    def among(self, found: Found, rows: Int64s) -> Int64s:
        """The texts, of those given, in which the regex occurs."""
        if self.is_shape:
            rows = rows[found.context.holding(self._pattern.context)[rows]]
        return self._holding(found, rows)

    def _holding(self, found: Found, rows: Int64s) -> Int64s:
        if len(rows) < _FEW:
            return rows
        holding: Int64s = rows[occurs(found.texts.series.gather(rows), self._pattern.source)]
        return holding

    def _spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Matches whose edges are free, left to right, not overlapping."""
        at = 0
        while (match := self._regex.search(data, at)) is not None:
            start, end = match.span()
            if end <= start:
                return
            if is_free(data, start, end, self._pattern.edge):
                at = end
                if not self._spaced_only or _has_between(data[start:end]):
                    yield match.span(self._group)
                continue
            # Any match that begins in the same word has the same neighbour: go on after it.
            at = start + 1
            while at < len(data) and data[at - 1] in _WORD and data[at] in _WORD:
                at += 1


def _has_between(data: bytes) -> bool:
    return len(data.translate(None, _BETWEEN)) < len(data)


def is_free(data: bytes, start: int, end: int, edge: Edge) -> bool:
    """Whether nothing touches a match that may not: see `Edge`."""
    if edge is Edge.NONE:
        return True
    before = data[start - 1] if start else 32
    after = data[end] if end < len(data) else 32
    if (before in _WORD and data[start] in _WORD) or (after in _WORD and data[end - 1] in _WORD):
        return False
    if edge is Edge.NUMBER:
        if before in _JOINTS and start > 1 and data[start - 2] in _DIGITS:
            return False
        if after in _JOINTS and end + 1 < len(data) and data[end + 1] in _DIGITS:
            return False
    return True


def worth_searching(layout: Layout) -> Int64s:
    """Rows that are more than one token, and more than words."""
    masks = layout.masks
    several = (masks & np.uint8(~TOKEN & 255)) != 0
    telling = (masks & _TELLING) != 0
    return np.flatnonzero(several & telling)


#: All but letters, points and spaces.
_TELLING = np.uint8(255 & ~(UPPER | LOWER | DOT | SPACE))
