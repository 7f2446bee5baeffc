"""Which of many patterns could match the strings of a shape, remembered shape by shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from lakescan.udfs.detect.matching.automata import automaton
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shapes.memory import ShapeMemory
from lakescan.udfs.detect.shapes.regex import image, kernel
from lakescan.udfs.detect.shapes.shapes import Alphabet


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a shape says of the patterns, by their number.

    Args:
        every: those that match every string of the shape.
        some: others, that may match some.
    """

    every: frozenset[int]
    some: frozenset[int]


class ShapeGates:
    """Asks all patterns at once about a shape.

    Args:
        patterns: matched against whole strings.
        alphabet: of the shapes.
    """

    def __init__(self, patterns: Sequence[Pattern], alphabet: Alphabet) -> None:
        facts = [(p.regex, alphabet, p.ignore_case) for p in patterns]
        self._could = automaton([image(*each) for each in facts], whole=True)
        self._must = automaton([kernel(*each) for each in facts], whole=True)
        self._memory = ShapeMemory(self._verdicts)

    def ask(self, shapes: pl.Series) -> list[Verdicts]:
        """The verdicts on each shape."""
        return self._memory.ask(shapes)

    def _verdicts(self, shapes: list[str]) -> Iterator[Verdicts]:
        for shape in shapes:
            data = shape.encode()
            every = frozenset(self._must(data))
            yield Verdicts(every, frozenset(self._could(data)) - every)
