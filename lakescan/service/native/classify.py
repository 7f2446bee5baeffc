"""``POST /v1/classify``: what the columns of a table hold."""

from __future__ import annotations

from functools import partial

import orjson
from fastapi import APIRouter, Request, Response

from lakescan.connectors import Selection
from lakescan.jobs.classify import classify as classify_file
from lakescan.policy import Policy
from lakescan.reports.contract import report_value
from lakescan.service.answers import CarefulRoute, answer, refusal
from lakescan.service.core import Core
from lakescan.service.desk import PanicError

#: How a body's type is called in `lakescan.connectors`.
_FORMATS = {
    "text/csv": "csv",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/vnd.apache.arrow.stream": "arrow",
    "application/vnd.apache.arrow.file": "arrow",
}
_ROWS = "application/json"

_ROWS_SCHEMA = {
    "type": "object",
    "required": ["rows"],
    "properties": {"rows": {"type": "array", "minItems": 1, "items": {"type": "object"}}},
    "example": {"rows": [{"name": "Ann", "phone": "202-555-0142"}]},
}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "A table: CSV, JSON rows, JSON Lines, or Arrow IPC (stream or file).",
        "content": {
            _ROWS: {"schema": _ROWS_SCHEMA},
            **{
                kind: {"schema": {"type": "string", "format": "binary"}}
                if name == "arrow"
                else {"schema": {"type": "string"}}
                for kind, name in _FORMATS.items()
            },
        },
    }
}


def routes(core: Core) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=CarefulRoute)

    @router.post(
        "/v1/classify",
        summary="Say what a table's columns hold",
        openapi_extra=_BODY,
        responses={200: {"description": "The report, as `lakescan classify --format json`."}},
    )
    async def classify(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        data = await request.body()
        if kind == _ROWS:
            rows = _rows(data)
            if rows is None:
                return refusal(400, 'no JSON of the form {"rows": [{...}, ...]}')
            data, name = rows, "jsonl"
        elif kind in _FORMATS:
            name = _FORMATS[kind]
        else:
            return refusal(415, f"send one of {', '.join([_ROWS, *_FORMATS])}")
        if not data:
            return refusal(400, "the body is empty")
        try:
            report = await core.desk.run(partial(_report, data, name, core.settings.policy))
        except PanicError:
            return refusal(422, "the body holds what no table can, such as NUL in a column's name")
        if not report["datasets"] and report["errors"]:
            return refusal(422, "the body is not what its type says")
        return answer(report)

    return router


def _rows(data: bytes) -> bytes | None:
    """JSON rows as JSON Lines; None where they are none."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    rows = value.get("rows") if isinstance(value, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        return None
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def _report(data: bytes, name: str, policy: Policy) -> dict[str, object]:
    result = classify_file(data, policy, selection=Selection(format=name))
    return dict(report_value(result.value))
