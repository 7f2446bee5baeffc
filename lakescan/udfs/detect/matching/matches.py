"""Matches of many patterns in texts, judged all at once: context, checks, code points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from lakescan.udfs.detect.buffers import BoolArray, ByteArray, IntArray
from lakescan.udfs.detect.checksums.candidates import PackedCandidates
from lakescan.udfs.detect.collect import Collector
from lakescan.udfs.detect.context import CONTEXT_SCORE, MISTYPED_SCORE, Context, ContextWords
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.pattern import Pattern

#: Candidates checked at once: their matrices fit a core's cache.
_BLOCK = 8192

#: What may stand between a number's name and the number.
_OF_NUMBERS = r"(?:[ -]?(?:id|id-nr|no|nr|n[º°]|number|nummer|numer|n[uú]mero|is|ist|est|es)\.?)?"

#: How sure a match is by its words nearby: not at all (its own score counts), by one of its context
#: words, by its own name although its check fails.
_CONTEXT = (0.0, CONTEXT_SCORE, MISTYPED_SCORE)


class Judge:
    """What is asked of patterns' matches.

    Args:
        patterns: a match names its pattern by its place among these.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = patterns
        lists = list(dict.fromkeys(pattern.context for pattern in patterns))
        #: Of each pattern, the place of its list of context words.
        self.lists = np.array([lists.index(p.context) for p in patterns], np.int64)
        self.is_shape = np.array([p.shape for p in patterns], np.bool_)
        self.scores = np.array([p.score for p in patterns])
        self.words = ContextWords(lists)

    def context(self, texts: Layout) -> Context:
        """Finds the patterns' context words in texts."""
        return Context(texts, self.words)


class Matches:
    """Takes matches and tells those that count as findings.

    Args:
        judge: knows the patterns.
        texts: what was searched.
        rows: their index among the values that were given.
        context: of the texts.
    """

    def __init__(self, judge: Judge, texts: Layout, rows: IntArray, context: Context) -> None:
        self._judge = judge
        self._texts = texts
        self._rows = rows
        self._context = context
        self._parts: list[tuple[IntArray, IntArray, IntArray]] = []

    def add(self, numbers: IntArray, at: IntArray, spans: IntArray) -> None:
        """Take matches.

        Args:
            numbers: of the pattern of each.
            at: the text of each.
            spans: bytes of the text, an (n, 2) array.
        """
        if len(numbers):
            self._parts.append((numbers, at, spans))

    def tell(self, out: Collector) -> None:
        """Add what counts to ``out``: what is only a shape needs a context word nearby."""
        if not self._parts:
            return
        numbers, at, spans = (np.concatenate(each) for each in zip(*self._parts, strict=True))
        credible = self._credible(numbers, at, spans)
        chosen = credible[np.argsort(numbers[credible], kind="stable")]
        numbers, at, spans = numbers[chosen], at[chosen], spans[chosen]
        if not len(numbers):
            return
        judge = self._judge
        sure, weak, mistyped = self._checked(numbers, at, spans)
        near = weak.copy()
        asked = np.flatnonzero(weak)
        near[asked] = self._context.near(at[asked], judge.lists[numbers[asked]], spans[asked])
        sure &= ~self._named_otherwise(numbers, at, spans, sure)
        told = np.flatnonzero(sure | near | mistyped)
        if not len(told):
            return
        places = self._texts.code_points(at[told], spans[told])
        # A shape counts for what stands near, as does a form whose check fails.
        in_context = np.where(mistyped, 2, judge.is_shape[numbers] | near)
        kinds = numbers[told] * 3 + in_context[told]
        order = np.argsort(kinds, kind="stable")
        rows, places, kinds = self._rows[at[told[order]]], places[order], kinds[order]
        for low, high in _runs(kinds):
            label = _label(judge.patterns[kinds[low] // 3], _CONTEXT[kinds[low] % 3])
            out.add(rows[low:high], places[low:high, 0], places[low:high, 1], label)

    def _credible(self, numbers: IntArray, at: IntArray, spans: IntArray) -> IntArray:
        """All but shapes without a context word nearby."""
        judge = self._judge
        shapes = np.flatnonzero(judge.is_shape[numbers])
        kept = np.ones(len(numbers), np.bool_)
        kept[shapes] = self._context.near(at[shapes], judge.lists[numbers[shapes]], spans[shapes])
        return np.flatnonzero(kept)

    def _named_otherwise(
        self, numbers: IntArray, at: IntArray, spans: IntArray, sure: BoolArray
    ) -> BoolArray:
        """Forms where another fits the same characters as well, and a word nearby names that.

        ``NRIC S1234567D`` has the check letter of a Spanish firm, too.
        """
        judge = self._judge
        beaten = np.zeros(len(numbers), np.bool_)
        places = np.flatnonzero(sure & ~judge.is_shape[numbers])
        lows = self._texts.offsets[at[places]]
        keys = np.stack((lows + spans[places, 0], lows + spans[places, 1]), axis=1)
        _, of, times = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
        several = times[of.ravel()] > 1
        places, of = places[several], of.ravel()[several]
        if not len(places):
            return beaten
        named = self._context.near(at[places], judge.lists[numbers[places]], spans[places])
        scores = judge.scores[numbers[places]]
        best = np.zeros(len(times))
        np.maximum.at(best, of[named], scores[named])
        beaten[places] = ~named & (scores <= best[of])
        return beaten

    def _checked(
        self, numbers: IntArray, at: IntArray, spans: IntArray
    ) -> tuple[BoolArray, BoolArray, BoolArray]:
        """Three kinds of matches, as flags.

        Those that their check accepts; others that a context word would make up for; numbers that
        fail it and stand right behind their name.
        """
        sure = np.ones(len(numbers), np.bool_)
        weak, mistyped = np.zeros((2, len(numbers)), np.bool_)
        bounds, data = _packed(self._texts, at, spans)
        for low, high in _runs(numbers):
            pattern = self._judge.patterns[numbers[low]]
            if pattern.validate is not None:
                for begin in range(low, high, _BLOCK):
                    end = min(begin + _BLOCK, high)
                    candidates = PackedCandidates(bounds[begin : end + 1], data)
                    sure[begin:end] = pattern.validate(candidates)
                if pattern.weak and pattern.context:
                    weak[low:high] = ~sure[low:high]
                failed = low + np.flatnonzero(~sure[low:high])
                if pattern.named and len(failed):
                    called = tuple(f"(?:{word}){_OF_NUMBERS}" for word in pattern.context)
                    mistyped[failed] = self._context.right_before(called, at[failed], spans[failed])
            if pattern.against:
                part = slice(low, high)
                free = ~self._context.right_before(pattern.against, at[part], spans[part])
                sure[part] &= free
                weak[part] &= free
        return sure, weak, mistyped


def _label(pattern: Pattern, in_context: float) -> tuple[str, str, float]:
    if in_context:
        return pattern.entity, f"context.{pattern.name}", in_context
    return pattern.entity, f"pattern.{pattern.name}", pattern.score


def _runs(numbers: IntArray) -> Iterator[tuple[int, int]]:
    """Where equal numbers stand side by side, as [low, high)."""
    cuts = np.flatnonzero(np.diff(numbers)) + 1
    bounds = [0, *cuts.tolist(), len(numbers)]
    return pairwise(bounds)


def _packed(texts: Layout, at: IntArray, spans: IntArray) -> tuple[IntArray, ByteArray]:
    """The bytes of spans side by side, and where each begins and the last ends."""
    starts, sizes = texts.offsets[at] + spans[:, 0], spans[:, 1] - spans[:, 0]
    bounds = np.append(0, np.cumsum(sizes))
    places = np.repeat(starts - bounds[:-1], sizes) + np.arange(bounds[-1])
    return bounds, texts.data[places]
