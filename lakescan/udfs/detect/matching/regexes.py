"""Two engines, one answer: Rust's regexes for many strings, RE2 for few.

Polars compiles a pattern anew at every call (about half a millisecond), RE2's are kept; but RE2 is
called once a string (about a microsecond). All patterns are in the part that both read alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
import polars as pl
import re2

from lakescan.udfs.detect.buffers import BoolArray

_UNANCHORED, _WHOLE = re2._Anchor.UNANCHORED, re2._Anchor.ANCHOR_BOTH  # noqa: SLF001 - no other name

#: Below this many strings RE2 is faster.
FEW = 300

#: Bytes, where to begin and where to end -> the spans of a match and of its groups; (-1, -1) for
#: none.
Finder = Callable[[bytes, int, int], list[tuple[int, int]]]


def is_wholly(series: pl.Series, source: str) -> BoolArray:
    """Whether each string is a match of ``source`` from end to end."""
    if len(series) >= FEW:
        found: BoolArray = series.str.contains(rf"\A(?:{_rust(source)})\z").to_numpy()
        return found
    match = whole(source)
    return np.array([match(text.encode()) for text in series.to_list()], np.bool_)


def _rust(source: str) -> str:
    # RE2's word boundary knows ASCII letters only.
    return source.replace(r"\b", r"(?-u:\b)")


@lru_cache(maxsize=4096)
def compiled(source: str) -> re2._Regexp:
    """The pattern for RE2, over bytes of UTF-8."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(source.encode(), options)


def whole(source: str) -> Callable[[bytes], bool]:
    """Says whether bytes are a match from end to end."""
    match = _finder(source, _WHOLE)
    return lambda data: match(data, 0, len(data))[0][0] >= 0


def finder(source: str) -> Finder:
    """Finds the first match in a part of some bytes; what stands around that part is looked at.

    It is what RE2's wrapper in Python calls, which itself takes longer than most searches.
    """
    return _finder(source, _UNANCHORED)


@lru_cache(maxsize=4096)
def _finder(source: str, anchor: re2._Anchor) -> Finder:
    return partial(compiled(source)._regexp.Match, anchor)  # noqa: SLF001 - see `finder`
