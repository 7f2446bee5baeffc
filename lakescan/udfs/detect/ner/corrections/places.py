"""Where words and spans stand in a text, however long it is and however many there are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from lakescan.udfs.detect.ner.spans import Span

_WORD = re.compile(r"\w+")


class Covered:
    """Spans by their place.

    Args:
        spans: in order, none overlapping.
    """

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]

    def first(self, start: int, end: int) -> Span | None:
        """The first span that has a code point of a range."""
        place = max(0, bisect_right(self._starts, start) - 1)
        for span in self._spans[place : place + 2]:
            if span.start < end and start < span.end:
                return span
        return None

    def touches(self, start: int, end: int) -> bool:
        """Whether there is one."""
        return self.first(start, end) is not None


def replaced(spans: Sequence[Span], told: Sequence[Span]) -> list[Span]:
    """Spans without those that share a character with what is told instead, and that."""
    covered = Covered(sorted(told))
    return sorted([*(s for s in spans if not covered.touches(s.start, s.end)), *told])


def places_of(text: str, names: Collection[str]) -> dict[str, list[int]]:
    """Where each name begins that stands between other characters than a word's.

    Of names that begin at one place the longest stands there, and none inside another.

    Args:
        text: the text.
        names: each begins with a letter or a digit.
    """
    found: dict[str, list[int]] = {name: [] for name in names}
    by_word: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=len, reverse=True):
        first = _WORD.match(name)
        if first is not None:
            by_word[first.group()].append(name)
    for name, start in _met(text, by_word):
        found[name].append(start)
    return found


def _met(text: str, by_word: dict[str, list[str]]) -> Iterator[tuple[str, int]]:
    stop = 0
    for word in _WORD.finditer(text):
        start = word.start()
        if start < stop:
            continue
        for name in by_word.get(word.group(), ()):
            end = start + len(name)
            if text.startswith(name, start) and not _WORD.match(text, end):
                yield name, start
                stop = end
                break
