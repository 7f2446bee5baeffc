"""Words nearby that make a mere shape credible."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from lakescan.udfs.detect.buffers import BoolArray, IntArray
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.regexes import compiled, occurs

#: Bytes before and after a match in which a context word counts: about six words and three.
BEFORE, AFTER = 48, 24
#: The certainty of a weak form with a context word near: above the default threshold, below
#: what a checksum gives.
CONTEXT_SCORE = 0.75


class Context:
    """Finds context words in some texts.

    Args:
        texts: what is searched.
        every_word: all words that will be asked for, so that most texts are ruled out at once.
    """

    def __init__(self, texts: Layout, every_word: tuple[str, ...]) -> None:
        self._texts = texts
        self._every_word = every_word
        self._holding: dict[tuple[str, ...], BoolArray] = {}

    @cached_property
    def _some(self) -> IntArray:
        """The texts that hold any word at all."""
        return np.flatnonzero(occurs(self._texts.series, _gate(self._every_word)))

    def holding(self, words: tuple[str, ...]) -> BoolArray:
        """Whether each text holds one of ``words``."""
        if words not in self._holding:
            found = np.zeros(len(self._texts), np.bool_)
            if words and len(self._some):
                some = self._texts.series.gather(self._some)
                found[self._some] = occurs(some, _gate(words))
            self._holding[words] = found
        return self._holding[words]

    def near(self, words: tuple[str, ...], rows: IntArray, spans: IntArray) -> BoolArray:
        """Whether one of ``words`` (regexes, in any case) stands near each span."""
        found: BoolArray = self.holding(words)[rows]
        if not found.any():
            return found
        regex = compiled(_gate(words))
        row, data = -1, b""
        for i in np.flatnonzero(found).tolist():
            if rows[i] != row:
                row = int(rows[i])
                data = self._texts.bytes(row)
            start, end = spans[i]
            found[i] = (
                regex.search(data[max(0, start - BEFORE) : start]) is not None
                or regex.search(data[end : end + AFTER]) is not None
            )
        return found

    def right_before(self, words: tuple[str, ...], rows: IntArray, spans: IntArray) -> BoolArray:
        """Whether one of ``words`` leads up to each span, with nothing but signs between."""
        regex = compiled(rf"(?i:(?:^|[^a-z0-9])(?:{'|'.join(words)})[ :=#.v-]{{0,3}})\z")
        found = np.zeros(len(rows), np.bool_)
        last, data = -1, b""
        for i, (row, start) in enumerate(zip(rows.tolist(), spans[:, 0].tolist(), strict=True)):
            if row != last:
                last, data = row, self._texts.bytes(row)
            found[i] = regex.search(data[max(0, start - BEFORE) : start]) is not None
        return found


def _gate(words: tuple[str, ...]) -> str:
    # To RE2 only ASCII letters make a word, so others have no boundary to ask for.
    plain = "|".join(word for word in words if word[0].isascii())
    other = "|".join(word for word in words if not word[0].isascii())
    return "|".join(
        part for part in (plain and rf"\b(?i:{plain})", other and f"(?i:{other})") if part
    )
