"""A byte stream -> blocks of whole records in UTF-8, bounded in memory."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator

from lakescan.connectors.damage import Damage
from lakescan.connectors.limits import bytes_text
from lakescan.connectors.model import FileFormat
from lakescan.connectors.sniff.encoding import byte_order_mark
from lakescan.connectors.source import ByteStream
from lakescan.errors import LimitExceededError

#: What is asked of the stream at once.
READ_BYTES = 1 << 20

#: Finds the end of the last whole record in a buffer: bytes to keep, 0 where there is none.
Cutter = Callable[[bytes], int]


def cut_at_newline(block: bytes) -> int:
    """Records end at line ends."""
    return block.rfind(b"\n") + 1


def record_blocks(
    stream: ByteStream, cut: Cutter, block_bytes: int, limit: int, uri: str
) -> Iterator[bytes]:
    """Group a stream into blocks of about ``block_bytes`` that end where a record ends.

    Raises:
        LimitExceededError: a record is longer than ``limit`` bytes.
    """
    parts: list[bytes] = []
    size = 0
    wanted = block_bytes
    while chunk := stream.read(READ_BYTES):
        parts.append(chunk)
        size += len(chunk)
        if size < wanted:
            continue
        block = b"".join(parts)
        end = cut(block)
        if end:
            yield block[:end]
            parts, size, wanted = [block[end:]], len(block) - end, block_bytes
        elif size > limit:
            raise LimitExceededError(
                f"{uri}: a record is longer than {bytes_text(limit)}",
                hint="write one record a line, or exclude the file",
                uri=uri,
            )
        else:
            parts, wanted = [block], min(size * 2, limit + 1)
    rest = b"".join(parts)
    if len(rest) > limit and not cut(rest[:-1]):
        raise LimitExceededError(
            f"{uri}: a record is longer than {bytes_text(limit)}",
            hint="write one record a line, or exclude the file",
            uri=uri,
        )
    if rest:
        yield rest


def text_stream(stream: ByteStream, form: FileFormat, damage: Damage | None = None) -> ByteStream:
    """The stream in UTF-8 without a byte order mark, lines ending in LF."""
    encoding = form.option("encoding", "utf-8")
    text: ByteStream = _Unmarked(stream, encoding)
    if encoding not in ("utf-8", "ascii"):
        text = Utf8Stream(text, encoding, damage or Damage())
    return CarriageReturnStream(text) if form.option("newline") == "cr" else text


class _Unmarked:
    """A stream without the byte order mark that may stand at its start."""

    def __init__(self, stream: ByteStream, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._started = False

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` more bytes; empty at the end."""
        chunk = self._stream.read(size)
        if self._started:
            return chunk
        self._started = True
        mark = byte_order_mark(chunk)
        if mark and mark[0] == self._encoding:
            return chunk[mark[1] :] or self._stream.read(size)
        return chunk


class Utf8Stream:
    """Another encoding, read as UTF-8; what cannot be decoded becomes U+FFFD."""

    def __init__(self, stream: ByteStream, encoding: str, damage: Damage) -> None:
        self._stream = stream
        self._damage = damage
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int, /) -> bytes:
        """About ``size`` more bytes; empty at the end."""
        while chunk := self._stream.read(size):
            if text := self._decoder.decode(chunk):
                self._damage.replaced(text, chunk, self._encoding)
                return text.encode("utf-8", "replace")
        text = self._decoder.decode(b"", True)
        self._damage.replaced(text, b"", self._encoding)
        return text.encode("utf-8", "replace")


class CarriageReturnStream:
    """Lines that end in a bare CR, read as if they ended in LF."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` more bytes; empty at the end."""
        return self._stream.read(size).replace(b"\r", b"\n")
