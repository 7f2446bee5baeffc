"""Where records end in delimited text whose quoted cells may hold line ends.

A quote opens a cell only right after a delimiter or a line end, and closes it only right before
one; between, two quotes stand for one (RFC 4180, section 2). Files break this rule: a quote that
opens while another is open means that the earlier one was never closed, and is a mere character.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

_LF, _CR, _SPACE = 0x0A, 0x0D, 0x20
#: Quotes that are walked over at once.
_AT_ONCE = 1 << 16

_Bytes = npt.NDArray[np.uint8]
_Positions = npt.NDArray[np.int64]
_Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Quotes:
    """The characters that matter, one byte each.

    Args:
        delimiter: between cells.
        quote: around them.
        escape: before a quote or delimiter that is none; may be empty.
        space: whether a space may stand between a delimiter and a quote.
    """

    delimiter: bytes
    quote: bytes
    escape: bytes = b""
    space: bool = False

    def cut(self, block: bytes) -> int:
        """The end of the last whole record of a block that begins with one; 0 if there is none."""
        end = block.rfind(b"\n") + 1
        if not end or self.quote not in block:
            return end
        opens, closes = self.cells(block)
        while end:
            index = int(np.searchsorted(opens, end)) - 1
            if index < 0 or (index < len(closes) and closes[index] < end):
                return end
            end = block.rfind(b"\n", 0, int(opens[index])) + 1
        return 0

    def cells(self, block: bytes) -> tuple[_Positions, _Positions]:
        """Where quoted cells open and close; the last may be open still."""
        found = self._positions(block)
        if self._well_placed(block, found):
            return found[0::2], found[1::2]
        opens, closes, _ = self._walk(block, found)
        return opens, closes

    def repaired(self, block: bytes) -> bytes:
        """A block of whole records without the quotes that open a cell and never close it."""
        found = self._positions(block)
        if len(found) % 2 == 0 and self._well_placed(block, found):
            return block
        opens, closes, stray = self._walk(block, found)
        if len(opens) > len(closes):
            stray = np.append(stray, opens[-1])
        if not len(stray):
            return block
        return np.delete(np.frombuffer(block, np.uint8), stray).tobytes()

    def positions(self, data: _Bytes) -> _Positions:
        """Where quotes stand that are not escaped."""
        return self._unescaped(data, np.flatnonzero(data == self.quote[0]))

    def delimiters(self, data: _Bytes) -> _Positions:
        """Where delimiters stand that are not escaped."""
        return self._unescaped(data, np.flatnonzero(data == self.delimiter[0]))

    def may_open(self, data: _Bytes, places: _Positions) -> _Bools:
        """Which quotes may open a cell: those after a border, and those after another quote."""
        found: _Bools = self._border[data[np.maximum(places - 1, 0)]] | (places == 0)
        if self.space:
            spaced = (data[np.maximum(places - 1, 0)] == _SPACE) & (places > 1)
            found |= spaced & (data[np.maximum(places - 2, 0)] == self.delimiter[0])
        found[1:] |= places[1:] - 1 == places[:-1]
        return found

    def may_close(self, data: _Bytes, places: _Positions) -> _Bools:
        """Which quotes may close a cell: those before a border, and those before another quote."""
        last = len(data) - 1
        found: _Bools = self._border[data[np.minimum(places + 1, last)]] | (places == last)
        found[:-1] |= places[:-1] + 1 == places[1:]
        return found

    @property
    def _border(self) -> _Bools:
        border = np.zeros(256, np.bool_)
        border[[self.delimiter[0], _LF, _CR]] = True
        return border

    def _positions(self, block: bytes) -> _Positions:
        return self.positions(np.frombuffer(block, np.uint8))

    def _unescaped(self, data: _Bytes, found: _Positions) -> _Positions:
        if not (self.escape and len(found)):
            return found
        escapes = np.flatnonzero(data == self.escape[0])
        if not len(escapes):
            return found
        # An escape may be escaped itself: of a run of them, only an odd one escapes the quote.
        begins = np.concatenate(([True], np.diff(escapes) != 1))
        starts = np.maximum.accumulate(np.where(begins, escapes, 0))
        last = np.maximum(np.searchsorted(escapes, found) - 1, 0)
        run = np.where(escapes[last] == found - 1, found - starts[last], 0)
        free: _Positions = found[run % 2 == 0]
        return free

    def _well_placed(self, block: bytes, found: _Positions) -> bool:
        """Whether quotes open and close in turn, as they do in a well-formed block."""
        if not len(found):
            return True
        data = np.frombuffer(block, np.uint8)
        opens, closes = self.may_open(data, found), self.may_close(data, found)
        return bool(opens[0::2].all() and closes[1::2].all())

    def _walk(self, block: bytes, found: _Positions) -> tuple[_Positions, _Positions, _Positions]:
        """The same for a block that breaks the rule, quote by quote; and the quotes left over."""
        border = frozenset((self.delimiter[0], _LF, _CR))
        opens, closes, stray = array("q"), array("q"), array("q")
        inside = False
        skip = False
        for place, following in _with_next(found):
            if skip:
                skip = False
                continue
            first = place == 0 or block[place - 1] in border or self._is_spaced(block, place)
            if not inside:
                if first:
                    opens.append(place)
                    inside = True
            elif following == place + 1:
                skip = True
            elif place + 1 == len(block) or block[place + 1] in border:
                closes.append(place)
                inside = False
            elif first:
                stray.append(opens[-1])
                opens[-1] = place
        return np.array(opens), np.array(closes), np.array(stray)

    def _is_spaced(self, block: bytes, place: int) -> bool:
        return self.space and block[max(place - 2, 0) : place] == self.delimiter + b" "


def _with_next(places: _Positions) -> Iterator[tuple[int, int]]:
    """Each place and the one after it, -1 after the last; never all as Python's numbers."""
    for at in range(0, len(places), _AT_ONCE):
        here = places[at : at + _AT_ONCE + 1].tolist()
        if at + _AT_ONCE >= len(places):
            here.append(-1)
        yield from pairwise(here)
