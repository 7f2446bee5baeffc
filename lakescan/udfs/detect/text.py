"""Entities inside longer text: Rust regexes say which values to look at, RE2 says where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import polars as pl
import re2

from lakescan.udfs.detect.collect import Collector, Int64s
from lakescan.udfs.detect.grammar import DIGIT, LOWER, UPPER
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.pattern import Edge, Pattern

#: Bytes before and after a match in which a context word counts: about six words and three.
_BEFORE, _AFTER = 48, 24
#: The certainty of a weak form with a context word near: above the default threshold, below
#: what a checksum gives.
CONTEXT_SCORE = 0.75
_WORD = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_DIGITS = frozenset(b"0123456789")
_JOINTS = frozenset(b".,-/")


class TextMatcher:
    """Runs the patterns that may lie inside text.

    Args:
        patterns: those with ``search``.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._direct = [_Searcher(p) for p in patterns if p.search and not p.shape]
        self._contextual = [_Searcher(p) for p in patterns if p.search and p.context]

    def match(self, layout: Layout, rows: Int64s, out: Collector) -> None:
        """Add findings inside the values at ``rows``."""
        if not len(rows):
            return
        texts = _Texts(layout, rows)
        for searcher in self._direct:
            self._run(searcher, texts, texts.all, out)
        if self._contextual:
            near = texts.narrow(texts.all, _union(s.words for s in self._contextual))
            for searcher in self._contextual:
                self._run(searcher, texts, texts.narrow(near, searcher.words), out, context=True)

    def _run(
        self,
        searcher: _Searcher,
        texts: _Texts,
        among: Int64s,
        out: Collector,
        *,
        context: bool = False,
    ) -> None:
        fitting = texts.narrow(texts.fitting(searcher.pattern, among), searcher.pattern.source)
        if not len(fitting):
            return
        pattern = searcher.pattern
        rows: list[int] = []
        spans: list[tuple[int, int]] = []
        found: list[str] = []
        for row in fitting.tolist():
            data = texts.layout.bytes(row)
            for start, end in searcher.spans(data):
                if context and not searcher.in_context(data, start, end):
                    continue
                rows.append(row)
                spans.append((start, end))
                found.append(data[start:end].decode("utf-8", "replace"))
        if not rows:
            return
        keep = np.ones(len(rows), np.bool_)
        if pattern.validate is not None:
            keep = pattern.validate(pl.Series(found, dtype=pl.String))
            if context and pattern.weak:
                keep = ~keep  # the valid ones were found directly
        elif context and not pattern.shape:
            return
        at = np.asarray(rows, np.int64)[keep]
        places = texts.layout.code_points(at, np.asarray(spans, np.int64).reshape(-1, 2)[keep])
        label = (
            (pattern.entity, f"context.{pattern.name}", CONTEXT_SCORE)
            if context
            else (pattern.entity, f"pattern.{pattern.name}", pattern.score)
        )
        out.add(at, places[:, 0], places[:, 1], label)


def _union(sources: Iterator[str] | Sequence[str]) -> str:
    return "|".join(dict.fromkeys(sources))


class _Texts:
    """The values looked into, by row."""

    def __init__(self, layout: Layout, rows: Int64s) -> None:
        self.layout = layout
        self.all = rows

    def fitting(self, pattern: Pattern, among: Int64s) -> Int64s:
        facts = pattern.facts
        signatures = [s for s, m, n in self.layout.present if facts.admits_inside(m, n)]
        table = np.zeros(1 << 14, np.bool_)
        table[signatures] = True
        fitting: Int64s = among[table[self.layout.signatures[among]]]
        return fitting

    def narrow(self, among: Int64s, source: str) -> Int64s:
        """Those of ``among`` in which the regex occurs."""
        if not len(among):
            return among
        found: Int64s = among[self.layout.series.gather(among).str.contains(source).to_numpy()]
        return found


class _Searcher:
    """One pattern, ready to give its spans in bytes."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        #: The gate; a word's beginning is checked afterwards, by RE2.
        self.words = f"(?i:{'|'.join(pattern.context)})"

    @cached_property
    def _regex(self) -> re2._Regexp:
        return re2.compile(self.pattern.source.encode())

    @cached_property
    def _words_regex(self) -> re2._Regexp:
        return re2.compile(rf"\b{self.words}".encode())

    def in_context(self, data: bytes, start: int, end: int) -> bool:
        """Whether a context word stands near."""
        before = data[max(0, start - _BEFORE) : start]
        after = data[end : end + _AFTER]
        return bool(self._words_regex.search(before) or self._words_regex.search(after))

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Matches whose edges are free, left to right, not overlapping."""
        at = 0
        group = 1 if "(?P<v>" in self.pattern.regex else 0
        while (match := self._regex.search(data, at)) is not None:
            start, end = match.span(group)
            whole_start, whole_end = match.span()
            if whole_end <= whole_start:
                return
            if _free(data, whole_start, whole_end, self.pattern.edge):
                yield start, end
                at = whole_end
                continue
            # Any match that begins in the same word has the same neighbour: go on after it.
            at = whole_start + 1
            while at < len(data) and data[at - 1] in _WORD and data[at] in _WORD:
                at += 1


def _free(data: bytes, start: int, end: int, edge: Edge) -> bool:
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


def worth_searching(layout: Layout, done: np.ndarray) -> Int64s:
    """Rows with a byte that is neither letter nor digit, and not yet wholly explained."""
    mixed = (layout.masks & np.uint8(~(DIGIT | UPPER | LOWER) & 255)) != 0
    return np.flatnonzero(mixed & ~done)
