"""Probes and counters: for whoever runs the service."""

from __future__ import annotations

from fastapi import APIRouter, Response

from lakescan.service.answers import PLAIN, answer
from lakescan.service.core import Core


def routes(core: Core) -> APIRouter:
    """``/healthz``, ``/readyz``, ``/metrics``."""
    router = APIRouter(tags=["running it"])

    @router.get(
        "/healthz",
        summary="Whether the process lives",
        description="Answers as soon as the process takes requests; a model may still be loading.",
    )
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @router.get(
        "/readyz",
        summary="Whether detectors and model are loaded",
        description="200 once questions can be answered; 503 while it loads, after a failure, and "
        "as it drains.",
        response_model=dict[str, str],
        responses={
            503: {"model": dict[str, str], "description": "Not yet, never (`fault`), or no more."}
        },
    )
    async def readyz() -> Response:
        if core.draining:
            return answer({"status": "draining"}, 503)
        if core.ready:
            return answer({"status": "ready"})
        waiting = {"status": "loading"} if not core.fault else {"status": "failed"}
        return answer(waiting | ({"fault": core.fault} if core.fault else {}), 503)

    @router.get(
        "/metrics",
        summary="Counters for Prometheus; they hold no value",
        description="Requests, their seconds and what was found, in Prometheus' text format. "
        "Where keys are set it wants one.",
        response_class=Response,
        responses=PLAIN,
    )
    async def metrics() -> Response:
        return Response(core.meters.page(), media_type=core.meters.media_type)

    return router
