"""Being connected to a cluster, which a thread may have opened while the job planned."""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar

from lakescan.engines.options import EngineOptions
from lakescan.engines.ray.cluster import load, load_data, opened, quiet, room
from lakescan.engines.ray.lean import fewer_actors

_log = logging.getLogger(__name__)

#: For the thread to close what it has opened; a cluster that does not answer may take longer.
_CLOSING_SECONDS = 30.0
_OPENING: ContextVar[Opening | None] = ContextVar("opening", default=None)


class Opening:
    """The thread, and what became of it.

    It lives as long as what it opened: the kernel ends Ray's processes with the thread that has
    started them (``PR_SET_PDEATHSIG``).
    """

    def __init__(self, options: EngineOptions) -> None:
        self._options = options
        self._known = threading.Event()
        self._done = threading.Event()
        self._error: BaseException | None = None
        self._patience = 0.0
        self._thread = threading.Thread(target=self._keep, name="lakescan-ray", daemon=True)

    def begin(self) -> None:
        """Open it, and go on meanwhile.

        Raises:
            MissingDependencyError: Ray is not installed.
        """
        if self._thread.ident is None:
            # Here, not in the thread: two that import at once may wait for each other.
            load(self._options)
            self._thread.start()
            self._import_meanwhile()

    @staticmethod
    def _import_meanwhile() -> None:
        """The greater part of Ray Data, which itself is imported once Ray is through."""
        with contextlib.suppress(ImportError):  # told where it is needed
            import pandas as pd  # noqa: F401

    def patience(self) -> float:
        """How long to wait for room in the cluster, when it is open; raises why it is not."""
        self.begin()
        self._known.wait()
        if self._error is not None:
            raise self._error
        return self._patience

    def close(self) -> None:
        """Close what was opened."""
        self._done.set()
        if self._thread.ident is not None:
            self._thread.join(_CLOSING_SECONDS)

    def _keep(self) -> None:
        try:
            with opened(self._options) as self._patience:
                self._known.set()
                self._done.wait()
        except BaseException as error:  # noqa: BLE001 - it is raised where the cluster is needed
            if self._known.is_set():
                _log.warning("Ray was not left as it should be: %s", type(error).__name__)
            self._error = error
        finally:
            self._known.set()


@contextlib.contextmanager
def connected(options: EngineOptions) -> Iterator[int]:
    """Be connected to a cluster for a while; gives how many workers it has places for.

    Raises:
        MissingDependencyError: Ray is not installed.
        TransientError: no cluster answers at the address.
        UsageError: no node has room for such a worker.
    """
    began = _OPENING.get()
    with contextlib.ExitStack() as kept:
        patience = began.patience() if began else kept.enter_context(opened(options))
        load_data()
        kept.enter_context(quiet("ray.data"))
        if not patience:  # a cluster of its own
            kept.enter_context(fewer_actors())
        yield room(options.worker, patience)


@contextlib.contextmanager
def opening(options: EngineOptions) -> Iterator[None]:
    """Open a cluster meanwhile, unless there is one open.

    Raises:
        MissingDependencyError: Ray is not installed.
    """
    with once_opened(options):
        one = _OPENING.get()
        if one is not None:
            one.begin()
        yield


@contextlib.contextmanager
def once_opened(options: EngineOptions) -> Iterator[None]:
    """Open a cluster when an engine first runs, and keep it for those that run after it."""
    if _OPENING.get() is not None or _is_connected():
        yield
        return
    with _ended_in_order():
        began = Opening(options)
        token = _OPENING.set(began)
        try:
            yield
        finally:
            _OPENING.reset(token)
            began.close()


def _is_connected() -> bool:
    ray = sys.modules.get("ray")
    return ray is not None and ray.is_initialized()


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """Have SIGTERM end the job as Ctrl-C does; Ray sees to it only in the main thread."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    ):
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, _: object) -> None:
    # Ray's C++ side sees the signal first, and would end the process hard in three seconds.
    signal.alarm(0)
    sys.exit(number)
