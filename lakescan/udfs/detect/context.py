"""Words nearby that make a mere shape credible."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import re2

from lakescan.udfs.detect.layout import BoolArray, IntArray, Layout

#: Bytes before and after a match in which a context word counts: about six words and three.
_BEFORE, _AFTER = 48, 24
#: The certainty of a weak form with a context word near: above the default threshold, below
#: what a checksum gives.
CONTEXT_SCORE = 0.75


class Context:
    """Finds context words in some texts.

    Args:
        texts: what is searched.
    """

    def __init__(self, texts: Layout) -> None:
        self._texts = texts
        self._holding: dict[tuple[str, ...], BoolArray] = {}

    def near(self, words: tuple[str, ...], rows: IntArray, spans: IntArray) -> BoolArray:
        """Whether one of ``words`` (regexes, in any case) stands near each span."""
        if not words:
            return np.zeros(len(rows), np.bool_)
        if words not in self._holding:
            gate = f"(?i:{'|'.join(words)})"
            self._holding[words] = self._texts.series.str.contains(gate).to_numpy()
        found: BoolArray = self._holding[words][rows].copy()
        regex = _compiled(words)
        row, data = -1, b""
        for i in np.flatnonzero(found).tolist():
            if rows[i] != row:
                row = int(rows[i])
                data = self._texts.bytes(row)
            start, end = spans[i]
            found[i] = (
                regex.search(data[max(0, start - _BEFORE) : start]) is not None
                or regex.search(data[end : end + _AFTER]) is not None
            )
        return found


@lru_cache(maxsize=1024)
def _compiled(words: tuple[str, ...]) -> re2._Regexp:
    return re2.compile(rf"(?i:\b(?:{'|'.join(words)}))".encode())
