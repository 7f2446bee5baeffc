"""Logins of drivers that know no time-out for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Protocol, TypeVar

from lakescan.errors import TransientError


class _Closes(Protocol):
    def close(self) -> None: ...


_Session = TypeVar("_Session", bound=_Closes)


def bounded(connect: Callable[[], _Session], seconds: float, uri: str) -> _Session:
    """Connect in a thread of its own, and wait no longer than this.

    Args:
        connect: the driver's call. It may go on; a session that comes too late is closed.
        seconds: how long to wait.
        uri: of what, as it is shown.

    Raises:
        TransientError: nothing came.
    """
    told: Future[_Session] = Future()

    def run() -> None:
        try:
            session = connect()
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            if told.set_running_or_notify_cancel():
                told.set_exception(error)
            return
        if told.set_running_or_notify_cancel():
            told.set_result(session)
        else:
            with suppress(Exception):
                session.close()

    threading.Thread(target=run, name=f"login to {uri}", daemon=True).start()
    wait([told], seconds)
    if told.cancel():
        raise TransientError(
            f"{uri}: the server does not answer in {seconds:.0f} seconds",
            hint="connect_seconds=60 in the URI waits longer",
            uri=uri,
        )
    return told.result()
