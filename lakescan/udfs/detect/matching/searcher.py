"""One pattern whose matches may hold spaces, searched for in texts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from lakescan.udfs.detect.matching.grammar import TOKEN, byte_class
from lakescan.udfs.detect.matching.regexes import Finder, finder
from lakescan.udfs.detect.pattern import Edge, Pattern

_WORD = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_NO_WORD = "[^0-9A-Za-z_]"
_DIGITS = frozenset(b"0123456789")
_JOINTS = frozenset(b".,-/")
_IN_TOKENS = bytes(b for b in range(256) if byte_class(b) & TOKEN)


class Searcher:
    """Finds where a pattern matches.

    Args:
        pattern: the pattern; of those that are matched against whole tokens only matches of more
            than one token are told.
    """

    def __init__(self, pattern: Pattern) -> None:
        self.source = pattern.source
        self._edge = pattern.edge
        self._group = 1 if "(?P<v>" in pattern.regex else 0
        self._spaced_only = pattern.whole

    @cached_property
    def _find(self) -> Finder:
        return finder(self.source)

    def search(
        self, pieces: Iterable[bytes], rows: Iterable[int]
    ) -> tuple[list[int], list[tuple[int, int]]]:
        """Matches whose edges are free, left to right, not overlapping.

        Args:
            pieces: texts.
            rows: their numbers.

        Returns:
            The row and the span of each match.
        """
        at: list[int] = []
        spans: list[tuple[int, int]] = []
        find, edge, group = self._find, self._edge, self._group
        for row, data in zip(rows, pieces, strict=True):
            size = len(data)
            found = find(data, 0, size)
            start, end = found[0]
            while end > start:
                if not is_free(data, start, end, edge):
                    # Any match that begins in the same word has the same neighbour.
                    after = _word_end(data, start)
                elif self._spaced_only and not data[start:end].translate(None, _IN_TOKENS):
                    after = end
                else:
                    after = end
                    at.append(row)
                    spans.append(found[group])
                found = find(data, after, size)
                start, end = found[0]
        return at, spans


def _word_end(data: bytes, start: int) -> int:
    """Where what begins at ``start`` ends: a word, or one byte that is none."""
    if data[start] not in _WORD:
        return start + 1
    end = finder(_NO_WORD)(data, start + 1, len(data))[0][0]
    return len(data) if end < 0 else end


def is_free(data: bytes, start: int, end: int, edge: Edge) -> bool:
    """Whether nothing touches a match that may not: see `Edge`."""
    if edge is Edge.NONE:
        return True
    before = data[start - 1] if start else 32
    after = data[end] if end < len(data) else 32
    if (before in _WORD and data[start] in _WORD) or (after in _WORD and data[end - 1] in _WORD):
        return False
    if edge is Edge.NUMBER:
        if before in _WORD and data[start] in _JOINTS:
            return False
        if after in _DIGITS and data[end - 1] not in _WORD:
            return False
        if before in _JOINTS and start > 1 and data[start - 2] in _DIGITS:
            return False
        if after in _JOINTS and end + 1 < len(data) and data[end + 1] in _DIGITS:
            return False
    return True
