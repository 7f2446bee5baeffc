"""Words nearby that make a mere shape credible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from lakescan.udfs.detect.buffers import BoolArray, IntArray, cut
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.automata import Automaton, automaton
from lakescan.udfs.detect.matching.regexes import finder

#: Bytes before and after a match in which a context word counts: about six words and three.
BEFORE, AFTER = 48, 24
#: The certainty of a weak form with a context word near: above the default threshold, below
#: what a checksum gives.
CONTEXT_SCORE = 0.75
#: The same of a number that fails its check, and that is called what it would be: a mistyped one.
MISTYPED_SCORE = 0.6
#: Combinations of words that are remembered; at the limit all are forgotten.
_MOST = 1 << 14


class ContextWords:
    """Lists of context words, all of which are looked for at once.

    Args:
        lists: of words (regexes, in any case).
    """

    def __init__(self, lists: Sequence[tuple[str, ...]]) -> None:
        self._words = list(dict.fromkeys(word for words in lists for word in words))
        numbers = {word: number for number, word in enumerate(self._words)}
        self._lists = np.zeros((len(self._words), len(lists)), np.bool_)
        for place, words in enumerate(lists):
            self._lists[[numbers[word] for word in words], place] = True
        #: Of lists.
        self.count = len(lists)
        self._none = bytes(self.count)
        self._known: dict[tuple[int, ...], bytes] = {}

    def lists_in(self, pieces: Iterable[bytes]) -> BoolArray:
        """Of which lists a word occurs in each piece of text, [pieces, lists]."""
        match = self._automaton
        found = [self._of(tuple(words)) if (words := match(piece)) else self._none
                 for piece in pieces]  # fmt: skip
        return np.frombuffer(b"".join(found), np.bool_).reshape(-1, self.count)

    @cached_property
    def _automaton(self) -> Automaton:
        # To RE2 only ASCII letters make a word, so others have no boundary to ask for.
        gates = [rf"\b(?i:{w})" if w[0].isascii() else f"(?i:{w})" for w in self._words]
        return automaton(gates, whole=False)

    def _of(self, words: tuple[int, ...]) -> bytes:
        known = self._known.get(words)
        if known is None:
            known = self._lists[list(words)].any(axis=0).tobytes()
            if len(self._known) >= _MOST:
                self._known = {}
            self._known[words] = known
        return known


class Context:
    """Finds context words in some texts.

    Args:
        texts: what is searched.
        words: the lists that will be asked for.
    """

    def __init__(self, texts: Layout, words: ContextWords) -> None:
        self._texts = texts
        self._words = words
        self._asked = np.full(len(texts), -1, np.int64)
        self._held = np.zeros((0, words.count), np.bool_)

    def holding(self, rows: IntArray, lists: IntArray) -> BoolArray:
        """Whether texts hold a word of a list.

        Args:
            rows: the texts.
            lists: which list is asked for; broadcast against ``rows``.
        """
        asked = self._asked[rows]
        if (asked < 0).any():
            new = np.unique(rows[asked < 0])
            self._asked[new] = np.arange(len(self._held), len(self._held) + len(new))
            held = self._words.lists_in(self._texts.pieces(new))
            self._held = np.concatenate((self._held, held)) if len(self._held) else held
            asked = self._asked[rows]
        found: BoolArray = self._held[asked, lists]
        return found

    def near(self, rows: IntArray, lists: IntArray, spans: IntArray) -> BoolArray:
        """Whether a word of a list stands near each span.

        Args:
            rows: the text of each span.
            lists: which list is asked for.
            spans: bytes of the text, an (n, 2) array.
        """
        found = self.holding(rows, lists)
        some = np.flatnonzero(found)
        if not len(some):
            return found
        low = self._texts.offsets[rows[some]]
        starts, ends = low + spans[some, 0], low + spans[some, 1]
        # Many patterns ask about the same span.
        sizes = ends - starts
        _, first, of = np.unique(
            starts * (int(sizes.max()) + 1) + sizes, return_index=True, return_inverse=True
        )
        data, starts, ends = self._texts.data, starts[first], ends[first]
        begins = np.maximum(starts - BEFORE, low[first])
        stops = np.minimum(ends + AFTER, self._texts.offsets[rows[some[first]] + 1])
        close = self._words.lists_in(cut(data, begins, starts))
        close = close | self._words.lists_in(cut(data, ends, stops))
        found[some] = close[of, lists[some]]
        return found

    def right_before(self, words: tuple[str, ...], rows: IntArray, spans: IntArray) -> BoolArray:
        """Whether one of ``words`` leads up to each span, with nothing but signs between."""
        find = finder(rf"(?i:(?:^|[^a-z0-9])(?:{'|'.join(words)})[ :=#.v\"'-]{{0,4}})\z")
        low = self._texts.offsets[rows]
        ends = low + spans[:, 0]
        starts = np.maximum(ends - BEFORE, low)
        pieces = cut(self._texts.data, starts, ends)
        return np.array([find(each, 0, len(each))[0][0] >= 0 for each in pieces], np.bool_)
