"""A first look at texts: which of many gates occur in each, by RE2's automata.

A union of the gates as one Rust regex would say less, and from some forty gates on its cache of
states is too small for them: it reads 2 MB/s where an automaton reads 90.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import re2

from lakescan.udfs.detect.buffers import IntArray
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.shape_gates import automaton

#: Gates of one automaton. It has a state for each set of gates that were met so far: with all gates
#: in one, every text leads to states that no text before led to, and making one takes 10 µs.
_TOGETHER = 16


def first_look(
    texts: Layout, gates: Sequence[str], rows: IntArray | None = None
) -> dict[str, IntArray]:
    """The rows of ``texts`` in which each gate (a regex) occurs.

    Args:
        texts: the texts.
        gates: the regexes.
        rows: of the texts that are looked at; all if not given.
    """
    gates = tuple(dict.fromkeys(gates))
    looked = (np.arange(len(texts)) if rows is None else rows).tolist()
    data = [texts.bytes(row) for row in looked]
    found: list[list[int]] = [[] for _ in gates]
    for at in range(0, len(gates), _TOGETHER):
        match = _compiled(gates[at : at + _TOGETHER]).Match
        part = found[at : at + _TOGETHER]
        for row, text in zip(looked, data, strict=True):
            for gate in match(text) or ():
                part[gate].append(row)
    return {g: np.asarray(r, np.int64) for g, r in zip(gates, found, strict=True)}


@lru_cache(maxsize=64)
def _compiled(gates: tuple[str, ...]) -> re2.Set:
    return automaton(gates, whole=False)
