"""The desk: questions wait here, and workers take as many at once as one pass can answer.

CPU work runs on threads of its own, never on the event loop. Short questions and long ones have
workers of their own, so that a big body holds nobody up but its like.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

from lakescan.jobs.reading import Answer, Question, read_texts
from lakescan.policy import Policy
from lakescan.service.meters import Meters
from lakescan.service.opentelemetry import Tracing

T = TypeVar("T")

#: One pass takes at most so many questions and about so many characters.
_TOGETHER, _CHARACTERS = 64, 50_000
#: While one worker reads, another begins once so many wait: a pass over fewer costs about the same.
_WORTH = 16
#: From here on a question is long.
_LONG = 100_000
#: Workers for long questions and for tables.
_HEAVY = 1
#: From here on a table is large, in bytes: others do not wait for it.
_LARGE = 8 << 20
#: A pass over short questions that takes so many seconds is stuck (a detector of others' that
#: hangs): so many workers more go on beside such ones.
_STUCK, _SPARE = 1.0, 2


#: Read once at the start: it has all that makes detectors load what they need.
WARMING = Question(
    ("Ann Example of Springfield pays by 4111 1111 1111 1111; call 202-555-0142 on 3 May 2021.",)
)


Reading = Callable[[Sequence[Question], Policy], Awaitable[list[Answer]]]


class PanicError(Exception):
    """A library gave up in a way that Python would take for its own end (a Rust panic)."""


class CrowdedError(Exception):
    """Too many wait already; the asker should come again."""


class _Waiting(NamedTuple):
    question: Question
    policy: Policy
    future: asyncio.Future[Answer]


class Desk:
    """Answers questions about texts, and runs other work, on bounded pools of threads.

    Args:
        policy: what to look for.
        workers: threads for short questions.
        most_waiting: more than so many are refused.
        meters: counts what is done.
        tracing: is told of passes; None where nobody is.
    """

    def __init__(
        self,
        policy: Policy,
        workers: int,
        most_waiting: int,
        meters: Meters,
        tracing: Tracing | None = None,
    ) -> None:
        self.policy = policy
        self.meters = meters
        self._most = most_waiting
        self._lanes = (
            _Lane(workers, _SPARE, meters, tracing),
            _Lane(_HEAVY, 0, meters, tracing),
        )
        self._large = ThreadPoolExecutor(_HEAVY, thread_name_prefix="lakescan-large")
        self._tasks = 0

    async def ask(self, question: Question, policy: Policy | None = None) -> Answer:
        """What `lakescan.jobs.reading.read_texts` answers.

        Args:
            question: about texts.
            policy: what to look for; the desk's if not given.

        Raises:
            CrowdedError: too many wait.
        """
        lane = self._lanes[question.characters > _LONG]
        self._check()
        answer = await lane.ask(question, policy or self.policy)
        self.meters.told(finding for findings in answer for finding in findings)
        return answer

    async def run(self, work: Callable[[], T], size: int = 0) -> T:
        """Run other CPU work (a table, a cipher) where it holds up no short question.

        Args:
            work: to run.
            size: of what is worked on, in bytes: what is large holds up its like alone.

        Raises:
            CrowdedError: too many wait.
        """
        self._check()
        self._tasks += 1
        try:
            loop = asyncio.get_running_loop()
            pool = self._large if size > _LARGE else self._lanes[1].pool
            return await loop.run_in_executor(pool, partial(contained, work))
        finally:
            self._tasks -= 1

    def warm(self, policies: Sequence[Policy]) -> None:
        """Load detectors and models; blocks."""
        for policy in policies:
            read_texts([WARMING], policy)

    def close(self) -> None:
        """Let running work end and start none."""
        for lane in self._lanes:
            lane.pool.shutdown(wait=True, cancel_futures=True)
        self._large.shutdown(wait=True, cancel_futures=True)

    def _check(self) -> None:
        waiting = self._tasks + sum(len(lane.waiting) for lane in self._lanes)
        self.meters.waiting.set(waiting)
        if waiting >= self._most:
            raise CrowdedError


class _Lane:
    """A pool of threads and the questions that wait for it."""

    def __init__(self, workers: int, spare: int, meters: Meters, tracing: Tracing | None) -> None:
        self.pool = ThreadPoolExecutor(workers + spare, thread_name_prefix="lakescan-desk")
        self.waiting: deque[_Waiting] = deque()
        self._workers = workers
        self._spare = spare
        self._meters = meters
        self._tracing = tracing
        #: Reads questions of one policy: threads of the pool, if nobody else does.
        self.read: Reading = self._read_here
        self._running: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._stuck: set[object] = set()

    async def ask(self, question: Question, policy: Policy) -> Answer:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.waiting.append(_Waiting(question, policy, future))
        self._begin()
        return await future

    @property
    def _most(self) -> int:
        """So many may work now."""
        return self._workers + min(len(self._stuck), self._spare)

    def _begin(self) -> None:
        """Have one more work, if there may be one."""
        free = self._busy <= len(self._stuck)
        worth = free or len(self.waiting) >= _WORTH
        if self.waiting and worth and self._busy < self._most:
            self._busy += 1
            task = asyncio.create_task(self._work())
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _work(self) -> None:
        # No longer busy in the same step that sees that nobody waits: who is woken by the last
        # answer and asks at once would else wait for a worker that has left.
        try:
            await self._work_off()
        finally:
            self._busy -= 1
            self._begin()

    async def _work_off(self) -> None:
        while self._busy <= self._most and (batch := self._taken()):
            try:
                answers = await self._read(batch)
            except Exception as error:  # noqa: BLE001 - each asker gets it
                if len(batch) == 1:
                    _fail(batch[0], error)
                else:
                    await self._one_by_one(batch)
                continue
            for each, answer in zip(batch, answers, strict=True):
                if not each.future.done():
                    each.future.set_result(answer)

    async def _one_by_one(self, batch: Sequence[_Waiting]) -> None:
        """So that one bad question spoils no other's answer."""
        for each in batch:
            try:
                answers = await self._read([each])
            except Exception as error:  # noqa: BLE001 - the asker gets it
                _fail(each, error)
            else:
                if not each.future.done():
                    each.future.set_result(answers[0])

    async def _read(self, batch: Sequence[_Waiting]) -> list[Answer]:
        begun, when = time.perf_counter(), time.time()
        loop = asyncio.get_running_loop()
        one = object()
        watch = loop.call_later(_STUCK, self._is_stuck, one)
        try:
            answers = await self.read([each.question for each in batch], batch[0].policy)
        finally:
            watch.cancel()
            self._stuck.discard(one)
        seconds = time.perf_counter() - begun
        self._meters.read(len(batch), seconds)
        if self._tracing is not None:
            self._tracing.read(len(batch), when, when + seconds)
        return answers

    async def _read_here(self, questions: Sequence[Question], policy: Policy) -> list[Answer]:
        work = partial(read_texts, questions, policy)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, partial(contained, work))

    def _is_stuck(self, one: object) -> None:
        self._stuck.add(one)
        self._begin()

    def _taken(self) -> list[_Waiting]:
        """What one pass takes of those that still wait: alike in policy and lookers, in order."""
        batch: list[_Waiting] = []
        characters = 0
        while self.waiting and len(batch) < _TOGETHER:
            size = self.waiting[0].question.characters
            if batch and characters + size > _CHARACTERS:
                break
            if batch and not _alike(self.waiting[0], batch[0]):
                break
            each = self.waiting.popleft()
            if not each.future.done():  # else its asker has gone
                batch.append(each)
                characters += size
        return batch


def _alike(one: _Waiting, other: _Waiting) -> bool:
    """Whether one pass can answer both, and neither waits for who looks only for the other."""
    return one.policy is other.policy and one.question.lookers == other.question.lookers


def contained(work: Callable[[], T]) -> T:
    """Run work; what is no `Exception` becomes one, so that it ends a request and not the lane."""
    try:
        return work()
    except Exception:
        raise
    except BaseException as error:  # noqa: BLE001 - on a thread of the pool nobody else looks
        raise PanicError(type(error).__name__) from None


def _fail(each: _Waiting, error: Exception) -> None:
    if not each.future.done():
        each.future.set_exception(error)
