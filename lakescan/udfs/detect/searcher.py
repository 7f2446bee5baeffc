"""One pattern whose matches may hold spaces, searched for in texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lakescan.udfs.detect.grammar import TOKEN, byte_class
from lakescan.udfs.detect.pattern import Edge, Pattern
from lakescan.udfs.detect.regexes import Finder, finder

_WORD = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_NO_WORD = "[^0-9A-Za-z_]"
_DIGITS = frozenset(b"0123456789")
_JOINTS = frozenset(b".,-/")
_BETWEEN = bytes(b for b in range(256) if not byte_class(b) & TOKEN)


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

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Matches whose edges are free, left to right, not overlapping."""
        at, size = 0, len(data)
        find, edge, group = self._find, self._edge, self._group
        while True:
            found = find(data, at, size)
            start, end = found[0]
            if end <= start:
                return
            if is_free(data, start, end, edge):
                at = end
                if not self._spaced_only or len(data[start:end].translate(None, _BETWEEN)) < (
                    end - start
                ):
                    yield found[group]
                continue
            # Any match that begins in the same word has the same neighbour: go on after it.
            at = start + 1
            if data[start] in _WORD:
                beyond = finder(_NO_WORD)(data, at, size)[0][0]
                at = size if beyond < 0 else beyond


def is_free(data: bytes, start: int, end: int, edge: Edge) -> bool:
    """Whether nothing touches a match that may not: see `Edge`."""
    if edge is Edge.NONE:
        return True
    before = data[start - 1] if start else 32
    after = data[end] if end < len(data) else 32
    if (before in _WORD and data[start] in _WORD) or (after in _WORD and data[end - 1] in _WORD):
        return False
    if edge is Edge.NUMBER:
        if before in _JOINTS and start > 1 and data[start - 2] in _DIGITS:
            return False
        if after in _JOINTS and end + 1 < len(data) and data[end + 1] in _DIGITS:
            return False
    return True
