"""The client for asyncio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import httpx

from lakescan.client import requests
from lakescan.client.connection import Connection, written
from lakescan.client.errors import ServiceBusyError
from lakescan.client.requests import Request
from lakescan.client.results import (
    Anonymized,
    AnonymizedRows,
    Document,
    Found,
    JobStatus,
    Operator,
)
from lakescan.client.retrying import Retrying, result_of

T = TypeVar("T")

#: Seconds between two looks at a job.
_LOOK = 0.5


class AsyncClient:
    """A service, many calls at a time.

    Args:
        url: where it is: ``https://lakescan.example.com``.
        key: an API key or a token; None for a service that wants none.
        timeout: seconds for one attempt.
        retrying: when a request is sent again.

    Raises, from every call:
        CredentialError: the key or token is not valid, or has not the scope.
        ServiceRefusedError: the service will not.
        ServiceBusyError: the service could not, or did not answer, however often it was asked.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retrying: Retrying | None = None,
    ) -> None:
        self._connection = Connection(url, key, timeout)
        self._retrying = retrying or Retrying()
        self._client = self._connection.async_client()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"AsyncClient({self._connection.url!r})"

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    async def detect(
        self,
        texts: Sequence[str],
        *,
        entities: Sequence[str] | None = None,
        min_score: float = 0.0,
        policy: str | None = None,
    ) -> list[list[Found]]:
        """Find personal data in texts.

        Args:
            texts: up to 1,000.
            entities: only these entities or categories; None for all.
            min_score: least score of a finding.
            policy: one of `policies`; None for the service's default.

        Returns:
            The findings of each text, in its order.
        """
        return await self._sent(requests.detect(texts, entities, min_score, policy))

    async def anonymize(
        self,
        texts: Sequence[str],
        *,
        operators: Mapping[str, Operator] | None = None,
        policy: str | None = None,
    ) -> list[Anonymized]:
        """Take personal data out of texts.

        Args:
            texts: up to 1,000.
            operators: by entity, category or ``*``; what is not named is the policy's.
            policy: one of `policies`; None for the service's default.
        """
        return await self._sent(requests.anonymize(texts, operators, policy))

    async def detect_many(
        self,
        texts: Iterable[str],
        *,
        entities: Sequence[str] | None = None,
        min_score: float = 0.0,
        policy: str | None = None,
    ) -> AsyncIterator[list[Found]]:
        """As `detect`, for any number of texts: asked and answered some at a time."""
        for batch in requests.batches(texts):
            for found in await self._sent(requests.detect(batch, entities, min_score, policy)):
                yield found

    async def anonymize_file(
        self,
        source: Path,
        target: Path,
        content_type: str = "text/csv",
        *,
        operators: Mapping[str, Operator] | None = None,
        policy: str | None = None,
    ) -> None:
        """Take personal data out of a table, from file to file; neither is in memory as a whole.

        Args:
            source: a CSV, JSON Lines or Arrow IPC table.
            target: another file, written anew; it is there once it is whole.
            content_type: of both.
            operators: by entity, category or ``*``; what is not named is the policy's.
            policy: one of `policies`; None for the service's default.
        """
        await self._sent(requests.anonymize_file(source, target, content_type, operators, policy))

    async def anonymize_rows(
        self,
        rows: Sequence[Mapping[str, object]],
        *,
        operators: Mapping[str, Operator] | None = None,
        policy: str | None = None,
    ) -> AnonymizedRows:
        """Take personal data out of a table's rows, column by column."""
        return await self._sent(requests.anonymize_rows(rows, operators, policy))

    async def reveal(
        self, texts: Sequence[str], reason: str, *, domains: Sequence[str] | None = None
    ) -> list[str]:
        """Bring back what encrypt hid: on record, and with the scope ``reveal`` only."""
        return await self._sent(requests.reveal(texts, reason, domains))

    async def classify(
        self,
        table: bytes | Path | Sequence[Mapping[str, object]],
        content_type: str = "text/csv",
        *,
        policy: str | None = None,
    ) -> Document:
        """Say what a table's columns hold.

        Args:
            table: rows, or the bytes or file of a CSV, JSON Lines or Arrow IPC table.
            content_type: of bytes or a file.
            policy: one of `policies`; None for the service's default.

        Returns:
            The report, as ``lakescan classify --format json`` prints it.
        """
        return await self._sent(requests.classify(table, content_type, policy))

    async def submit(
        self,
        sources: Sequence[str],
        *,
        policy: str | None = None,
        engine: str | None = None,
        sample_rows: int | None = None,
    ) -> JobStatus:
        """Start a scan job."""
        return await self._sent(requests.submit(sources, policy, engine, sample_rows))

    async def jobs(self, limit: int = 50) -> list[JobStatus]:
        """The latest jobs and runs."""
        return await self._sent(requests.jobs(limit))

    async def job(self, job: str) -> JobStatus:
        """How a job is."""
        return await self._sent(requests.job(job))

    async def cancel(self, job: str) -> JobStatus:
        """End a job; what it did so far is kept."""
        return await self._sent(requests.cancel(job))

    async def resume(self, job: str) -> JobStatus:
        """Go on with a job that ended without results."""
        return await self._sent(requests.resume(job))

    async def results(self, job: str) -> Document:
        """What a job found, as ``lakescan scan --format json`` prints it."""
        return await self._sent(requests.results(job))

    async def entities(self) -> list[Document]:
        """All that can be found."""
        return await self._sent(requests.entities())

    async def policies(self) -> dict[str, str]:
        """The policies that requests may name, with their hashes."""
        return await self._sent(requests.policies())

    async def wait(self, job: str, timeout: float | None = None) -> JobStatus:
        """Wait until a job has ended.

        Raises:
            ServiceBusyError: it has not, after ``timeout`` seconds.
        """
        end = None if timeout is None else time.monotonic() + timeout
        while not (status := await self.job(job)).ended:
            if end is not None and time.monotonic() >= end:
                raise ServiceBusyError(f"job {job} is still {status.status}")
            await asyncio.sleep(_LOOK)
        return status

    async def _sent(self, request: Request[T]) -> T:
        attempt = 1
        while True:
            outcome = await self._tried(request)
            pause = self._retrying.again(request, outcome, attempt)
            if pause is None:
                return result_of(request, outcome)
            await asyncio.sleep(pause)
            attempt += 1

    async def _tried(self, request: Request[T]) -> httpx.Response | httpx.TransportError:
        try:
            built = self._connection.built(self._client, request)
            if request.target is None:
                return await self._client.send(built)
            return await self._saved(built, request.target)
        except httpx.TransportError as error:
            return error

    async def _saved(self, built: httpx.Request, target: Path) -> httpx.Response:
        answer = await self._client.send(built, stream=True)
        try:
            if not answer.is_success:
                await answer.aread()
                return answer
            with written(target) as file:
                async for piece in answer.aiter_bytes():
                    await asyncio.to_thread(file.write, piece)
        finally:
            await answer.aclose()
        return answer
