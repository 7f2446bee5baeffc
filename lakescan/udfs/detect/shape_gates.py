"""Which of many patterns could match the strings of a shape, remembered shape by shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
import re2

from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shape_memory import ShapeMemory
from lakescan.udfs.detect.shape_regex import image, kernel
from lakescan.udfs.detect.shapes import Alphabet

#: Bytes for the automaton of all patterns.
_MEMORY = 64 << 20


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
            every = frozenset(self._must.Match(data) or ())
            yield Verdicts(every, frozenset(self._could.Match(data) or ()) - every)


def automaton(regexes: Sequence[str], *, whole: bool) -> re2.Set:
    """One that says which of the regexes match a string wholly, or occur in it."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    made = re2.Set.FullMatchSet(options) if whole else re2.Set.SearchSet(options)
    for regex in regexes:
        made.Add(regex.encode())
    made.Compile()
    return made
