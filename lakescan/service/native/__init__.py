"""The native API under ``/v1``: detect, classify, entities, policies."""

from __future__ import annotations

from fastapi import APIRouter

from lakescan.service.core import Core
from lakescan.service.native import catalog, classify, detect, policies


def routes(core: Core) -> APIRouter:
    """All native routes."""
    router = APIRouter(tags=["lakescan"])
    for part in (detect, classify, catalog, policies):
        router.include_router(part.routes(core))
    return router
