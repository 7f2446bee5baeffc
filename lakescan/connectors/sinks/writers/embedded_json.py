"""Columns that a reader made text of, since their values have no one type: written as they were."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pyarrow as pa

from lakescan.connectors.formats.json_types import JSON, RECORD, SOME


def holds_json(field: pa.Field) -> bool:
    """Whether texts in a field, or in what is nested in it, stand for other values."""
    return _mark(field) is not None or any(
        holds_json(field.type.field(index)) for index in range(field.type.num_fields)
    )


def records(batch: pa.RecordBatch) -> Iterator[bytes]:
    """Each row as a line."""
    columns = [_values(column, field) for column, field in zip(batch, batch.schema, strict=True)]
    whole = [_mark(field) == RECORD for field in batch.schema] == [True]
    for row in zip(*columns, strict=True):
        record = row[0] if whole else dict(zip(batch.schema.names, row, strict=True))
        yield orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _values(column: pa.Array, field: pa.Field) -> list[object]:
    return [_value(each, field) for each in column.to_pylist()]


def _value(value: object, field: pa.Field) -> object:
    mark = _mark(field)
    if isinstance(value, str):
        return value if mark is None else _json(value, mark)
    if isinstance(value, dict):
        return {name: _value(part, field.type.field(name)) for name, part in value.items()}
    if isinstance(value, list):
        return [_value(item, field.type.value_field) for item in value]
    return value


def _json(text: str, mark: bytes) -> object:
    """What a text stands for; itself where that is no JSON any more."""
    if mark == SOME and not text.startswith(("{", "[")):
        return text
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return orjson.Fragment(text)


def _mark(field: pa.Field) -> bytes | None:
    return (field.metadata or {}).get(JSON)
