"""One stored object as a format sees it: random access or a plain stream, pinned to a version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from lakescan.connectors.storage.protocol import Storage
from lakescan.errors import ChangedSourceError


class ByteStream(Protocol):
    """Bytes in order."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` more bytes; empty at the end."""


@dataclass(frozen=True, slots=True)
class Source:
    """An object and how to get at its bytes.

    Args:
        storage: where it lies.
        uri: its name, for errors also the name of the member or sheet.
        size: bytes in storage.
        version: what it must be while it is read.
        compression: ``gzip``, ``bzip2``, ``zstd`` or None.
    """

    storage: Storage
    uri: str
    size: int
    version: str
    compression: str | None = None

    @contextmanager
    def random(self) -> Iterator[pa.NativeFile]:
        """The bytes for random access, decompressed."""
        with self.storage.open(self.uri) as file:
            yield file

    @contextmanager
    def stream(self, start: int = 0) -> Iterator[ByteStream]:
        """The decompressed bytes in order, from ``start`` on."""
        with self.storage.open(self.uri) as file:
            if start:
                file.seek(start)
            yield file

    def check(self) -> None:
        """Make sure that the object still is what was planned.

        Raises:
            ChangedSourceError: it is not.
        """
        found = self.storage.stat(self.uri)
        if found.version != self.version:
            raise ChangedSourceError(
                f"{self.uri}: changed since it was listed", hint="scan it again", uri=self.uri
            )
