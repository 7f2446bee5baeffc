"""A pool of worker processes on this machine that outlives the death of any of them."""

from __future__ import annotations

import heapq
import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any, Generic

from lakescan.engines.attempt import Attempt, backoff
from lakescan.engines.process import WorkerProcess
from lakescan.engines.protocol import Outcome, Result, Task, Unit
from lakescan.engines.spare import spare_worker
from lakescan.errors import TransientError

_log = logging.getLogger(__name__)

#: Worker starts that may fail in a row, before the first unit is done, until the run gives up.
_START_TRIES = 3


class PoolEngine:
    """Runs units in ``workers`` processes; each holds one unit, and one more while many are left.

    A worker that dies (killed, out of memory) is replaced. The unit it was working on is tried
    again, ``attempts`` times in all; the one that was only waiting there costs nothing.
    """

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
        queue: _Queue[Unit, Result] = _Queue(units, self._attempts)
        crew = _Crew(task, min(self.parallelism, len(units)))
        try:
            while queue.unfinished:
                crew.dispatch(queue)
                for worker, message in crew.messages(queue.wait_seconds()):
                    ended = crew.receive(worker, message, queue)
                    if ended is not None:
                        yield ended
            crew.dismiss()
        finally:
            crew.kill()


@dataclass(slots=True)
class _Try:
    index: int
    number: int


class _Queue(Generic[Unit, Result]):
    """Units that have not ended: to be handed out now, or after a pause."""

    def __init__(self, units: Sequence[Unit], attempts: int) -> None:
        self._units = units
        self._attempts = attempts
        self._next = 0
        self._again: deque[_Try] = deque()
        self._resting: list[tuple[float, int, int]] = []
        self.unfinished = len(units)

    @property
    def left(self) -> int:
        """How many could be handed out now."""
        return len(self._units) - self._next + len(self._again)

    def wait_seconds(self) -> float | None:
        """How long the driver may sleep; None for until a worker speaks."""
        if not self._resting:
            return None
        return max(0.0, self._resting[0][0] - time.monotonic())

    def take(self) -> _Try | None:
        """The next unit to hand out; fresh ones first, so that a deadly one does least harm."""
        while self._resting and self._resting[0][0] <= time.monotonic():
            _, index, number = heapq.heappop(self._resting)
            self._again.append(_Try(index, number))
        if self._next < len(self._units):
            self._next += 1
            return _Try(self._next - 1, 1)
        return self._again.popleft() if self._again else None

    def unit(self, one: _Try) -> Unit:
        """The unit itself."""
        return self._units[one.index]

    def give_back(self, one: _Try) -> None:
        """Return a unit that was never begun."""
        self._again.appendleft(one)

    def ended(self, one: _Try, tried: Attempt[Result]) -> Outcome[Unit, Result] | None:
        """Record how a try ended: its outcome, or None where it will be tried again."""
        if tried.passing and one.number < self._attempts:
            due = time.monotonic() + backoff(one.number)
            heapq.heappush(self._resting, (due, one.index, one.number + 1))
            return None
        self.unfinished -= 1
        return Outcome(self.unit(one), tried.result, tried.error, tried.seconds, one.number)


class _Crew:
    """The worker processes, and who holds what."""

    def __init__(self, task: Task[Any, Any], size: int) -> None:
        self._task = task
        self._size = size
        self._workers: dict[WorkerProcess, deque[_Try]] = {}
        self._failed_starts = 0

    def dispatch(self, queue: _Queue[Any, Any]) -> None:
        """Start missing workers, then fill them: one unit each, a second while many are left."""
        held = sum(len(tries) for tries in self._workers.values())
        while len(self._workers) < min(self._size, held + queue.left):
            worker = spare_worker(self._size) or WorkerProcess(self._size)
            worker.employ(self._task)
            self._workers[worker] = deque()
        for depth in (1, 2):
            if depth == 2 and queue.left < 2 * self._size:
                return
            for worker, tries in self._workers.items():
                if len(tries) >= depth:
                    continue
                one = queue.take()
                if one is None:
                    return
                tries.append(one)
                worker.send(one.index, queue.unit(one))

    def messages(
        self, timeout: float | None
    ) -> Iterator[tuple[WorkerProcess, tuple[int | None, Attempt[Any]] | None]]:
        """What workers say, one message each; None for a worker that is gone."""
        by_pipe = {worker.pipe: worker for worker in self._workers}
        if not by_pipe and timeout is not None:
            time.sleep(timeout)
            return
        for pipe in wait(list(by_pipe), timeout):
            worker = by_pipe[pipe]  # type: ignore[index]
            yield worker, worker.receive()

    def receive(
        self,
        worker: WorkerProcess,
        message: tuple[int | None, Attempt[Any]] | None,
        queue: _Queue[Any, Any],
    ) -> Outcome[Any, Any] | None:
        """Act on one message; the outcome, where it ends a unit."""
        if message is None:
            return self._bury(worker, queue)
        index, tried = message
        if index is None:
            if tried.error is not None:
                raise tried.error
            worker.ready = True
            self._failed_starts = 0
            return None
        one = self._workers[worker].popleft()
        assert one.index == index, "a worker answers in the order it was asked"
        return queue.ended(one, tried)

    def _bury(self, worker: WorkerProcess, queue: _Queue[Any, Any]) -> Outcome[Any, Any] | None:
        tries = self._workers.pop(worker)
        cause = worker.cause_of_death()
        _log.warning("a worker was lost: %s", cause)
        if not worker.ready:
            self._failed_starts += 1
            while tries:
                queue.give_back(tries.pop())
            if self._failed_starts >= _START_TRIES:
                raise TransientError(f"workers do not start: {cause}", hint="is memory short?")
            return None
        current = tries.popleft() if tries else None
        while tries:
            queue.give_back(tries.pop())
        if current is None:
            return None
        return queue.ended(current, Attempt(None, TransientError(f"worker lost: {cause}"), 0.0))

    def dismiss(self) -> None:
        """Let every worker end by itself."""
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.join()
        self._workers.clear()

    def kill(self) -> None:
        """End every worker now."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()
