"""Answers that depend on a shape alone, each worked out once and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import polars as pl

Answer = TypeVar("Answer")

#: Shapes that are remembered; at the limit all are forgotten.
_MOST = 1 << 16
#: A longer shape is looked at anew each time.
_LONGEST = 256


class ShapeMemory(Generic[Answer]):
    """Asks about each shape once.

    Args:
        work_out: the answers to shapes that are new, one for each.
    """

    def __init__(self, work_out: Callable[[list[str]], Iterable[Answer]]) -> None:
        self._work_out = work_out
        self._known: dict[str, Answer] = {}

    def ask(self, shapes: pl.Series) -> list[Answer]:
        """The answer to each shape."""
        asked, known = shapes.to_list(), self._known
        new = [shape for shape in dict.fromkeys(asked) if shape not in known]
        if not new:
            return [known[shape] for shape in asked]
        fresh = dict(zip(new, self._work_out(new), strict=True))
        answers = [fresh[shape] if shape in fresh else known[shape] for shape in asked]
        if len(known) + len(fresh) > _MOST:
            # Others may be reading the old one.
            self._known = {}
        self._known.update((shape, each) for shape, each in fresh.items() if len(shape) <= _LONGEST)
        return answers
