"""Where words and spans stand in a text, however long it is and however many there are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from lakescan.udfs.detect.ner.spans import Span

_WORD = re.compile(r"\w+")
#: So many names are looked for one after the other.
_FEW = 32


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
    stop = 0
    for start, name in _one_by_one(text, names) if len(names) <= _FEW else _by_word(text, names):
        if start >= stop:
            found[name].append(start)
            stop = start + len(name)
    return found


def _one_by_one(text: str, names: Collection[str]) -> list[tuple[int, str]]:
    """Where any of few names stands, the longest first of those at one place."""
    found: list[tuple[int, int, str]] = []
    for name in names:
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if not (_is_in_word(text[start - 1 : start]) or _is_in_word(text[end : end + 1])):
                found.append((start, -len(name), name))
            start = text.find(name, start + 1)
    return [(start, name) for start, _, name in sorted(found)]


def _is_in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _by_word(text: str, names: Collection[str]) -> Iterator[tuple[int, str]]:
    """The same of any number of names, by the first word of each."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=len, reverse=True):
        first = _WORD.match(name)
        if first is not None:
            by_word[first.group()].append(name)
    for word in _WORD.finditer(text):
        start = word.start()
        for name in by_word.get(word.group(), ()):
            if text.startswith(name, start) and not _WORD.match(text, start + len(name)):
                yield start, name
                break
