"""The gate: what every request passes before a route sees it, and after.

Request ids, host names, callers, bodies (`lakescan.service.intake`), time-outs, the access log, the
counters.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import traceback
from dataclasses import dataclass, field
from pathlib import PurePath
from random import getrandbits

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lakescan.service.access import Access
from lakescan.service.answers import RefusedError
from lakescan.service.intake import Body, Intake
from lakescan.service.meters import Meters
from lakescan.service.opentelemetry import Tracing
from lakescan.service.settings import Settings
from lakescan.service.uploads import Documents

_log = logging.getLogger(__name__)
_access = logging.getLogger("lakescan.service.access")

_REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
#: Routes that need no key: probes, and what holds nothing.
OPEN = frozenset({"/", "/healthz", "/readyz", "/health", "/openapi.json"})
#: And the page's own files.
_PAGE = "/page/"
#: Addresses that are handed out to who has a key: whoever has one needs none.
TICKETED = "/presign/documents/"
#: Routes whose contract has the key in the body; they ask for it themselves.
BODY_KEYED = frozenset({"/deidentify_text"})
_SAFE = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))


@dataclass(slots=True)
class _Visit:
    """One request on its way."""

    request_id: str
    begun: float = field(default_factory=time.perf_counter)
    body: Body = field(default_factory=Body)
    status: int = 0
    caller: str = ""


class Gate:
    """ASGI middleware around all routes.

    Args:
        app: what comes next.
        settings: limits.
        access: lets callers in.
        meters: counts requests.
        uploads: whose addresses need no key.
        tracing: is told of requests; None where nobody is.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        access: Access,
        meters: Meters,
        uploads: Documents,
        tracing: Tracing | None = None,
    ) -> None:
        self._app = app
        self._uploads = uploads
        self._settings = settings
        self._access = access
        self._meters = meters
        self._tracing = tracing
        self._intake = Intake(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection's request; anything but HTTP goes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        visit = _Visit(given if _REQUEST_ID.fullmatch(given) else f"{getrandbits(128):032x}")
        answer = _answering(visit, send, self._settings.pause)
        self._meters.running.inc()
        span = None if self._tracing is None else self._tracing.begin(headers, visit.request_id)
        try:
            async with asyncio.timeout(self._settings.seconds) as limit:
                await self._admit(scope, headers, visit)
                if await self._intake.take_in(scope["path"], headers, receive, visit.body, limit):
                    scope["state"]["body_file"] = visit.body.path
                    await self._app(scope, _replaying(visit.body.data, receive), answer)
        except RefusedError as error:
            await _refuse(scope, answer, visit, error)
        except TimeoutError:
            late = (408, "the body is late")
            if visit.body.arrived:
                late = (504, "the answer took too long")
            await _refuse(scope, answer, visit, RefusedError(*late))
        except Exception as error:  # noqa: BLE001 - the last resort; its message may hold a value
            _log.error("%s: a fault in lakescan: %s", visit.request_id, _place(error))
            await _refuse(scope, answer, visit, RefusedError(500, "internal error"))
        finally:
            await self._intake.let_go(visit.body)
            self._meters.running.dec()
            route = self._tell(scope, visit)
            if span is not None:
                span.end(scope["method"], route, visit.status)

    async def _admit(self, scope: Scope, headers: Headers, visit: _Visit) -> None:
        """Let in who may come in."""
        known = self._settings.known_hosts
        host = headers.get("host", "")
        if known is not None and re.sub(r":\d+$", "", host) not in known:
            raise RefusedError(400, "this service answers to names of its own machine only")
        credential = _credential(headers)
        address = (scope.get("client") or ("",))[0]
        state = scope.setdefault("state", {})
        state.update(credential=credential, address=address, request_id=visit.request_id)
        path = scope["path"]
        if path in OPEN or path in BODY_KEYED or path.startswith(_PAGE):
            return
        if path.startswith(TICKETED):
            if await self._uploads.find(path.removeprefix(TICKETED)) is None:
                raise RefusedError(404, "there is no such job, or no longer")
            return
        caller = await self._access.admit(credential, path, address)
        state["caller"], visit.caller = caller, caller.name

    def _tell(self, scope: Scope, visit: _Visit) -> str:
        seconds = time.perf_counter() - visit.begun
        route = str(getattr(scope.get("route"), "path", "unmatched"))
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._meters.answered(method, route, visit.status, seconds)
        if _access.isEnabledFor(logging.INFO):
            line = {
                "request_id": visit.request_id,
                "caller": visit.caller,
                "method": method,
                "route": route,
                "status": visit.status,
                "seconds": round(seconds, 6),
                "bytes": visit.body.size,
            }
            _access.info("%s", orjson.dumps(line).decode())
        return route


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _credential(headers: Headers) -> str | None:
    """The key or token that a request brings in a header."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return headers.get("x-api-key")


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Tells a body that is here already."""
    told = False

    async def replay() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _answering(visit: _Visit, send: Send, pause: float) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            visit.status = message["status"]
            headers: list[tuple[bytes, bytes]] = message["headers"]
            told = {name for name, _ in headers}
            headers.append((b"x-request-id", visit.request_id.encode()))
            headers += (each for each in _SAFE if each[0] not in told)
        if visit.body.folder is None:
            await send(message)
        else:  # its time is long, and whoever reads nothing of the answer does not get all of it
            async with asyncio.timeout(pause):
                await send(message)

    return answer


async def _refuse(scope: Scope, send: Send, visit: _Visit, error: RefusedError) -> None:
    if visit.status:
        return  # the answer has begun: all that is left is to close
    await error.response(scope, _nothing, send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _place(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {PurePath(last.filename).name}:{last.lineno}"
