"""Connections that wait for nobody: a request's head comes in time and in bounds, or not at all.

One address has so many open and no more, so that nobody takes all that there are.

uvicorn's time-out for idle connections begins after an answer and ends with the first byte of the
next request; before the first, and within a head, it waits for ever.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

#: A head may take so many seconds, and so many bytes.
HEAD_SECONDS = 10.0
_HEAD_BYTES = 64 << 10

_log = logging.getLogger(__name__)


class Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """One client's connection, by whichever parser uvicorn has."""

    #: One address may have so many open.
    most = 500
    _timer: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It begins with a head that is awaited."""
        super().connection_made(transport)
        mine = self.client and self.client[0]
        if sum((each.client and each.client[0]) == mine for each in self.connections) > self.most:
            self._refuse(b"429 Too Many Requests")
            return
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._have_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is too long is refused."""
        waiting = self._between_requests
        super().data_received(data)
        if self.transport.is_closing():
            return
        if not self._between_requests:
            self._have_head()
        elif waiting:
            # What still comes of a refused body is no head; its time is bounded all the same.
            self._head = 0 if self._refused_body else self._head + len(data)
            if self._head > _HEAD_BYTES:
                self._refuse(b"431 Request Header Fields Too Large")
            elif self._timer is None:
                self._await_head()

    @property
    def _between_requests(self) -> bool:
        return self.cycle is None or bool(self.cycle.response_complete)

    @property
    def _refused_body(self) -> bool:
        return self.cycle is not None and bool(self.cycle.more_body)

    def _await_head(self) -> None:
        seconds: Any = getattr(self.config, "head_seconds", HEAD_SECONDS)
        self._timer = self.loop.call_later(seconds, self._late)

    def _have_head(self) -> None:
        self._head = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if not self.transport.is_closing() and self._between_requests:
            self._refuse(b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        _log.info("a connection was closed: %s", status.decode())
        self.transport.write(
            b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        self.transport.close()
