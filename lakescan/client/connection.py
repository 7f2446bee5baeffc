"""How a service is reached: its address, the key, and httpx."""

from __future__ import annotations

import ssl
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import orjson

import lakescan
from lakescan.client.requests import Request
from lakescan.errors import UsageError

T = TypeVar("T")

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
        self._timeout = httpx.Timeout(timeout, connect=min(10.0, timeout))

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
        content, kind = None, ""
        if request.content is not None:
            content, kind = request.content
        elif request.body is not None:
            content, kind = orjson.dumps(request.body), "application/json"
        headers = {"content-type": kind} if kind else {}
        return client.build_request(
            request.method, request.path, params=request.query, content=content, headers=headers
        )
