"""Where a record starts in delimited text whose quoted cells may hold line ends.

The lines after a place tell: read as records, their quotes stand where they may and most have the
usual width. All lines of a stretch are tried at once, by counting: a long quoted cell may hold
millions of lines, each of which could start a record and none of which does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lakescan.connectors.formats.quotes import Quotes
from lakescan.connectors.formats.ranges import LOOK_AHEAD_BYTES, Window
from lakescan.connectors.sniff.dialect import Dialect

#: Lines that are looked at from a place on, and the share of their records that must have the
#: usual width.
_LOOK_LINES, _REGULAR_SHARE = 50, 0.5
#: Bytes whose lines are tried at once.
_STRETCH_BYTES = 256 << 10
_LF, _CR = 0x0A, 0x0D

_Bytes = npt.NDArray[np.uint8]
_Ints = npt.NDArray[np.int64]
_Bools = npt.NDArray[np.bool_]


class RecordStarts:
    """A `lakescan.connectors.formats.ranges.Finder` for one dialect.

    Args:
        dialect: how records are cut into cells.
        quotes: the characters that matter in it.
    """

    def __init__(self, dialect: Dialect, quotes: Quotes) -> None:
        self._columns = dialect.columns
        self._quotes = quotes

    def __call__(self, window: Window) -> int | None:
        """The first place after the window's first line end where a record starts."""
        data, low = window.data, window.data.find(b"\n") + 1
        while 0 < low < len(data):
            stretch, lines = _stretch(window, low)
            if not len(lines):
                break
            starts = _starts(stretch, lines, self._quotes, self._columns)
            tried = _tried(window, low, len(stretch), lines)
            found = np.flatnonzero(starts[:tried])
            if len(found):
                return low + _begin(lines, int(found[0]))
            if not tried:
                break
            low += _begin(lines, tried)
        return len(data) if window.ends else None


def _stretch(window: Window, low: int) -> tuple[_Bytes, _Ints]:
    """Bytes from ``low`` on, with those that tell about the last of them; and where lines end."""
    data = window.data
    high = end = min(low + _STRETCH_BYTES, len(data))
    for _ in range(_LOOK_LINES + 1):
        end = data.find(b"\n", end, high + LOOK_AHEAD_BYTES) + 1
        if not end:
            end = min(high + LOOK_AHEAD_BYTES, len(data))
            break
    stretch = np.frombuffer(data, np.uint8)[low:end]
    lines = np.flatnonzero(stretch == _LF) + 1
    rest = len(stretch) - (int(lines[-1]) if len(lines) else 0)
    if rest and ((window.ends and end == len(data)) or rest >= LOOK_AHEAD_BYTES):
        lines = np.append(lines, len(stretch))
    return stretch, lines


def _begin(lines: _Ints, number: int) -> int:
    return int(lines[number - 1]) if number else 0


def _tried(window: Window, low: int, size: int, lines: _Ints) -> int:
    """How many of the lines begin in the stretch and have after them what tells about them."""
    begins = np.append(0, lines[:-1])
    count = int(np.searchsorted(begins, _STRETCH_BYTES))
    if window.ends and low + size == len(window.data):
        return count
    told = np.arange(len(lines)) + _LOOK_LINES <= len(lines)
    told |= begins + LOOK_AHEAD_BYTES <= size
    return int(np.argmin(np.append(told[:count], False)))


def _starts(data: _Bytes, lines: _Ints, quotes: Quotes, columns: int) -> _Bools:
    """Whether a record starts at each line.

    Seen from a line, a place is outside of quotes where the quotes before it are odd or even in
    number as those before the line are. So what is asked of places is counted for both kinds of
    lines at once.
    """
    places, delimiters = quotes.positions(data), quotes.delimiters(data)
    if columns > 1 and not len(places) and not len(delimiters):
        return np.zeros(len(lines), np.bool_)
    before = np.append(0, np.searchsorted(places, lines))  # quotes before each line, and in all
    first = np.arange(len(lines))
    until = _whole_records(before, np.minimum(first + _LOOK_LINES, len(lines)), places, lines)
    good: _Bools = until > first
    good &= _well_placed(data, quotes, places, before[:-1], before[until])
    if columns < 2:
        return good
    inside = np.searchsorted(places, delimiters) % 2
    for side in (0, 1):
        ends = np.flatnonzero(before[1:] % 2 == side)  # the lines that end a record
        mine = np.flatnonzero(good & (before[:-1] % 2 == side))
        if not len(mine):
            continue
        edges = lines[ends]
        # The first of them may not be whole, but then no line of this side begins before its end.
        widths = np.diff(np.searchsorted(delimiters[inside == side], edges), prepend=0) + 1
        sizes = np.diff(edges, prepend=0)
        blank = (sizes == 1) | ((sizes == 2) & (data[np.maximum(edges - 2, 0)] == _CR))
        usual = np.append(0, np.cumsum(widths == columns))
        filled = np.append(0, np.cumsum(~blank))
        low, high = np.searchsorted(ends, mine), np.searchsorted(ends, until[mine])
        share = (usual[high] - usual[low]) >= _REGULAR_SHARE * (filled[high] - filled[low])
        good[mine] = share & (widths[low] == columns)
    return good


def _whole_records(before: _Ints, until: _Ints, places: _Ints, lines: _Ints) -> _Ints:
    """One past the last line of the last whole record, among those up to ``until``."""
    begins = before[:-1]
    opened = np.flatnonzero((before[until] - begins) % 2)
    while len(opened):
        # The last quote is not closed there: what is whole ends before its line.
        until[opened] = np.searchsorted(lines, places[before[until[opened]] - 1], side="right")
        odd = (before[until[opened]] - begins[opened]) % 2 == 1
        opened = opened[odd & (until[opened] > opened)]
    return until


def _well_placed(data: _Bytes, quotes: Quotes, places: _Ints, low: _Ints, high: _Ints) -> _Bools:
    """Whether quotes open and close in turn, in each run of them by number."""
    opens, closes = quotes.may_open(data, places), quotes.may_close(data, places)
    is_even = np.arange(len(places)) % 2 == 0
    wrong = [
        np.append(0, np.cumsum(~np.where(is_even, opens, closes))),
        np.append(0, np.cumsum(~np.where(is_even, closes, opens))),
    ]
    odd = low % 2 == 1
    found: _Bools = wrong[0][high] == wrong[0][low]
    found[odd] = (wrong[1][high] == wrong[1][low])[odd]
    return found
