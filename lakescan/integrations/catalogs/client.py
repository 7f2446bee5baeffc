"""HTTP to a catalog: a key by reference, retries, and errors that say what was refused."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import orjson

import lakescan
from lakescan.connectors.secrets import resolve_secret
from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    LakeError,
    MissingDependencyError,
    TerminalError,
    TransientError,
    UsageError,
)
from lakescan.reports.contract import Json

if TYPE_CHECKING:
    import httpx

JSON, JSON_PATCH = "application/json", "application/json-patch+json"
_SECONDS = 30.0
#: Tries of a request, and bounds of the pauses between them, in seconds; a catalog that asks for a
#: longer one (``Retry-After``) gets no more requests.
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 5, 0.25, 20.0
#: Answers that say: not now; and of these, those that say that nothing was done.
_LATER, _UNDONE = frozenset({429, 500, 502, 503, 504}), frozenset({429, 503})
#: Answers that say: it is no longer as you saw it.
_CHANGED = frozenset({409, 412})
_MESSAGE = 300


class CatalogClient:
    """A catalog's REST interface; a context manager.

    Args:
        url: http or https, without a login.
        key: a reference to the token (``secret://env/NAME``); None for none.
        headers: sent with each request.

    Raises:
        UsageError: the address is none, or the key is no reference.
        CredentialError: nothing is where the reference points.
        MissingDependencyError: httpx is not installed.
    """

    def __init__(
        self, url: str, key: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise UsageError(
                "--send takes the http or https address of a catalog, without a login",
                hint="such as https://catalog.example.com:8585; the key goes into --key",
            )
        self._url = url.rstrip("/")
        self._token = resolve_secret(key) if key else ""
        told = {"user-agent": f"lakescan/{lakescan.__version__}", **(headers or {})}
        if self._token:
            told["authorization"] = f"Bearer {self._token}"
        self._http = _http(self._url, told)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str) -> Json:
        """What is at a path; None where nothing is.

        Raises:
            LakeError: refused, or no answer.
        """
        return self._answer("GET", path, None, JSON, _LATER, missing=404)

    def send(self, method: str, path: str, body: Json) -> Json:
        """Send what may be sent again: it is the same done twice.

        Raises:
            LakeError: refused, or no answer.
        """
        return self._answer(method, path, body, JSON, _LATER)

    def patch(self, path: str, changes: Json) -> Json:
        """Send changes of what was seen; again only where surely nothing was done.

        Raises:
            ChangedSourceError: it is no longer as it was seen.
            TransientError: no answer; they may have been made.
            LakeError: refused.
        """
        return self._answer("PATCH", path, changes, JSON_PATCH, _UNDONE)

    def _answer(
        self,
        method: str,
        path: str,
        body: Json,
        kind: str,
        again: frozenset[int],
        missing: int | None = None,
    ) -> Json:
        import httpx

        content = None if method == "GET" else orjson.dumps(body)
        for tries in range(1, _TRIES + 1):
            asked = None
            try:
                answer = self._http.request(
                    method, path, content=content, headers={"content-type": kind}
                )
            except httpx.TransportError as error:
                problem: LakeError = TransientError(
                    f"{self._url}: does not answer ({type(error).__name__})", uri=self._url
                )
                passing = again is _LATER or isinstance(error, httpx.ConnectError)
            else:
                if answer.is_success:
                    return _body(answer)
                if answer.status_code == missing:
                    return None
                problem = self._error(method, path, answer)
                passing = answer.status_code in again
                asked = answer.headers.get("retry-after")
            pause = _pause(tries, asked)
            if not passing or pause is None:
                raise problem from None
            time.sleep(pause)
        raise AssertionError("the last try has no pause after it")

    def _error(self, method: str, path: str, answer: httpx.Response) -> LakeError:
        """What a refusal means; the catalog's own words, without our key."""
        status = answer.status_code
        told = _message(answer)
        if self._token:
            told = told.replace(self._token, "***")
        text = f"{self._url}: {method} {path.partition('?')[0]} was answered with {status}{told}"
        if status in (401, 403):
            hint = "give --key secret://env/NAME, a token that may edit tags"
            return CredentialError(text, uri=self._url, hint=hint)
        if status in _CHANGED:
            return ChangedSourceError(text, uri=self._url)
        return (TransientError if status in _LATER else TerminalError)(text, uri=self._url)


def _http(url: str, headers: Mapping[str, str]) -> httpx.Client:
    try:
        import httpx
    except ImportError:
        raise MissingDependencyError("httpx", "client") from None
    # Redirects are not followed: the key is for this server only.
    return httpx.Client(
        base_url=url,
        headers=headers,
        timeout=httpx.Timeout(_SECONDS, connect=10.0),
        verify=ssl.create_default_context(),
    )


def _body(answer: httpx.Response) -> Json:
    """A successful answer's JSON; some have none."""
    try:
        value: Json = answer.json()
    except ValueError:
        return None
    return value


def _message(answer: httpx.Response) -> str:
    value = _body(answer)
    told = value.get("message") if isinstance(value, dict) else None
    return f": {told[:_MESSAGE]}" if isinstance(told, str) else ""


def _pause(tries: int, asked: str | None) -> float | None:
    """Seconds until the next try; None where there is none."""
    if tries >= _TRIES:
        return None
    drawn = random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (tries - 1)))  # noqa: S311
    least = float(asked) if asked is not None and asked.isascii() and asked.isdigit() else 0.0
    return None if least > _LONGEST_PAUSE else least + drawn
