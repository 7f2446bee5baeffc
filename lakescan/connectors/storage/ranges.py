"""An object as a file, read in ranges through an SDK: where pyarrow's own client cannot ask as we.

Each request names the version, so that the store itself refuses bytes of another one.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pyarrow as pa

from lakescan.errors import TransientError

#: What is asked at least, so that many small reads of a footer are one request.
_LEAST_BYTES = 1 << 20


class RangeFile(io.RawIOBase):
    """A read-only file over ranges.

    Args:
        size: of the object.
        fetch: gives the bytes from a first to before a last position.
    """

    def __init__(self, size: int, fetch: Callable[[int, int], bytes]) -> None:
        super().__init__()
        self._size = size
        self._fetch = fetch
        self._position = 0
        self._held = (0, b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The position."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move the position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to ``size`` bytes; all that are left if it is negative."""
        start = self._position
        stop = self._size if size is None or size < 0 else min(self._size, start + size)
        if stop <= start:
            return b""
        at, data = self._held
        if not at <= start <= stop <= at + len(data):
            at = start
            data = self._fetch(start, min(self._size, max(stop, start + _LEAST_BYTES)))
            self._held = (at, data)
            if len(data) < stop - start:
                raise TransientError("the store gave fewer bytes than it has")
        self._position = stop
        return data[start - at : stop - at]


def range_file(size: int, fetch: Callable[[int, int], bytes]) -> pa.PythonFile:
    """A `RangeFile` as pyarrow's readers take it."""
    return pa.PythonFile(RangeFile(size, fetch), "r")
