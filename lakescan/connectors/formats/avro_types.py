"""Avro schemas -> Arrow types, and the values that fastavro gives -> what Arrow takes.

Logical types become Arrow's; a union of several types, and a type that holds itself, become text
(JSON), as one Arrow column has one type (Avro specification 1.12, "Complex Types").
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable, Mapping

import orjson
import pyarrow as pa

#: Turns a decoded value into one that `pyarrow.array` takes for the type.
Convert = Callable[[object], object]

_PRIMITIVE = {
    "null": pa.null(),
    "boolean": pa.bool_(),
    "int": pa.int32(),
    "long": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "bytes": pa.binary(),
    "string": pa.string(),
}
_LOGICAL = {
    "date": pa.date32(),
    "time-millis": pa.time32("ms"),
    "time-micros": pa.time64("us"),
    "timestamp-millis": pa.timestamp("ms", "UTC"),
    "timestamp-micros": pa.timestamp("us", "UTC"),
    "local-timestamp-millis": pa.timestamp("ms"),
    "local-timestamp-micros": pa.timestamp("us"),
}


def arrow_field(field: Mapping[str, object]) -> tuple[pa.Field, Convert]:
    """The Arrow field of a record's field, and how to convert its values."""
    kind, convert = _arrow(field["type"], frozenset())
    optional = "null" in field["type"] if isinstance(field["type"], list) else kind == pa.null()
    return pa.field(str(field["name"]), kind, nullable=optional), convert


def _arrow(schema: object, outer: frozenset[str]) -> tuple[pa.DataType, Convert]:
    """One schema; ``outer`` are the names of the records around it."""
    if isinstance(schema, list):
        kinds = [part for part in schema if part != "null"]
        return _arrow(kinds[0], outer) if len(kinds) == 1 else (pa.string(), _json)
    if isinstance(schema, str):
        # What is not primitive is the name of a type seen before: its own, perhaps.
        return (_PRIMITIVE[schema], _same) if schema in _PRIMITIVE else (pa.string(), _json)
    if not isinstance(schema, Mapping):
        return pa.string(), _json
    name = schema["type"]
    logical = schema.get("logicalType")
    if logical in _LOGICAL:
        return _LOGICAL[str(logical)], _same
    if logical in ("decimal", "uuid"):
        return pa.string(), _text
    return _COMPLEX.get(str(name), _named)(schema, outer)


def _array(schema: Mapping[str, object], outer: frozenset[str]) -> tuple[pa.DataType, Convert]:
    kind, convert = _arrow(schema["items"], outer)
    return pa.list_(kind), lambda v: None if v is None else [convert(x) for x in _items(v)]


def _map(schema: Mapping[str, object], outer: frozenset[str]) -> tuple[pa.DataType, Convert]:
    kind, convert = _arrow(schema["values"], outer)
    return pa.map_(
        pa.string(), kind
    ), lambda v: None if v is None else [(key, convert(x)) for key, x in _pairs(v)]


def _named(schema: Mapping[str, object], outer: frozenset[str]) -> tuple[pa.DataType, Convert]:
    """A primitive, an enum, a fixed, or a type in another type's braces."""
    if schema["type"] == "enum":
        return pa.string(), _same
    if schema["type"] == "fixed":
        return pa.binary(), _same
    return _arrow(schema["type"], outer)


def _record(schema: Mapping[str, object], outer: frozenset[str]) -> tuple[pa.DataType, Convert]:
    name = str(schema.get("name"))
    fields = schema["fields"]
    if name in outer or not isinstance(fields, list):
        return pa.string(), _json
    parts = [(str(f["name"]), *_arrow(f["type"], outer | {name})) for f in fields]
    kind = pa.struct([pa.field(field, part) for field, part, _ in parts])

    def convert(value: object) -> object:
        if not isinstance(value, Mapping):
            return None
        return {field: one(value.get(field)) for field, _, one in parts}

    return kind, convert


def _same(value: object) -> object:
    return value


def _text(value: object) -> object:
    return None if value is None else str(value)


def _json(value: object) -> object:
    """Text as it is, anything else as JSON."""
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _plain(value: object) -> object:
    """What JSON has no form for."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, decimal.Decimal | uuid.UUID | dt.timedelta):
        return str(value)
    raise TypeError(type(value).__name__)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _pairs(value: object) -> list[tuple[object, object]]:
    return list(value.items()) if isinstance(value, Mapping) else []


_COMPLEX = {"record": _record, "error": _record, "array": _array, "map": _map}
