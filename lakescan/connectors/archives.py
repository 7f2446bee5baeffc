"""Members of zip archives."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

import pyarrow as pa

from lakescan.connectors.limits import ARCHIVE_MEMBERS, check_expansion
from lakescan.connectors.storage.protocol import FileObject, Storage
from lakescan.errors import CorruptFileError, LimitExceededError, UnsupportedError

#: The local file header's signature (APPNOTE.TXT 4.3.7), and that of an empty archive (4.3.16).
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1
_BUFFER_BYTES = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)


def list_members(storage: Storage, archive: FileObject) -> list[FileObject]:
    """The files in an archive, in the order of their names.

    Raises:
        LimitExceededError: too many, or they expand like a bomb.
        CorruptFileError: it is no zip archive.
    """
    with storage.open(archive.uri) as file, _opened(file, archive.uri) as opened:
        members = [info for info in opened.infolist() if not info.is_dir()]
    if len(members) > ARCHIVE_MEMBERS:
        raise LimitExceededError(
            f"{archive.uri}: more than {ARCHIVE_MEMBERS} members",
            hint="unpack it",
            uri=archive.uri,
        )
    # Members may overlap and each look harmless: their sum tells.
    check_expansion(sum(info.file_size for info in members), archive.size, archive.uri)
    return [
        FileObject(
            f"{archive.uri}!/{info.filename}", info.file_size, archive.version, archive.modified
        )
        for info in sorted(members, key=lambda info: info.filename)
    ]


def member_names(file: pa.NativeFile, uri: str) -> list[str]:
    """The names in an archive."""
    with _opened(file, uri) as opened:
        return opened.namelist()


@contextmanager
def open_member(file: pa.NativeFile, name: str, uri: str) -> Iterator[MemberStream]:
    """One member's bytes in order.

    Raises:
        UnsupportedError: it is encrypted, or packed in an unknown way.
        CorruptFileError: the archive or the member is broken.
    """
    with _opened(file, uri) as opened:
        try:
            info = opened.getinfo(name)
        except KeyError as error:
            raise CorruptFileError(f"{uri}: no such member", uri=uri) from error
        if info.flag_bits & _ENCRYPTED:
            raise UnsupportedError(f"{uri}: is encrypted", uri=uri)
        try:
            with opened.open(info) as member:
                yield MemberStream(member, info.compress_size, uri)
        except NotImplementedError as error:
            raise UnsupportedError(f"{uri}: packed in an unknown way", uri=uri) from error


class MemberStream(io.RawIOBase):
    """A member that stops expanding in time."""

    def __init__(self, member: IO[bytes], stored: int, uri: str) -> None:
        super().__init__()
        self._member = member
        self._stored = stored
        self._uri = uri
        self._count = 0

    def readable(self) -> bool:
        """It is, and nothing else."""
        return True

    def tell(self) -> int:
        """Expanded bytes so far."""
        return self._count

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` more bytes; empty at the end."""
        try:
            chunk = self._member.read(size)
        except _DAMAGE as error:
            raise CorruptFileError(f"{self._uri}: the member is damaged", uri=self._uri) from error
        self._count += len(chunk)
        check_expansion(self._count, self._stored, self._uri)
        return chunk


@contextmanager
def _opened(file: pa.NativeFile, uri: str) -> Iterator[zipfile.ZipFile]:
    try:
        buffered = io.BufferedReader(cast("io.RawIOBase", file), _BUFFER_BYTES)
        opened = zipfile.ZipFile(buffered)
    except (zipfile.BadZipFile, ValueError) as error:
        raise CorruptFileError(f"{uri}: not a zip archive, or cut short", uri=uri) from error
    try:
        with opened:
            yield opened
    finally:
        buffered.detach()
