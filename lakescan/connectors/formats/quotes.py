"""Where records end in delimited text whose quoted cells may hold line ends.

A quote opens a cell only right after a delimiter or a line end, and closes it only right before
one; between, two quotes stand for one (RFC 4180, section 2). Files break this rule: a quote that
opens while another is open means that the earlier one was never closed, and is a mere character.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_LF, _CR = 0x0A, 0x0D
_Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Quotes:
    """The characters that matter, one byte each; ``escape`` may be empty."""

    delimiter: bytes
    quote: bytes
    escape: bytes = b""

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
            stray = [*stray, int(opens[-1])]
        if not stray:
            return block
        return np.delete(np.frombuffer(block, np.uint8), stray).tobytes()

    def well_formed(self, block: bytes) -> bool:
        """Whether each quote in a block of whole records stands where it may."""
        found = self._positions(block)
        return len(found) % 2 == 0 and self._well_placed(block, found)

    def _positions(self, block: bytes) -> _Positions:
        data = np.frombuffer(block, np.uint8)
        found = np.flatnonzero(data == self.quote[0])
        if self.escape and len(found):
            escaped = (found > 0) & (data[np.maximum(found - 1, 0)] == self.escape[0])
            found = found[~escaped]
        return found

    def _well_placed(self, block: bytes, found: _Positions) -> bool:
        """Whether quotes open and close in turn, as they do in a well-formed block."""
        if not len(found):
            return True
        data = np.frombuffer(block, np.uint8)
        border = np.zeros(256, bool)
        border[[self.delimiter[0], _LF, _CR]] = True
        opens, closes = found[0::2], found[1::2]
        before = border[data[np.maximum(opens - 1, 0)]] | (opens == 0)
        before[1:] |= opens[1:] - 1 == closes[: len(opens) - 1]
        last = len(data) - 1
        after = border[data[np.minimum(closes + 1, last)]] | (closes == last)
        follows = opens[1 : len(closes) + 1]
        after[: len(follows)] |= closes[: len(follows)] + 1 == follows
        return bool(before.all() and after.all())

    def _walk(self, block: bytes, found: _Positions) -> tuple[_Positions, _Positions, list[int]]:
        """The same for a block that breaks the rule, quote by quote; and the quotes left over."""
        border = frozenset((self.delimiter[0], _LF, _CR))
        opens: list[int] = []
        closes: list[int] = []
        stray: list[int] = []
        places = found.tolist()
        inside = False
        skip = False
        for index, place in enumerate(places):
            if skip:
                skip = False
                continue
            first = place == 0 or block[place - 1] in border
            if not inside:
                if first:
                    opens.append(place)
                    inside = True
            elif index + 1 < len(places) and places[index + 1] == place + 1:
                skip = True
            elif place + 1 == len(block) or block[place + 1] in border:
                closes.append(place)
                inside = False
            elif first:
                stray.append(opens[-1])
                opens[-1] = place
        return np.array(opens, np.int64), np.array(closes, np.int64), stray
