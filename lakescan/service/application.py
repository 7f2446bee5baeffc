"""The application: gate, page, native routes, the vendors' contracts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException

import lakescan
from lakescan.errors import LakescanError
from lakescan.service import native, page, probes
from lakescan.service.adapters import CONTRACTS
from lakescan.service.answers import ANY_ROUTE, RefusedError, refusal
from lakescan.service.core import Core
from lakescan.service.desk import CrowdedError
from lakescan.service.document import documenting
from lakescan.service.gate import Gate
from lakescan.service.meters import Meters
from lakescan.service.opentelemetry import Tracing
from lakescan.service.readers import ReadingDesk
from lakescan.service.settings import Settings

_log = logging.getLogger(__name__)

_ABOUT = (
    "Finds personal data in texts and tables. The routes under `/v1` are lakescan's own; the "
    "others answer as the products they are named after do."
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service as an ASGI application.

    Args:
        settings: None for the embedded defaults: the default policy, no keys, this machine only.
    """
    given, meters, tracing = settings or Settings(), Meters(), Tracing.configured()
    desk = ReadingDesk(given, meters, tracing) if given.processes else None
    return app_of(Core(given, meters, tracing, desk))


def app_of(core: Core) -> FastAPI:
    """The ASGI application over a core."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(asyncio.to_thread(core.load))
        loading.add_done_callback(_loaded)
        try:
            yield
        finally:
            core.draining = True
            if core.office is not None:
                await core.office.close()
            await asyncio.to_thread(core.desk.close)
            if core.tracing is not None:
                await asyncio.to_thread(core.tracing.close)

    app = FastAPI(
        title="lakescan",
        version=lakescan.__version__,
        description=_ABOUT,
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        lifespan=life,
        responses=ANY_ROUTE,
        # Its own would tell paths, queries and faults with what they hold; ours tells none of them.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.core = core
    # Routes are looked through in this order: those first that are asked most.
    for contract in CONTRACTS:
        app.include_router(contract(core))
    app.include_router(native.routes(core))
    app.include_router(probes.routes(core))
    app.include_router(page.routes())
    _add_handlers(app)
    app.openapi = documenting(app.openapi)  # type: ignore[method-assign]
    app.add_middleware(
        Gate,
        settings=core.settings,
        access=core.access,
        meters=core.meters,
        uploads=core.uploads,
        tracing=core.tracing,
    )
    if core.settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(core.settings.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "x-api-key", "x-request-id"],
        )
    return app


def _add_handlers(app: FastAPI) -> None:
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(CrowdedError, _crowded)
    app.add_exception_handler(LakescanError, _wrong)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(UnicodeEncodeError, _half_a_character)
    app.add_exception_handler(orjson.JSONEncodeError, _half_a_character)


def _loaded(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("detectors cannot be loaded: %s", type(error).__name__)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return error.response


async def _crowded(_: Request, __: Exception) -> Response:
    return RefusedError(503, "too much is waiting; come again", 1).response


async def _wrong(_: Request, error: Exception) -> Response:
    return refusal(422, str(error))


async def _half_a_character(_: Request, error: Exception) -> Response:
    """JSON can hold one half of a surrogate pair, which is no text."""
    if "surrogates not allowed" not in str(error):
        raise error
    return refusal(400, "the body holds half a character: a surrogate without its other half")


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = refusal(error.status_code, str(error.detail))
    response.headers.update(error.headers or {})
    return response
