"""A worker of the local pool: its side of the pipe, in a process of its own.

It is started as a fresh interpreter rather than through ``multiprocessing``'s spawn, which would
import the user's main script again.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import queue
import sys
import threading
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from lakescan.engines.allocation import keep_freed_memory
from lakescan.engines.attempt import Attempt, as_lakescan_error, attempt
from lakescan.engines.protocol import Task

#: What ``python -c`` runs: the driver's import path first, then this module.
BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]);"
    " from lakescan.engines.worker import main; main()"
)
#: Ends the worker once it has done what it was given before.
STOP = b""


def command(descriptor: int, module: str) -> list[str]:
    """The command line of a worker that talks over ``descriptor`` and imports ``module`` first."""
    return [sys.executable, "-c", BOOT, str(descriptor), json.dumps(sys.path), module]


def main() -> None:
    """Take a task and then units from the pipe until the driver says stop or is gone."""
    keep_freed_memory()
    gc.disable()  # what a start makes is no garbage
    pipe = Connection(int(sys.argv[1]))
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, inbox), daemon=True).start()
    if module := sys.argv[3]:
        import_module(module)
    task: Task[Any, Any] = pickle.loads(inbox.get())
    if not _set_up(task, pipe):
        return
    while message := inbox.get():
        index, unit = pickle.loads(message)
        _answer(pipe, index, attempt(task, unit))
        del unit, message


def _listen(pipe: Connection, inbox: queue.SimpleQueue[bytes]) -> None:
    """Hand on what comes; when the driver is gone, so is the reason to go on."""
    try:
        while True:
            message = pipe.recv_bytes()
            inbox.put(message)
            if message == STOP:
                return
    except (EOFError, OSError):
        os._exit(1)


def _set_up(task: Task[Any, Any], pipe: Connection) -> bool:
    try:
        task.setup()
    except Exception as error:  # noqa: BLE001 - it becomes the unit's outcome
        _answer(pipe, None, Attempt(None, as_lakescan_error(error), 0.0))
        return False
    gc.freeze()
    gc.enable()
    _answer(pipe, None, Attempt(True, None, 0.0))
    return True


def _answer(pipe: Connection, index: int | None, tried: Attempt[Any]) -> None:
    """Send how a unit ended; ``index`` None tells how the setup did."""
    try:
        message = pickle.dumps((index, tried), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - a result that cannot travel is a failure
        failure: Attempt[Any] = Attempt(None, as_lakescan_error(error), tried.seconds)
        message = pickle.dumps((index, failure), pickle.HIGHEST_PROTOCOL)
    try:
        pipe.send_bytes(message)
    except OSError:  # the driver is gone: see `_listen`
        os._exit(1)
