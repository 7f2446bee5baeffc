"""Avro records as JSON, and changed JSON as the record again, each field in its own type."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import struct
import uuid
from typing import Any

import orjson

from lakescan.connectors.kafka.messages import text
from lakescan.connectors.kafka.registry import HEAD

#: What reading or writing a record raises where bytes and schema, or value and type, do not fit.
UNREADABLE = (
    TypeError, AttributeError, StopIteration, ValueError, EOFError, LookupError, OverflowError,
    decimal.DecimalException, struct.error,
)  # fmt: skip


def read_record(data: bytes, schema: object) -> object:
    """The record after the head; raises one of `UNREADABLE`."""
    from fastavro import schemaless_reader

    stream = io.BytesIO(data)
    stream.seek(HEAD.size)
    record: object = schemaless_reader(stream, _known(schema), None)
    return record


def write_record(head: bytes, record: object, schema: object) -> bytes:
    """Head and record; raises one of `UNREADABLE`."""
    from fastavro import schemaless_writer

    stream = io.BytesIO(head)
    stream.seek(len(head))
    schemaless_writer(stream, _known(schema), record)
    return stream.getvalue()


def _known(schema: object) -> str | list[Any] | dict[str, Any]:
    """A schema as fastavro's signatures have it."""
    assert isinstance(schema, str | list | dict)
    return schema


def as_json(record: object) -> str:
    """A record as JSON."""
    return orjson.dumps(record, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def changed_record(record: object, before: object, after: object) -> object:
    """A record with the values that differ between two JSON documents; others stay as they are.

    Args:
        record: as it was read.
        before: its JSON, parsed.
        after: the changed JSON, parsed: same names, lists of the same length.

    Raises:
        ValueError: a value is none of its field's type. The message names the field only.
    """
    made: object = _changed(record, before, after, "")
    return made


def _changed(record: Any, before: Any, after: Any, path: str) -> Any:
    if type(before) is type(after) and before == after:
        return record
    if isinstance(record, dict) and isinstance(after, dict):
        return {
            key: _changed(value, before[str(key)], after[str(key)], f"{path}.{key}")
            for key, value in record.items()
        }
    if isinstance(record, list) and isinstance(after, list):
        parts = zip(record, before, after, strict=True)
        return [_changed(*each, f"{path}[]") for each in parts]
    try:
        return _typed(record, after)
    except UNREADABLE:
        kind = type(record).__name__
        raise ValueError(f"{path or 'the value'} would be no {kind} any more") from None


def _typed(record: Any, after: Any) -> Any:  # noqa: PLR0911 - a type a line
    """A JSON value in the type that a field's value had."""
    if after is None:
        return None
    if isinstance(record, bool | int | float) and not isinstance(after, str):
        return type(record)(after)
    if not isinstance(after, str):
        raise TypeError(type(after).__name__)
    match record:
        case str():
            return after
        case bytes():
            return after.encode()
        case dt.datetime():
            return dt.datetime.fromisoformat(after)
        case dt.date():
            return dt.date.fromisoformat(after)
        case dt.time():
            return dt.time.fromisoformat(after)
        case decimal.Decimal():
            return decimal.Decimal(after)
        case uuid.UUID():
            return uuid.UUID(after)
    raise TypeError(type(record).__name__)


def _plain(value: object) -> object:
    """What JSON has no word for."""
    if isinstance(value, bytes):
        return text(value)
    if isinstance(value, decimal.Decimal | dt.timedelta | uuid.UUID):
        return str(value)
    raise TypeError(type(value).__name__)
