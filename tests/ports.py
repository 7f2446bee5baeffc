"""Ports for servers that are told theirs: nobody else takes one between its choice and its use.

A port that the system itself names may be named again a moment later, to a server of another test
or to somebody's outgoing connection. These lie below the range that systems give out, and a lock,
held until this process ends, keeps each from all other processes of tests on this machine.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import IO

#: Below what Linux (32768) and others (49152) give out, above Ray's own (10002 to 19999).
_RANGE = range(20_000, 32_000)
_FOLDER = Path(tempfile.gettempdir()) / f"lakescan-test-ports-{os.getuid()}"
_CHOICE = random.SystemRandom()  # hypothesis has the usual one begin anew in each example
#: Open as long as this process lives.
_held: dict[int, IO[str]] = {}


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at, and that is given to nobody else."""
    _FOLDER.mkdir(exist_ok=True)
    for port in _CHOICE.sample(_RANGE, len(_RANGE)):
        if port not in _held and _locked(port):
            return port
    raise AssertionError("no port is free")


def _locked(port: int) -> bool:
    with contextlib.ExitStack() as given_up:
        lock = given_up.enter_context((_FOLDER / str(port)).open("w"))
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
            _held[port] = lock
            given_up.pop_all()
            return True
    return False
