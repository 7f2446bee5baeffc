"""``POST /v1/classify``: what the columns of a table hold."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from lakescan.connectors import Selection
from lakescan.jobs.classify import classify as classify_stream
from lakescan.jobs.classify import classify_written
from lakescan.policy import Policy
from lakescan.reports.contract import report_value
from lakescan.service.answers import CarefulRoute, RefusedError, answer
from lakescan.service.core import Core
from lakescan.service.desk import PanicError
from lakescan.service.native.bodies import (
    ROWS,
    ROWS_SCHEMA,
    kind_of,
    lines_of,
    read_rows,
    table_of,
    table_schemas,
    weight,
)
from lakescan.service.native.report import Report

_BODY = {
    "requestBody": {
        "required": True,
        "description": "A table: CSV, JSON rows, JSON Lines, or Arrow IPC (stream or file).",
        "content": {ROWS: {"schema": ROWS_SCHEMA}, **table_schemas()},
    }
}


def routes(core: Core) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=CarefulRoute)

    @router.post(
        "/v1/classify",
        summary="Say what a table's columns hold",
        description="A verdict for each column: entities, confidence, how many rows, and the "
        "evidence. The table is not kept.",
        openapi_extra=_BODY,
        response_model=Report,
        response_description="The report, as `lakescan classify --format json`.",
    )
    async def classify(
        request: Request,
        policy: Annotated[
            str | None, Query(description="A policy of /v1/policies; absent: the default.")
        ] = None,
    ) -> Response:
        rules = core.policy(policy)
        data: bytes | Path
        if kind_of(request) == ROWS:
            data, name = lines_of(read_rows(await request.body())), "jsonl"
        else:
            data, name = await table_of(request)
        try:
            report = await core.desk.run(partial(_report, data, name, rules), weight(data))
        except PanicError:
            raise RefusedError(
                422, "the body holds what no table can, such as NUL in a column's name"
            ) from None
        if report["errors"] and (not report["datasets"] or report["status"] == "failed"):
            raise RefusedError(422, "the body is not what its type says")
        return answer(report)

    return router


def _report(data: bytes | Path, name: str, policy: Policy) -> dict[str, object]:
    selection = Selection(format=name)
    if isinstance(data, Path):
        result = classify_written(data, policy, selection=selection)
    else:
        result = classify_stream(data, policy, selection=selection)
    return dict(report_value(result.value))
