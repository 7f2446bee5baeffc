"""One stored object as a format sees it: random access or a plain stream, pinned to a version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import pyarrow as pa

from lakescan.connectors.archives import MemberStream, open_member
from lakescan.connectors.limits import check_expansion, check_whole
from lakescan.connectors.model import Split
from lakescan.connectors.paths import archive_member
from lakescan.connectors.storage.protocol import FileObject, Storage
from lakescan.errors import ChangedSourceError

#: What is asked of storage at once when a stream is read: few requests to an object store, and
#: two blocks of it are all that is held.
READ_AHEAD_BYTES = 4 << 20
_CHUNK_BYTES = 1 << 20
#: What is read of each file to tell its format and its shape.
HEAD_BYTES = 128 << 10
#: What is read at most where lines are long: a table of ten thousand columns has wide ones.
_WIDEST_HEAD_BYTES = 8 << 20
#: Our names of compressions -> pyarrow's.
_CODECS = {"gzip": "gzip", "bzip2": "bz2", "zstd": "zstd"}


class ByteStream(Protocol):
    """Bytes in order."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` more bytes; empty at the end."""


@dataclass(frozen=True, slots=True)
class Source:
    """An object and how to get at its bytes.

    Args:
        storage: where it lies.
        uri: its name for errors, with the name of the member of an archive.
        location: the object in storage.
        member: the member of the archive, or None.
        size: bytes in storage (of a member: expanded).
        version: what ``location`` must be while it is read.
        compression: ``gzip``, ``bzip2``, ``zstd`` or None.
        first: what `head` gives, where it was read before.
    """

    storage: Storage
    uri: str
    location: str
    member: str | None
    size: int
    version: str
    compression: str | None = None
    first: bytes = b""

    @classmethod
    def of(cls, storage: Storage, file: FileObject) -> Source:
        """The source of a listed object or archive member."""
        location, member = archive_member(file.uri)
        return cls(storage, file.uri, location, member, file.size, file.version)

    @classmethod
    def of_split(cls, storage: Storage, split: Split) -> Source:
        """The source of a split."""
        location, member = archive_member(split.uri)
        return cls(
            storage,
            split.uri,
            location,
            member,
            split.size,
            split.version,
            split.format.compression,
        )

    def compressed(self, compression: str) -> Source:
        """The same object, to be decompressed."""
        return replace(self, compression=compression, first=b"")

    def with_head(self) -> Source:
        """The same object with its head read once for all who ask."""
        return replace(self, first=self.head())

    def head(self) -> bytes:
        """The first `HEAD_BYTES`, decompressed, or all there are."""
        if self.first:
            return self.first
        if not self.plain:
            with self.stream() as stream:
                return read_head(stream, HEAD_BYTES)
        with self.storage.open(self.location) as file:
            return read_head(file, HEAD_BYTES)

    def head_of(self, lines: int) -> tuple[bytes, bool]:
        """The head, or more of the file until so many lines stand in it; whether that is all."""
        head, size = self.head(), HEAD_BYTES
        while size < _WIDEST_HEAD_BYTES and len(head) == size:
            if max(head.count(b"\n"), head.count(b"\r")) >= lines:
                break
            size *= 4
            with self.stream() as stream:
                head = read_head(stream, size)
        return head, len(head) < size

    @property
    def plain(self) -> bool:
        """Whether the bytes in storage are the bytes to be read, so that ranges of them are."""
        return self.member is None and self.compression is None

    @contextmanager
    def random(self) -> Iterator[pa.NativeFile]:
        """The bytes for random access; decompressed into memory where they are not plain.

        Raises:
            LimitExceededError: too large to be held.
        """
        if self.plain and 0 < len(self.first) < HEAD_BYTES:  # all there is, and it was read
            with pa.BufferReader(self.first) as file:
                yield file
            return
        if self.plain:
            with self.storage.open(self.location) as file:
                yield file
            return
        sink = pa.BufferOutputStream()
        with self.stream() as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                sink.write(chunk)
                check_whole(sink.tell(), self.uri)
        with pa.BufferReader(sink.getvalue()) as file:
            yield file

    @contextmanager
    def stream(self, start: int = 0) -> Iterator[ByteStream]:
        """The decompressed bytes in order, from ``start`` on (plain sources only).

        Raises:
            LimitExceededError: they expand like a bomb.
        """
        with self.storage.open(self.location) as file:
            if self.member is not None:
                with open_member(file, self.member, self.uri) as member:
                    if self.compression is None:
                        yield member
                    else:
                        yield _Expanding(member, self.compression, self.uri)
                return
            if start:
                file.seek(start)
            if self.compression is None:
                yield pa.BufferedInputStream(file, READ_AHEAD_BYTES)
            else:
                yield _Expanding(file, self.compression, self.uri)

    def check(self) -> None:
        """Make sure that the object still is what was planned.

        Raises:
            ChangedSourceError: it is not.
        """
        found = self.storage.stat(self.location)
        if found.version != self.version:
            raise ChangedSourceError(
                f"{self.uri}: changed since it was listed", hint="scan it again", uri=self.uri
            )


class _Expanding:
    """A decompressing stream that counts what goes in and what comes out."""

    def __init__(self, stored: pa.NativeFile | MemberStream, compression: str, uri: str) -> None:
        self._stored = stored
        native = pa.PythonFile(stored, "r") if isinstance(stored, MemberStream) else stored
        self._expanded = pa.CompressedInputStream(
            pa.BufferedInputStream(native, READ_AHEAD_BYTES), _CODECS[compression]
        )
        self._uri = uri
        self._count = 0

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` more bytes; empty at the end."""
        chunk: bytes = self._expanded.read(size)
        self._count += len(chunk)
        check_expansion(self._count, self._stored.tell(), self._uri)
        return chunk


def read_head(stream: ByteStream, size: int) -> bytes:
    """The first ``size`` bytes, or all there are."""
    parts: list[bytes] = []
    left = size
    while left > 0 and (chunk := stream.read(min(left, _CHUNK_BYTES))):
        parts.append(chunk)
        left -= len(chunk)
    return b"".join(parts)
