"""A first look at texts: which of many gates occur in each, in one pass of RE2's automaton."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import re2

from lakescan.udfs.detect.buffers import IntArray
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.regexes import FEW

#: Enough for the automaton of all gates without having to begin anew again and again.
_MEMORY = 64 << 20


def first_look(texts: Layout, gates: Sequence[str]) -> dict[str, IntArray]:
    """The rows of ``texts`` in which each gate (a regex) occurs."""
    gates = tuple(dict.fromkeys(gates))
    rows: list[list[int]] = [[] for _ in gates]
    match = _compiled(gates).Match
    some = np.arange(len(texts))
    if len(texts) >= FEW:
        # Whether any occurs at all, Polars says faster still.
        some = np.flatnonzero(texts.series.str.contains("|".join(gates)).to_numpy())
    for row in some.tolist():
        for gate in match(texts.bytes(row)) or ():
            rows[gate].append(row)
    return {g: np.asarray(r, np.int64) for g, r in zip(gates, rows, strict=True)}


@lru_cache(maxsize=16)
def _compiled(gates: tuple[str, ...]) -> re2.Set:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    compiled = re2.Set.SearchSet(options)
    for gate in gates:
        compiled.Add(gate.encode())
    compiled.Compile()
    return compiled
