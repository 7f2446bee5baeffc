"""Cutting text files at byte offsets so that each record belongs to exactly one range.

The start of a range is a function of the bytes after its offset alone: the worker that ends there
and the one that begins there find the same place, and no record is lost or read twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pyarrow as pa

from lakescan.connectors.formats.protocol import Piece
from lakescan.connectors.model import Split
from lakescan.connectors.source import ByteStream, Source

#: Finds the first start of a record in bytes that begin just before an offset (so that a record
#: that starts right there shows by the line end before it); None where more bytes are needed.
#: ``last`` says that the file ends with these bytes.
Finder = Callable[[bytes, bool], int | None]

_WINDOW_BYTES = 64 << 10
#: A text file is cut only if it is longer than this share of a split more than one split.
_SLACK = 1.5


def byte_pieces(source: Source, split_bytes: int) -> tuple[Piece, ...]:
    """Even byte ranges of about ``split_bytes``; one piece where the bytes are not plain."""
    size = source.size
    if not source.plain or size <= split_bytes * _SLACK:
        return (Piece(size=size),)
    count = -(-size // split_bytes)
    edges = [size * i // count for i in range(count)] + [size]
    return tuple(Piece(start, stop, "byte", stop - start) for start, stop in pairwise(edges))


def next_line(window: bytes, last: bool) -> int | None:
    """A `Finder` for formats whose records never hold a line end."""
    end = window.find(b"\n") + 1
    return end or (len(window) if last else None)


@contextmanager
def record_range(source: Source, split: Split, finder: Finder) -> Iterator[ByteStream]:
    """The bytes of the records that start in a split's range."""
    if split.unit != "byte":
        with source.stream() as stream:
            yield stream
        return
    with source.random() as file:
        size = file.size()
        start = _record_start(file, split.start, size, finder)
        stop = size if split.stop is None else _record_start(file, split.stop, size, finder)
    with source.stream(start) as stream:
        yield _Limited(stream, max(stop - start, 0))


def _record_start(file: pa.NativeFile, offset: int, size: int, finder: Finder) -> int:
    """The first start of a record at or after ``offset``; ``size`` if there is none."""
    if offset <= 0 or offset >= size:
        return max(min(offset, size), 0)
    length = _WINDOW_BYTES
    while True:
        window = file.read_at(length, offset - 1)
        last = offset - 1 + len(window) >= size
        found = finder(window, last)
        if found is not None:
            return min(offset - 1 + found, size)
        if last:
            return size
        length *= 4


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
