"""Documents that a Data Curation client has announced: its options, and the result for a while."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

#: A result is kept so many seconds after its job was announced, and of all so many bytes.
SECONDS, _BYTES = 900.0, 64 << 20
#: So many documents may be announced at one time.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Options:
    """What is done with a document's text, in this order.

    Args:
        quotations: curly quotation marks become straight ones.
        dashes: dashes become hyphens.
        mode: of PII: ``detection``, ``redaction``, or none.
        entities: whether the model looks too.
        chunk_size: characters of a chunk; 0 for no chunks.
    """

    quotations: bool = False
    dashes: bool = False
    mode: str | None = None
    entities: bool = False
    chunk_size: int = 0


@dataclass(slots=True)
class Upload:
    """One announced document.

    Args:
        options: what is done with it.
        expires: when it is forgotten, by the clock of `Uploads`.
        result: the document as bytes; None until its text has come.
    """

    options: Options
    expires: float
    result: bytes | None = None


class Documents(Protocol):
    """Where announced documents are known."""

    async def announce(self, options: Options) -> str:
        """A new job's id."""

    async def find(self, job: str) -> Upload | None:
        """The job; None if there is none of that id, or no longer."""

    async def keep(self, job: str, result: bytes) -> None:
        """Keep a job's result."""


class Uploads:
    """Announced documents of one process; none is written anywhere.

    An id is 128 random bits: who has it was told it, and needs no key.

    Args:
        clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._jobs: dict[str, Upload] = {}
        self._bytes = 0

    async def announce(self, options: Options) -> str:
        """A new job's id."""
        self._forget()
        while len(self._jobs) >= _MOST:
            self._drop(next(iter(self._jobs)))
        job = secrets.token_hex(16)
        self._jobs[job] = Upload(options, self._clock() + SECONDS)
        return job

    async def find(self, job: str) -> Upload | None:
        """The job; None if there is none of that id, or no longer."""
        self._forget()
        return self._jobs.get(job)

    async def keep(self, job: str, result: bytes) -> None:
        """Keep a job's result; the oldest of others go where it would be too much."""
        found = await self.find(job)
        if found is None:
            return
        self._bytes += len(result) - len(found.result or b"")
        found.result = result
        for other in list(self._jobs):
            if self._bytes <= _BYTES:
                break
            if other != job and self._jobs[other].result is not None:
                self._drop(other)

    def _forget(self) -> None:
        now = self._clock()
        while self._jobs:
            oldest = next(iter(self._jobs))
            if self._jobs[oldest].expires > now:
                break
            self._drop(oldest)

    def _drop(self, job: str) -> None:
        self._bytes -= len(self._jobs.pop(job).result or b"")
