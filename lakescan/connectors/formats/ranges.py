"""Cutting text files at byte offsets so that each record belongs to exactly one range.

A record belongs to the range that it starts in. Where the first record of a range starts is a
function of the bytes after its offset alone: the worker that ends there and the one that begins
there find the same place, and no record is lost or read twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa

from lakescan.connectors.formats.protocol import Piece
from lakescan.connectors.limits import bytes_text
from lakescan.connectors.model import Split
from lakescan.connectors.source import ByteStream, Source
from lakescan.errors import LimitExceededError

#: A `Finder` may look this far behind a place before it says that no record starts there.
LOOK_AHEAD_BYTES = 4 << 20
#: How much is read at once to find the start of a record: first, and at most.
_WINDOW_BYTES, _WIDEST_BYTES = 64 << 10, 2 * LOOK_AHEAD_BYTES
#: A text file is cut only if it is longer than this share of a split.
_SLACK = 1.5


@dataclass(frozen=True, slots=True)
class Window:
    """Bytes that begin just before an offset, so that a record that starts right at it shows.

    Args:
        data: the bytes.
        ends: whether the file ends with them.
    """

    data: bytes
    ends: bool


#: Finds the first start of a record in a window; None where more bytes are needed. Whether a record
#: starts at a place depends on the `LOOK_AHEAD_BYTES` after it alone, not on the window.
Finder = Callable[[Window], int | None]


def byte_pieces(source: Source, split_bytes: int) -> tuple[Piece, ...]:
    """Even byte ranges of about ``split_bytes``; one piece where the bytes are not plain."""
    size = source.size
    if not source.plain or size <= split_bytes * _SLACK:
        return (Piece(size=size),)
    count = -(-size // split_bytes)
    edges = [size * i // count for i in range(count)] + [size]
    return tuple(Piece(start, stop, "byte", stop - start) for start, stop in pairwise(edges))


def next_line(window: Window) -> int | None:
    """A `Finder` for formats whose records never hold a line end."""
    end = window.data.find(b"\n") + 1
    return end or (len(window.data) if window.ends else None)


@contextmanager
def record_range(source: Source, split: Split, finder: Finder, limit: int) -> Iterator[ByteStream]:
    """The bytes of the records that start in a split's range.

    Args:
        source: the file.
        split: the range.
        finder: finds the start of a record.
        limit: bytes of the longest record; what reads the stream must refuse a longer one.
    """
    if split.unit != "byte":
        with source.stream() as stream:
            yield stream
        return
    with source.random() as file:
        size = int(file.size())
        stop = size if split.stop is None else min(split.stop, size)
        start = _record_start(file, split.start, stop, finder)
        if start is None:
            yield pa.BufferReader(b"")
            return
        end = _record_start(file, stop, min(stop + limit + 1, size), finder)
    if end is None:
        raise LimitExceededError(
            f"{source.uri}: a record is longer than {bytes_text(limit)}",
            hint="write one record a line, or exclude the file",
            uri=source.uri,
        )
    with source.stream(start) as stream:
        yield _Limited(stream, end - start)


def _record_start(file: pa.NativeFile, offset: int, bound: int, finder: Finder) -> int | None:
    """The first start of a record at or after ``offset``; None if there is none before ``bound``.

    The end of the file counts as the start of a record where ``bound`` is that end.
    """
    size = int(file.size())
    if offset <= 0 or offset >= size:
        return max(min(offset, size), 0)
    position, length = offset - 1, _WINDOW_BYTES
    while position < bound:
        data = file.read_at(length, position)
        ends = position + len(data) >= size
        found = finder(Window(data, ends))
        if found is not None or ends:
            place = size if found is None else position + found
            return place if place < bound or bound == size else None
        if length < _WIDEST_BYTES:
            length *= 4
        else:
            position += length - LOOK_AHEAD_BYTES
    return None


class _Limited:
    """The first bytes of a stream."""

    def __init__(self, stream: ByteStream, left: int) -> None:
        self._stream = stream
        self._left = left

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` more bytes; empty at the end."""
        chunk = self._stream.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk
