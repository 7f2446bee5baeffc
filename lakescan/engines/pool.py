"""A pool of worker processes on this machine."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from typing import Any

from lakescan.engines.crew import Message, work_through
from lakescan.engines.process import WorkerProcess
from lakescan.engines.protocol import Outcome, Result, Task, Unit
from lakescan.engines.spare import spare_worker


class PoolEngine:
    """Runs units in ``workers`` processes."""

    name = "local"

    def __init__(self, workers: int, attempts: int = 3) -> None:
        self.parallelism = workers
        self._attempts = attempts

    def run(
        self, task: Task[Unit, Result], units: Sequence[Unit]
    ) -> Iterator[Outcome[Unit, Result]]:
        """Run ``task`` over ``units``.

        Raises:
            LakescanError: the task's setup failed, or no worker could be started.
        """
        most = min(self.parallelism, len(units))
        return work_through(_Processes(task, most), most, units, self._attempts)


class _Processes:
    """Staff: processes of this machine."""

    def __init__(self, task: Task[Any, Any], siblings: int) -> None:
        self._task = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        self._siblings = siblings

    def hire(self) -> WorkerProcess:
        """One that stands by, or a new one."""
        worker = spare_worker(self._siblings) or WorkerProcess(self._siblings)
        worker.employ(self._task)
        return worker

    def messages(
        self, workers: Sequence[WorkerProcess], timeout: float | None
    ) -> Iterator[tuple[WorkerProcess, Message | None]]:
        """What comes through the pipes; a pipe's end tells of a worker that is gone."""
        by_pipe = {worker.pipe: worker for worker in workers}
        if not by_pipe and timeout is not None:
            time.sleep(timeout)
            return
        for pipe in wait(list(by_pipe), timeout):
            worker = by_pipe[pipe]  # type: ignore[index]
            yield worker, worker.receive()

    def dismiss(self, workers: Sequence[WorkerProcess]) -> None:
        """Ask all of them, then wait for all of them."""
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.join()
