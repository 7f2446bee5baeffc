"""How a service is reached: its address, the key, and httpx."""

from __future__ import annotations

import asyncio
import os
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar
from urllib.parse import urlsplit

import httpx
import orjson

import lakescan
from lakescan.client.requests import Request
from lakescan.errors import UsageError

T = TypeVar("T")

#: Bytes of a file that are sent at once.
_PIECE = 256 << 10
#: Seconds that the answer to a file may take: the service reads all of it first.
_LONG = 3600.0
#: Kept connections.
_KEPT = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class Connection:
    """Where a service is, and who asks.

    Args:
        url: http or https.
        key: an API key or a token; in no repr and no error.
        timeout: seconds for one attempt.
    """

    def __init__(self, url: str, key: str | None, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(
                f"{url!r} is no address of a service", hint="such as https://host:8000"
            )
        self.url = url.rstrip("/")
        self._headers = {"user-agent": f"lakescan/{lakescan.__version__}"}
        if key is not None:
            self._headers["authorization"] = f"Bearer {key}"
        connect = min(10.0, timeout)
        self._timeout = httpx.Timeout(timeout, connect=connect)
        self._patient = httpx.Timeout(timeout, connect=connect, read=max(timeout, _LONG))

    def client(self) -> httpx.Client:
        """An httpx client; certificates are checked."""
        return httpx.Client(
            base_url=self.url,
            headers=self._headers,
            timeout=self._timeout,
            limits=_KEPT,
            verify=ssl.create_default_context(),
        )

    def async_client(self) -> httpx.AsyncClient:
        """The same for asyncio."""
        return httpx.AsyncClient(
            base_url=self.url,
            headers=self._headers,
            timeout=self._timeout,
            limits=_KEPT,
            verify=ssl.create_default_context(),
        )

    def built(self, client: httpx.Client | httpx.AsyncClient, request: Request[T]) -> httpx.Request:
        """A request as httpx sends it."""
        content: bytes | Iterator[bytes] | AsyncIterator[bytes] | None = None
        kind, headers, timeout = "", {}, self._timeout
        if request.content is not None:
            given, kind = request.content
            content = given if isinstance(given, bytes) else _pieces(client, given)
            if isinstance(given, Path):
                headers["content-length"] = str(given.stat().st_size)
                timeout = self._patient
        elif request.body is not None:
            content, kind = _json(request.body), "application/json"
        if kind:
            headers["content-type"] = kind
        return client.build_request(
            request.method,
            request.path,
            params=request.query,
            content=content,
            headers=headers,
            timeout=timeout,
        )


def _json(body: Mapping[str, object]) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError as error:  # which tells a type, and no value
        raise UsageError(f"this cannot be sent as JSON: {error}") from None


def _pieces(
    client: httpx.Client | httpx.AsyncClient, path: Path
) -> Iterator[bytes] | AsyncIterator[bytes]:
    """A file, in the way that the client waits."""
    return _read(path) if isinstance(client, httpx.Client) else _read_beside(path)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


async def _read_beside(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


@contextmanager
def written(target: Path) -> Iterator[BinaryIO]:
    """A file that is there once it is whole."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink()
        raise
