"""Long texts in overlapping windows: which tokens are read together, and whose word counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

#: Windows share this part of their tokens with the next.
_OVERLAP = 0.25


class Window(NamedTuple):
    """Tokens that are read together.

    Args:
        start: the first token.
        stop: one past the last.
        low: the first token for which this window is heard.
        high: one past the last such token.
    """

    start: int
    stop: int
    low: int
    high: int


def windows(words: Ints, size: int) -> Iterator[Window]:
    """Cut a text's tokens into windows.

    Each token is heard in exactly one: where two overlap, in the one whose edge is farther away.
    No word is cut, unless it alone fills half a window.

    Args:
        words: each token's word, rising.
        size: tokens that a window holds.
    """
    count = len(words)
    firsts = np.flatnonzero(np.diff(words, prepend=words[:1] - 1)) if count else words
    shared = int(size * _OVERLAP)
    start = low = 0
    while start < count:
        stop = start + size
        if stop >= count:
            yield Window(start, count, low, count)
            return
        stop = _word_start(firsts, stop, least=start + size // 2)
        after = _word_start(firsts, stop - shared, least=start + size // 4)
        middle = _word_start(firsts, (after + stop) // 2, least=after)
        yield Window(start, stop, low, middle)
        start, low = after, middle


def _word_start(firsts: Ints, at: int, least: int) -> int:
    """The last token from ``least`` to ``at`` that begins a word; ``at`` if there is none."""
    place = int(np.searchsorted(firsts, at, side="right")) - 1
    found = int(firsts[place])
    return found if found >= max(least, 1) else at
