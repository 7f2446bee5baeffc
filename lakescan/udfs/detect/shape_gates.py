"""Which of many patterns could match the strings of a shape, remembered shape by shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import re2

from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.shape_regex import image, kernel
from lakescan.udfs.detect.shapes import Alphabet

#: Shapes that are remembered; at the limit all are forgotten.
_MOST = 1 << 16
#: A longer shape is looked at anew each time.
_LONGEST = 256
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
        self._known: dict[str, Verdicts] = {}

    def ask(self, shapes: pl.Series) -> list[Verdicts]:
        """The verdicts on each shape."""
        return [self._known.get(shape) or self._ask(shape) for shape in shapes.to_list()]

    def _ask(self, shape: str) -> Verdicts:
        data = shape.encode()
        every = frozenset(self._must.Match(data) or ())
        verdicts = Verdicts(every, frozenset(self._could.Match(data) or ()) - every)
        if len(shape) <= _LONGEST:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[shape] = verdicts
        return verdicts


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
