"""Which patterns could match inside texts of a shape, remembered shape by shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import re2

from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.automata import automaton
from lakescan.udfs.detect.matching.regexes import compiled
from lakescan.udfs.detect.matching.tokens import tokens
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shapes.gates import ShapeGates
from lakescan.udfs.detect.shapes.memory import ShapeMemory
from lakescan.udfs.detect.shapes.regex import image
from lakescan.udfs.detect.shapes.shapes import FINE


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a shape says of texts.

    Args:
        tokens: whether a token of such a text could be something.
        searched: the patterns, by number, that could match inside.
    """

    tokens: bool
    searched: frozenset[int]


class TextGates:
    """Asks all patterns at once about the shape of texts.

    Args:
        tokens: the patterns that are looked up token by token, first of their groups.
        searched: the patterns that are searched.
    """

    def __init__(self, tokens: Sequence[Sequence[Pattern]], searched: Sequence[Pattern]) -> None:
        self._token_gates = ShapeGates([group[0] for group in tokens], FINE)
        self._groups = tokens
        self._searched = searched
        gates = [(p.gate or p.regex, FINE, p.gate is None and p.ignore_case) for p in searched]
        self._occurs = automaton([image(*gate) for gate in gates], whole=False)
        every = [p for group in tokens for p in group] + list(searched)
        self._words = list(dict.fromkeys(word for p in every for word in p.context))
        self._near = automaton([image(word, FINE, True) for word in self._words], whole=False)
        self._memory = ShapeMemory(self._outlooks)

    def ask(self, shapes: pl.Series) -> list[Outlook]:
        """The outlook on each shape."""
        return self._memory.ask(shapes)

    def _outlooks(self, shapes: list[str]) -> list[Outlook]:
        data = [shape.encode() for shape in shapes]
        words = [self._words_in(text) for text in data]
        hopeful = np.zeros(len(shapes), np.bool_)
        for part in tokens(Layout(pl.Series(shapes))):
            verdicts = self._token_gates.ask(part.layout.series)
            for row, verdict in zip(part.rows.tolist(), verdicts, strict=True):
                if not hopeful[row]:
                    numbers = verdict.every | verdict.some
                    patterns = (p for number in numbers for p in self._groups[number])
                    hopeful[row] = any(_may_count(p, words[row]) for p in patterns)
        return [
            Outlook(bool(tokens), self._searched_in(text, near))
            for tokens, text, near in zip(hopeful, data, words, strict=True)
        ]

    def _words_in(self, text: bytes) -> frozenset[str]:
        return frozenset(self._words[number] for number in self._near(text))

    def _searched_in(self, text: bytes, words: frozenset[str]) -> frozenset[int]:
        numbers = self._occurs(text)
        return frozenset(
            n
            for n in numbers
            if _may_count(self._searched[n], words) and self._image(n).search(text) is not None
        )

    def _image(self, number: int) -> re2._Regexp:
        """What the shape of a match of the pattern itself looks like, which says more than a gate.

        All of them in one automaton would be too large.
        """
        pattern = self._searched[number]
        return compiled(image(pattern.regex, FINE, pattern.ignore_case))


def _may_count(pattern: Pattern, words: frozenset[str]) -> bool:
    """Whether a match of the pattern could be a finding where no words but these are near."""
    return not pattern.shape or any(word in words for word in pattern.context)
