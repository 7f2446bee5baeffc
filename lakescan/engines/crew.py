"""A crew of workers that outlives the death of any of them, wherever they are."""

from __future__ import annotations

import heapq
import logging
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from lakescan.engines.attempt import Attempt, backoff
from lakescan.engines.protocol import Outcome, Result, Unit
from lakescan.errors import TransientError

_log = logging.getLogger(__name__)

#: Starts in a row that may fail, at least, until no more workers are started.
_START_TRIES = 3

#: A unit's index, or None for how the setup went, and what became of it.
Message = tuple[int | None, Attempt[Any]]


class Worker(Protocol):
    """One that has the task, sets it up, and does units in the order it is given them."""

    def send(self, index: int, unit: Any) -> None:
        """Hand over a unit."""

    def kill(self) -> None:
        """End it now."""

    def cause_of_death(self) -> str:
        """Why it is gone, for a person."""


OneWorker = TypeVar("OneWorker", bound=Worker)


class Staff(Protocol[OneWorker]):
    """Where workers come from, and how they are heard."""

    def hire(self) -> OneWorker:
        """One that is about to set up the task."""

    def messages(
        self, workers: Sequence[OneWorker], timeout: float | None
    ) -> Iterator[tuple[OneWorker, Message | None]]:
        """What workers say until ``timeout``, one message each; None from one that is gone."""

    def dismiss(self, workers: Sequence[OneWorker]) -> None:
        """Let idle workers end."""


def work_through(
    staff: Staff[OneWorker], most: int, units: Sequence[Unit], attempts: int
) -> Iterator[Outcome[Unit, Any]]:
    """Have units done; each worker holds one, and one more while many are left.

    A worker that dies (killed, out of memory, its node lost) is replaced. The unit it was working
    on is tried again, ``attempts`` times in all; the one that was only waiting there costs nothing.

    Raises:
        LakescanError: the task's setup failed, or no worker could be started.
    """
    queue: _Queue[Unit, Any] = _Queue(units, attempts)
    crew = _Crew(staff, min(most, len(units)))
    try:
        while queue.unfinished:
            crew.dispatch(queue)
            for worker, message in staff.messages(list(crew.workers), queue.wait_seconds()):
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


class _Crew(Generic[OneWorker]):
    """The workers, and who holds what."""

    def __init__(self, staff: Staff[OneWorker], most: int) -> None:
        self._staff = staff
        self._most = most
        self._starting: set[OneWorker] = set()
        self._held: dict[OneWorker, deque[_Try]] = {}
        self._failed_starts = 0

    @property
    def workers(self) -> Mapping[OneWorker, object]:
        """All that there are."""
        return self._held

    def dispatch(self, queue: _Queue[Any, Any]) -> None:
        """Start missing workers, then fill those that are set up."""
        held = sum(len(tries) for tries in self._held.values())
        while len(self._held) < min(self._most, held + queue.left):
            worker = self._staff.hire()
            self._starting.add(worker)
            self._held[worker] = deque()
        for depth in (1, 2):
            if depth == 2 and queue.left < 2 * self._most:
                return
            for worker, tries in self._held.items():
                if len(tries) >= depth or worker in self._starting:
                    continue
                one = queue.take()
                if one is None:
                    return
                tries.append(one)
                worker.send(one.index, queue.unit(one))

    def receive(
        self, worker: OneWorker, message: Message | None, queue: _Queue[Any, Any]
    ) -> Outcome[Any, Any] | None:
        """Act on one message; the outcome, where it ends a unit."""
        if message is None:
            return self._bury(worker, queue)
        index, tried = message
        if index is None:
            if tried.error is not None:
                raise tried.error
            self._starting.discard(worker)
            self._failed_starts = 0
            return None
        one = self._held[worker].popleft()
        assert one.index == index, "a worker answers in the order it was asked"
        return queue.ended(one, tried)

    def _bury(self, worker: OneWorker, queue: _Queue[Any, Any]) -> Outcome[Any, Any] | None:
        tries = self._held.pop(worker)
        cause = worker.cause_of_death()
        _log.warning("a worker was lost: %s", cause)
        if worker in self._starting:
            self._starting.discard(worker)
            self._count_failed_start(cause)
            return None
        current = tries.popleft() if tries else None
        while tries:
            queue.give_back(tries.pop())
        if current is None:
            return None
        return queue.ended(current, Attempt(None, TransientError(f"worker lost: {cause}"), 0.0))

    def _count_failed_start(self, cause: str) -> None:
        """Go on with the workers that there are, after as many as there should be did not start."""
        self._failed_starts += 1
        if self._failed_starts < max(_START_TRIES, self._most):
            return
        self._most = len(self._held)
        if not self._held:
            raise TransientError(f"workers do not start: {cause}", hint="is memory short?")

    def dismiss(self) -> None:
        """Let every worker end by itself."""
        self._staff.dismiss(list(self._held))
        self._held.clear()

    def kill(self) -> None:
        """End every worker now."""
        for worker in self._held:
            worker.kill()
        self._held.clear()
