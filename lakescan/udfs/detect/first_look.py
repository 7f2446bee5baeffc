"""A first look at texts: which of many gates occur in each, in one pass of RE2's automaton.

A union of the gates as one Rust regex would say less, and from some forty gates on its cache of
states is too small for them: it reads 2 MB/s where the automaton reads 90.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import re2

from lakescan.udfs.detect.buffers import IntArray
from lakescan.udfs.detect.layout import Layout

#: Enough for the automaton of all gates without having to begin anew again and again.
_MEMORY = 64 << 20


def first_look(texts: Layout, gates: Sequence[str]) -> dict[str, IntArray]:
    """The rows of ``texts`` in which each gate (a regex) occurs."""
    gates = tuple(dict.fromkeys(gates))
    rows: list[list[int]] = [[] for _ in gates]
    match = _compiled(gates).Match
    for row in range(len(texts)):
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
