"""Two engines, one answer: Rust's regexes for many strings, RE2 for few.

Polars compiles a pattern anew at every call (about half a millisecond), RE2's are kept; but RE2 is
called once a string (about a microsecond). All patterns are in the part that both read alike.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl
import re2

from lakescan.udfs.detect.buffers import BoolArray

#: Below this many strings RE2 is faster.
FEW = 300


def is_wholly(series: pl.Series, source: str) -> BoolArray:
    """Whether each string is a match of ``source`` from end to end."""
    if len(series) >= FEW:
        whole: BoolArray = series.str.contains(rf"\A(?:{_rust(source)})\z").to_numpy()
        return whole
    match = compiled(source).fullmatch
    return np.array([match(s.encode()) is not None for s in series.to_list()], np.bool_)


def occurs(series: pl.Series, source: str) -> BoolArray:
    """Whether a match of ``source`` lies anywhere in each string."""
    if len(series) >= FEW:
        found: BoolArray = series.str.contains(_rust(source)).to_numpy()
        return found
    search = compiled(source).search
    return np.array([search(s.encode()) is not None for s in series.to_list()], np.bool_)


def _rust(source: str) -> str:
    # RE2's word boundary knows ASCII letters only.
    return source.replace(r"\b", r"(?-u:\b)")


@lru_cache(maxsize=4096)
def compiled(source: str) -> re2._Regexp:
    """The pattern for RE2, over bytes of UTF-8."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(source.encode(), options)
