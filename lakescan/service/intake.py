"""Bodies on their way in: whole before a route is called, in memory; a large one in a file.

A slow client holds a socket, and what has come of its body, and nothing else.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from starlette.datastructures import Headers
from starlette.types import Receive

from lakescan.service.answers import RefusedError
from lakescan.service.settings import Settings

#: Types of bodies that are read piece by piece, so that they may be large.
STREAMED = frozenset(
    {
        "text/csv",
        "application/x-ndjson",
        "application/jsonl",
        "application/vnd.apache.arrow.stream",
        "application/vnd.apache.arrow.file",
    }
)
#: The routes that read such bodies.
STREAMING = frozenset({"/v1/detect", "/v1/classify", "/v1/anonymize"})
#: The file of a large one.
BODY = "body"
#: So much of a large body is in memory; the rest is in a file.
_IN_MEMORY = 1 << 20
#: A large body has the time of a small one, and a second more for each so many bytes of it.
_LEAST_RATE = 16 << 10
#: So many of the longest bodies may lie in files at one time, all sizes together.
_AT_ONCE = 4


@dataclass(slots=True)
class Body:
    """A body, or what has come of it.

    Args:
        size: in bytes.
        data: the body; empty where it lies in a file.
        folder: for the file of a large one, and for whatever is made of it; removed at the end.
        arrived: whether all of it is here.
        pieces: what is in memory of one that comes.
        held: bytes of these, or of ``data``.
        file: that a large one is written to while it comes.
    """

    size: int = 0
    data: bytes = b""
    folder: Path | None = None
    arrived: bool = False
    pieces: list[bytes] = field(default_factory=list)
    file: BinaryIO | None = None
    held: int = 0

    @property
    def path(self) -> Path | None:
        """The file of a large one."""
        return None if self.folder is None else self.folder / BODY


class Intake:
    """Takes bodies in, so many bytes at one time.

    Args:
        settings: limits.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._held = 0
        self._filed = 0

    async def take_in(
        self, path: str, headers: Headers, receive: Receive, body: Body, limit: asyncio.Timeout
    ) -> bool:
        """Take a body in; False if its sender has gone.

        Args:
            path: that is asked.
            headers: of the request.
            receive: brings the body.
            body: filled here; `let_go` is owed for it, whatever happens.
            limit: of the whole request; put off for a large body as long as it comes.

        Raises:
            RefusedError: it is too long, compressed, or there is too much already.
            TimeoutError: it paused.
        """
        if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise RefusedError(415, "send the body uncompressed")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        large = path in STREAMING and kind in STREAMED
        given = self._settings
        most = max(given.body_bytes, given.stream_bytes) if large else given.body_bytes
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length) > most:
            raise _too_long(most)
        begun = asyncio.get_running_loop().time()
        more = True
        while more:
            async with asyncio.timeout(given.pause):
                message = await receive()
            if message["type"] != "http.request":
                return False
            more = message.get("more_body", False)
            self._add(body, message.get("body", b""), most)
            if large and body.held > _IN_MEMORY:
                await self._file(body)
                limit.reschedule(begun + given.seconds + body.size / _LEAST_RATE)
        if body.folder is None:
            body.data = b"".join(body.pieces)
        else:
            await self._file(body)
            assert body.file is not None
            await asyncio.to_thread(body.file.close)
            limit.reschedule(asyncio.get_running_loop().time() + given.stream_seconds)
        body.pieces.clear()
        body.arrived = True
        return True

    async def let_go(self, body: Body) -> None:
        """Nobody needs the body any more."""
        self._held -= body.held
        if body.folder is not None:
            self._filed -= body.size - body.held
            await asyncio.to_thread(_removed, body)
        body.data = b""

    def _add(self, body: Body, piece: bytes, most: int) -> None:
        body.size += len(piece)
        body.held += len(piece)
        self._held += len(piece)
        body.pieces.append(piece)
        if body.size > most:
            raise _too_long(most)
        if self._held > self._settings.held_bytes:
            raise RefusedError(503, "too much is waiting; come again", 1)

    async def _file(self, body: Body) -> None:
        """Put what is in memory into the file."""
        if self._filed + body.held > _AT_ONCE * self._settings.stream_bytes:
            raise RefusedError(503, "too many large bodies are here; come again", 30)
        if body.file is None:
            body.folder = Path(tempfile.mkdtemp(prefix="lakescan-"))
            body.file = (body.folder / BODY).open("wb")
        self._filed += body.held
        self._held -= body.held
        body.held = 0
        pieces, body.pieces = body.pieces, []
        await asyncio.to_thread(body.file.writelines, pieces)


def _too_long(most: int) -> RefusedError:
    return RefusedError(413, f"the body is longer than {most} bytes")


def _removed(body: Body) -> None:
    if body.file is not None:
        body.file.close()
    if body.folder is not None:
        shutil.rmtree(body.folder, ignore_errors=True)
