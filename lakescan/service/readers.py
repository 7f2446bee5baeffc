"""Readers: processes that read texts for one service, on the processors that it leaves free.

The service's own process keeps all that must be one: keys, rates, jobs, documents, counters. A
reader that dies takes its batch along; another is asked, and a new one comes in its place. One that
takes longer than a request may is ended.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

from lakescan.jobs.reading import Answer, Question, read_texts
from lakescan.policy import Policy
from lakescan.service.desk import WARMING, CrowdedError, Desk, contained
from lakescan.service.meters import Meters
from lakescan.service.modes import policies_read
from lakescan.service.opentelemetry import Tracing
from lakescan.service.settings import Settings

_log = logging.getLogger(__name__)

#: How often a batch is asked again that a reader took along.
_ATTEMPTS = 3
#: Seconds that a reader may take to load detectors and model.
_START = 300.0
#: What a reader says once it has.
_READY = "ready"


class LostReaderError(Exception):
    """A reader died, or was ended as it took too long."""


class Reader:
    """One process that reads.

    Args:
        policies: by the names that it is asked by.
        seconds: for one batch.
    """

    def __init__(self, policies: Mapping[str, Policy], seconds: float) -> None:
        # A fresh process: a copy of this one would have its threads' locks, and its sockets.
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(
            target=_work, args=(there, dict(policies)), daemon=True, name="lakescan-reader"
        )
        self._process.start()
        there.close()
        self._seconds = seconds
        self._ready = False
        self._starting = threading.Lock()

    def wait(self) -> None:
        """Wait until it has loaded what it needs; blocks.

        Raises:
            LostReaderError: it did not.
        """
        with self._starting:  # who comes meanwhile would wait for a word that is said once
            if self._ready:
                return
            answer = self._answer(_START)
            if answer != _READY:
                raise answer if isinstance(answer, Exception) else LostReaderError
            self._ready = True

    def read(self, questions: Sequence[Question], name: str) -> list[Answer]:
        """What `read_texts` answers; blocks.

        Raises:
            LostReaderError: there is no answer.
        """
        self.wait()
        try:
            self._here.send((questions, name))
        except OSError:
            raise LostReaderError from None
        answer = self._answer(self._seconds)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, list)
        return answer

    def end(self) -> None:
        """End the process; who waits for its answer gets none."""
        self._process.kill()
        self._process.join()

    def _answer(self, seconds: float) -> object:
        try:
            if self._here.poll(seconds):
                return self._here.recv()
        except (EOFError, OSError):
            pass
        raise LostReaderError


class ReadingDesk(Desk):
    """A desk whose short questions are answered by processes.

    Long ones, and tables, are worked on in threads of this process as ever.

    Args:
        settings: how many, for which policies, and how long one batch may take.
        meters: counts what is done.
        tracing: is told of passes; None where nobody is.
    """

    def __init__(self, settings: Settings, meters: Meters, tracing: Tracing | None) -> None:
        number = settings.processes
        super().__init__(settings.policy, number, settings.waiting, meters, tracing)
        self._policies = policies_read(settings)
        self._names = {policy.hash: name for name, policy in self._policies.items()}
        self._seconds = settings.seconds
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="lakescan-reader")
        self._free: asyncio.Queue[Reader] = asyncio.Queue()
        self._all = {Reader(self._policies, self._seconds) for _ in range(number)}
        for each in self._all:
            self._free.put_nowait(each)
        self._closed = False
        self._lanes[0].read = self._read

    def warm(self, policies: Sequence[Policy]) -> None:
        """Wait until all readers are ready; blocks."""
        for each in self._all:
            each.wait()
        super().warm(policies)

    def close(self) -> None:
        """Let running work end and start none."""
        super().close()
        self._closed = True
        for each in list(self._all):
            each.end()
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def _read(self, questions: Sequence[Question], policy: Policy) -> list[Answer]:
        name = self._names[policy.hash]
        loop = asyncio.get_running_loop()
        begun = time.monotonic()
        for _ in range(_ATTEMPTS):
            reader = await self._free.get()
            try:
                return await loop.run_in_executor(self._threads, reader.read, questions, name)
            except LostReaderError:
                if self._closed:
                    break
                _log.warning("a reader was lost")
                reader = await loop.run_in_executor(self._threads, self._instead_of, reader)
                if time.monotonic() - begun > self._seconds:
                    break  # nobody waits any more, and what hung one may hang the next
            finally:
                self._free.put_nowait(reader)
        raise CrowdedError

    def _instead_of(self, lost: Reader) -> Reader:
        lost.end()
        self._all.discard(lost)
        new = Reader(self._policies, self._seconds)
        self._all.add(new)
        return new


def _work(questions: Connection, policies: Mapping[str, Policy]) -> None:
    """A reader's life: it ends when the service closes its end, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which ends readers
    try:
        for policy in policies.values():
            read_texts([WARMING], policy)
        questions.send(_READY)
    except Exception as error:  # noqa: BLE001 - the service says that it is not ready, and why
        questions.send(error)
        return
    while True:
        try:
            asked, name = questions.recv()
        except (EOFError, OSError):
            return
        answer: list[Answer] | Exception
        try:
            answer = contained(lambda: read_texts(asked, policies[name]))  # noqa: B023 - at once
        except Exception as error:  # noqa: BLE001 - its asker gets it
            answer = error
        questions.send(answer)
