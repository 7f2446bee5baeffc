"""The end of a server: not ready first, then no new connections, then the last answers, then 0."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

import uvicorn

from lakescan.service.core import Core


class DrainingServer(uvicorn.Server):
    """uvicorn's server, which is told to end by a signal and then ends well.

    Args:
        config: of uvicorn.
        core: says from the signal on that the service is not ready.
        grace: seconds in which requests are still taken.
    """

    def __init__(self, config: uvicorn.Config, core: Core, grace: float) -> None:
        super().__init__(config)
        self._core = core
        self._grace = grace
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's; but the signal, once obeyed, does not end the process a second time."""
        self._loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in signals}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal drains, the second ends at once."""
        if self._core.draining or self._loop is None or self._grace <= 0:
            self._core.draining = True
            super().handle_exit(sig, frame)
            return
        self._core.draining = True
        self._loop.call_soon_threadsafe(self._loop.call_later, self._grace, self._end)

    def _end(self) -> None:
        self.should_exit = True
