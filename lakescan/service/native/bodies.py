"""Tables in bodies: their types, and JSON rows as lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import orjson
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import JsonValue

from lakescan.service.answers import RefusedError

ROWS = "application/json"
LINES = "application/x-ndjson"
#: Bytes of a file that are sent at once.
_PIECE = 256 << 10
#: How a body's type is called in `lakescan.connectors`.
FORMATS = {
    "text/csv": "csv",
    LINES: "jsonl",
    "application/jsonl": "jsonl",
    "application/vnd.apache.arrow.stream": "arrow",
    "application/vnd.apache.arrow.file": "arrow",
}
ROWS_SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "required": ["rows"],
    "properties": {"rows": {"type": "array", "minItems": 1, "items": {"type": "object"}}},
    "example": {"rows": [{"name": "Ann", "phone": "202-555-0142"}]},
}


def table_schemas() -> dict[str, dict[str, JsonValue]]:
    """The types of tables that are no JSON, for the OpenAPI document."""
    return {
        kind: {"schema": {"type": "string", "format": "binary"}}
        if name == "arrow"
        else {"schema": {"type": "string"}}
        for kind, name in FORMATS.items()
    }


def kind_of(request: Request) -> str:
    """A body's type without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def table_of(request: Request) -> tuple[bytes | Path, str]:
    """The body of a table that is no JSON, or the file of a large one; and its format.

    Raises:
        RefusedError: it is of another type, or empty.
    """
    kind = kind_of(request)
    if kind not in FORMATS:
        raise RefusedError(415, f"send one of {', '.join([ROWS, *FORMATS])}")
    return await body_of(request), FORMATS[kind]


async def body_of(request: Request) -> bytes | Path:
    """A body, or the file of a large one.

    Raises:
        RefusedError: it is empty.
    """
    large: Path | None = request.state.body_file
    if large is not None:
        return large
    data = await request.body()
    if not data.strip():
        raise RefusedError(400, "the body is empty")
    return data


def lines_of(rows: Sequence[Mapping[str, object]]) -> bytes:
    """JSON rows as JSON Lines."""
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def read_rows(data: bytes) -> list[Mapping[str, object]]:
    """The ``rows`` of a JSON object.

    Raises:
        RefusedError: it is none.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        value = None
    rows = value.get("rows") if isinstance(value, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        raise RefusedError(400, 'no JSON of the form {"rows": [{...}, ...]}')
    return rows


def table_answer(data: bytes | Path, kind: str) -> Response:
    """A table as the body of an answer; a file's is read as it is sent."""
    if isinstance(data, bytes):
        return Response(data, media_type=kind)
    length = {"content-length": str(data.stat().st_size)}
    return StreamingResponse(_pieces(data), media_type=kind, headers=length)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def weight(data: bytes | Path) -> int:
    """Its bytes."""
    return len(data) if isinstance(data, bytes) else data.stat().st_size
