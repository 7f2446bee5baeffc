"""When a request is sent again, and when its answer is an error."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TypeVar

import httpx

from lakescan.client.errors import ServiceBusyError, ServiceRefusedError
from lakescan.client.requests import Request
from lakescan.errors import CredentialError

T = TypeVar("T")

#: Answers that say: not now.
_LATER = frozenset({429, 502, 503, 504})
#: Of these, those that say that nothing was done.
_UNDONE = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Retrying:
    """How often and when a request is sent again.

    The pauses double and are drawn at random up to their bound ("full jitter"), so that many
    clients do not come back at one time; what a service asks for by ``Retry-After`` is the least.

    Args:
        attempts: all together; 1 for no retry.
        first: bound of the first pause, in seconds.
        longest: bound of any pause, in seconds; a service that asks for more gets no more requests.
    """

    attempts: int = 5
    first: float = 0.25
    longest: float = 20.0

    def again(
        self, request: Request[T], outcome: httpx.Response | httpx.TransportError, attempt: int
    ) -> float | None:
        """Seconds until a request is sent again; None where what came of it stands.

        Args:
            request: what was sent.
            outcome: its answer, or how the connection broke.
            attempt: how often it was sent, from 1.
        """
        if not _worth_another(request, outcome):
            return None
        return self.pause(attempt, _retry_after(outcome))

    def pause(self, attempt: int, asked: str | None) -> float | None:
        """Seconds before the next attempt; None where there is none.

        Args:
            attempt: how often it was sent, from 1.
            asked: the header ``Retry-After`` of the answer, if there was one.
        """
        if attempt >= self.attempts:
            return None
        drawn = random.uniform(0, min(self.longest, self.first * 2 ** (attempt - 1)))  # noqa: S311
        least = float(asked) if asked is not None and asked.isascii() and asked.isdigit() else 0.0
        return None if least > self.longest else least + drawn


def result_of(request: Request[T], outcome: httpx.Response | httpx.TransportError) -> T:
    """What a request was sent for.

    Raises:
        CredentialError: the key or token is not valid, or has not the scope.
        ServiceRefusedError: the service will not.
        ServiceBusyError: the service could not, or did not answer.
    """
    if isinstance(outcome, httpx.TransportError):
        raise ServiceBusyError(
            f"the service does not answer: {type(outcome).__name__}"
        ) from outcome
    status = _status(outcome)
    if outcome.is_success:
        return request.read(None if request.target is not None else outcome.json())
    message = _message(outcome)
    if status in (401, 403):
        raise CredentialError(message)
    if status in _LATER:
        raise ServiceBusyError(message, status)
    raise ServiceRefusedError(message, status)


def _worth_another(request: Request[T], outcome: httpx.Response | httpx.TransportError) -> bool:
    """Whether to send a request again, after an answer or a broken connection."""
    if isinstance(outcome, httpx.Response):
        return _status(outcome) in (_LATER if request.repeatable else _UNDONE)
    return request.repeatable or isinstance(outcome, httpx.ConnectError | httpx.ConnectTimeout)


def _retry_after(outcome: httpx.Response | httpx.TransportError) -> str | None:
    """What an answer asks for."""
    if isinstance(outcome, httpx.Response):
        told: str | None = outcome.headers.get("retry-after")
        return told
    return None


def _status(answer: httpx.Response) -> int:
    """An answer's status; 502 for a 500 of what stands before the service.

    Ray's proxy says 500 where the service died. The service's own answers have a request id.
    """
    theirs = answer.status_code == 500 and "x-request-id" not in answer.headers
    return 502 if theirs else answer.status_code


def _message(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict) and isinstance(told.get("error"), str):
        return str(told["error"])
    return f"the service answered with {answer.status_code}"
