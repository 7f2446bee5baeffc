"""Entities inside longer text.

What has no spaces is looked up token by token, as whole strings are. What may hold spaces is
searched: a first look says in which texts, RE2 where. Then all matches are judged together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from lakescan.udfs.detect.collect import Collector, Int64s
from lakescan.udfs.detect.context import Context
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.first_look import first_look
from lakescan.udfs.detect.matching.grammar import AT, DASH, DOT, LOWER, SPACE, TOKEN, UPPER, facts
from lakescan.udfs.detect.matching.matches import Judge, Matches
from lakescan.udfs.detect.matching.searcher import Searcher
from lakescan.udfs.detect.matching.text_gates import TextGates
from lakescan.udfs.detect.matching.token_patterns import TokenPatterns
from lakescan.udfs.detect.matching.tokens import tokens
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shapes.shapes import FINE, Shapes


class TextMatcher:
    """Runs the patterns that may lie inside text.

    Args:
        patterns: those with ``search`` are used.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        wanted = [p for p in patterns if p.search and (not p.shape or p.context)]
        self._judge = Judge(wanted)
        self._tokens = TokenPatterns(wanted)
        #: The numbers of the patterns that are searched for, as texts' shapes know them.
        self._searched = [n for n, p in enumerate(wanted) if not (p.is_token and p.whole)]
        self._searchers = {number: Searcher(wanted[number]) for number in self._searched}
        self._shapes = [number for number in self._searched if wanted[number].shape]
        #: Those with a gate that words alone may match, by it.
        self._worded: dict[str, list[int]] = {}
        for number, pattern in enumerate(wanted):
            needs = facts(pattern.regex, ignore_case=pattern.ignore_case).needs
            if pattern.gate and not pattern.shape and all(need & _WORDS for need in needs):
                self._worded.setdefault(pattern.gate, []).append(number)
        self._by_gate: dict[str, list[int]] = {}
        for number in self._searched:
            pattern = wanted[number]
            if not pattern.shape:
                self._by_gate.setdefault(pattern.gate or pattern.source, []).append(number)

    def match(self, layout: Layout, among: Int64s, out: Collector) -> None:
        """Add findings inside the values of ``layout``, which are ``among`` those given."""
        self._match_words(layout, among, out)
        rows = worth_searching(layout)
        if not len(rows):
            return
        texts = layout if len(rows) == len(layout) else layout.take(rows)
        context = self._judge.context(texts)
        found = Matches(self._judge, texts, among[rows], context)
        pieces = None
        if texts.shapes is not None and texts.shapes.alphabet == FINE:
            fitting = self._by_shape(texts, texts.shapes, context, found)
        else:
            self._match_tokens(texts, None, found)
            pieces = texts.pieces(np.arange(len(texts)))
            fitting = self._by_gates(pieces, context)
        for number, some in fitting:
            held = some.tolist()
            chosen = texts.pieces(some) if pieces is None else [pieces[row] for row in held]
            self._search(number, chosen, held, found)
        found.tell(out)

    def _match_words(self, layout: Layout, among: Int64s, out: Collector) -> None:
        """The same for texts of words alone, of which few patterns can say anything."""
        masks = layout.masks
        rows = np.flatnonzero(((masks & _APART) != 0) & ((masks & _TELLING) == 0))
        if not self._worded or not len(rows):
            return
        pieces = layout.pieces(rows)
        looked = first_look(pieces, list(self._worded), np.arange(len(rows)))
        hopeful = np.unique(np.concatenate(list(looked.values())))
        if not len(hopeful):
            return
        texts = layout.take(rows[hopeful])
        found = Matches(self._judge, texts, among[rows[hopeful]], self._judge.context(texts))
        self._match_tokens(texts, None, found)
        pieces = [pieces[place] for place in hopeful.tolist()]
        for numbers in self._worded.values():
            for number in numbers:
                self._search(number, pieces, list(range(len(pieces))), found)
        found.tell(out)

    def _search(self, number: int, pieces: list[bytes], rows: list[int], found: Matches) -> None:
        """Look for one pattern in texts."""
        if number not in self._searchers:
            return
        at, spans = self._searchers[number].search(pieces, rows)
        if at:
            found.add(np.full(len(at), number), np.asarray(at), np.asarray(spans))

    def _by_gates(self, pieces: list[bytes], context: Context) -> Iterator[tuple[int, Int64s]]:
        """Each pattern that is searched for, and the texts that it may lie in."""
        every = np.arange(len(pieces))
        looked = first_look(pieces, list(self._by_gate), every)
        for gate, numbers in self._by_gate.items():
            rows = looked[gate]
            if not len(rows):
                continue
            if len(numbers) == 1:
                yield numbers[0], rows
                continue
            sources = {number: self._searchers[number].source for number in numbers}
            closer = first_look(
                [pieces[row] for row in rows.tolist()], list(sources.values()), rows
            )
            yield from ((number, closer[source]) for number, source in sources.items())
        # A shape counts only near one of its words, and few texts have one.
        holding = context.holding(every[:, None], self._judge.lists[self._shapes])
        for place in np.flatnonzero(holding.any(axis=0)).tolist():
            yield self._shapes[place], np.flatnonzero(holding[:, place])

    def _by_shape(
        self, texts: Layout, shapes: Shapes, context: Context, found: Matches
    ) -> Iterator[tuple[int, Int64s]]:
        """The same, where most patterns are ruled out by the texts' shapes."""
        outlooks = self._gates.ask(shapes.distinct)
        hopeful = np.array([outlook.tokens for outlook in outlooks])[shapes.codes]
        if hopeful.any():
            rows = np.flatnonzero(hopeful)
            self._match_tokens(texts.take(rows), rows, found)
        codes: dict[int, list[int]] = {}
        for code, outlook in enumerate(outlooks):
            for place in outlook.searched:
                codes.setdefault(self._searched[place], []).append(code)
        for number in sorted(codes):
            rows = shapes.rows(codes[number])
            if self._judge.is_shape[number]:
                rows = rows[context.holding(rows, self._judge.lists[[number]])]
            yield number, rows

    @cached_property
    def _gates(self) -> TextGates:
        patterns = self._judge.patterns
        return TextGates(self._tokens.groups, [patterns[number] for number in self._searched])

    def _match_tokens(self, texts: Layout, rows: Int64s | None, found: Matches) -> None:
        """Look the tokens of texts up, which are those of ``found``, or some rows of these."""
        for part in tokens(texts):
            at = part.rows if rows is None else rows[part.rows]
            spans = np.stack((part.starts, part.starts + part.layout.sizes), axis=1)
            chosen, numbers = self._tokens.match(part.layout)
            found.add(numbers, at[chosen], spans[chosen])


def worth_searching(layout: Layout) -> Int64s:
    """Rows that are more than one token, and more than words; or a path with an address in it."""
    masks = layout.masks
    several = ((masks & _APART) != 0) | ((masks & _PATH) == _PATH)
    return np.flatnonzero(several & ((masks & _TELLING) != 0))


#: What a path with an e-mail address in it has, which as a whole is one token.
_PATH = AT | DASH | DOT
#: What stands between tokens.
_APART = np.uint8(~TOKEN & 255)
#: All but letters, points and spaces.
_WORDS = UPPER | LOWER | DOT | SPACE
_TELLING = np.uint8(255 & ~_WORDS)
