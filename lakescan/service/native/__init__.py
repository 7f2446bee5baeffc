"""The native API under ``/v1``: detect, classify, anonymize, reveal, jobs, entities, policies."""

from __future__ import annotations

from fastapi import APIRouter

from lakescan.service.core import Core
from lakescan.service.native import (
    anonymize,
    catalog,
    classify,
    detect,
    jobs,
    operators,
    policies,
    reveal,
)


def routes(core: Core) -> APIRouter:
    """All native routes."""
    router = APIRouter(tags=["lakescan"])
    for part in (detect, classify, anonymize, reveal, jobs, catalog, operators, policies):
        router.include_router(part.routes(core))
    return router
