"""One worker process of the local pool, as the driver sees it."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
from multiprocessing.connection import Connection
from typing import Any

from lakescan.engines.attempt import Attempt
from lakescan.engines.cpus import usable_cpus
from lakescan.engines.protocol import Task
from lakescan.engines.worker import STOP, command

_THREAD_SETTINGS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS")
_GOODBYE_SECONDS = 5.0


class WorkerProcess:
    """A fresh interpreter, and the pipe to it.

    Args:
        siblings: how many workers share this machine; each gets its share of threads.
        module: what it imports while it waits for a task.
    """

    def __init__(self, siblings: int, module: str = "") -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                command(theirs.fileno(), module),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(siblings),
                # Out of the terminal's foreground group: Ctrl-C is the driver's to handle.
                process_group=0,
            )
        self.pipe = Connection(ours.detach())
        self.siblings = siblings
        self.ready = False

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def employ(self, task: Task[Any, Any]) -> None:
        """Hand over the task; units come after it."""
        self._send(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))

    def send(self, index: int, unit: object) -> None:
        """Hand over a unit."""
        self._send(pickle.dumps((index, unit), pickle.HIGHEST_PROTOCOL))

    def receive(self) -> tuple[int | None, Attempt[Any]] | None:
        """What it has to say; None when it is gone."""
        try:
            message: tuple[int | None, Attempt[Any]] = pickle.loads(self.pipe.recv_bytes())
        except (EOFError, OSError):
            return None
        return message

    def stop(self) -> None:
        """Ask it to end when it is done."""
        self._send(STOP)

    def join(self) -> None:
        """Wait for its end; it is killed if that takes long."""
        try:
            self._process.wait(_GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.pipe.close()

    def kill(self) -> None:
        """End it now."""
        self._process.kill()
        self._process.wait()
        self.pipe.close()

    def cause_of_death(self) -> str:
        """Why it is gone, for a person."""
        self.kill()
        code = self._process.returncode
        if code >= 0:
            return f"exit code {code}"
        name = signal.Signals(-code).name
        return f"{name}, probably out of memory" if name == "SIGKILL" else name

    def _send(self, message: bytes) -> None:
        try:
            self.pipe.send_bytes(message)
        except OSError:
            return  # it is gone: the next receive says so


def _environment(siblings: int) -> dict[str, str]:
    """Ours, with each thread pool cut to the worker's share of the CPUs."""
    share = str(max(1, usable_cpus() // siblings))
    return dict.fromkeys(_THREAD_SETTINGS, share) | dict(os.environ)
