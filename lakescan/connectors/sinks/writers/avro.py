"""Avro object container files, with the codec, the record's name and the field types of the model.

A field keeps its Avro type where reading gave it whole. Enums, fixed, decimals, UUIDs and unions
of several types are text or bytes by the time they are read, and may hold other values now: they
are written as what they were read as.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import IO, cast

import pyarrow as pa

from lakescan.connectors.formats.avro import AvroHeader
from lakescan.connectors.formats.avro_types import arrow_field
from lakescan.connectors.sinks.writers.columns import decoded_columns
from lakescan.connectors.sinks.writers.protocol import Draft

_BLOCK_BYTES = 64 << 10
#: Codecs of the specification that take a package besides fastavro; the other is required.
_NEEDS = {"snappy": "cramjam", "zstandard": "zstandard", "lz4": "lz4"}
_NEW_CODEC = "deflate"
#: Rows that are turned into records at once.
_ROWS = 4096
_PRIMITIVE = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_LOGICAL = {
    "date", "time-millis", "time-micros", "timestamp-millis", "timestamp-micros",
    "local-timestamp-millis", "local-timestamp-micros",
}  # fmt: skip
#: Arrow types that are Avro's as they are.
_SIMPLE: dict[pa.DataType, object] = {
    pa.null(): "null",
    pa.bool_(): "boolean",
    pa.int8(): "int",
    pa.int16(): "int",
    pa.int32(): "int",
    pa.uint8(): "int",
    pa.uint16(): "int",
    pa.int64(): "long",
    pa.uint32(): "long",
    pa.float16(): "float",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.string(): "string",
    pa.large_string(): "string",
    pa.string_view(): "string",
    pa.binary(): "bytes",
    pa.large_binary(): "bytes",
    pa.date32(): {"type": "int", "logicalType": "date"},
    pa.time32("ms"): {"type": "int", "logicalType": "time-millis"},
    pa.time64("us"): {"type": "long", "logicalType": "time-micros"},
}
_Value = Callable[[object], object]


class AvroWriter:
    """See the module."""

    def __init__(self, stream: pa.NativeFile, draft: Draft) -> None:
        from fastavro.write import Writer

        header = AvroHeader(draft.model) if draft.model is not None else None
        schema = _record(draft.schema, cast("dict[str, object]", header.schema) if header else None)
        self._values = [_value_of(field.type) for field in draft.schema]
        self._names = draft.schema.names
        self._writer = Writer(
            cast("IO[bytes]", stream),
            schema,
            codec=_codec(header.codec) if header else _NEW_CODEC,
            sync_interval=_BLOCK_BYTES,
        )

    def write(self, batch: pa.RecordBatch) -> None:
        """Append records."""
        rows = decoded_columns(batch)
        for start in range(0, rows.num_rows, _ROWS):
            part = rows.slice(start, _ROWS)
            columns = [
                [value(cell) for cell in column.to_pylist()]
                for value, column in zip(self._values, part.columns, strict=True)
            ]
            for cells in zip(*columns, strict=True):
                self._writer.write(dict(zip(self._names, cells, strict=True)))

    def close(self) -> None:
        """Write the last block."""
        self._writer.flush()


def _codec(model: str) -> str:
    """The model's codec, where it can be written here."""
    return model if model not in _NEEDS or find_spec(_NEEDS[model]) else _NEW_CODEC


def _record(schema: pa.Schema, source: Mapping[str, object] | None) -> dict[str, object]:
    """The record's schema: the model's fields where they fit."""
    theirs: dict[str, Mapping[str, object]] = {}
    if source is not None and isinstance(source["fields"], list):
        theirs = {str(field["name"]): field for field in source["fields"]}
    fields = []
    for number, field in enumerate(schema):
        before = theirs.get(field.name)
        if before is not None and _whole(before["type"]) and arrow_field(before)[0].equals(field):
            fields.append(dict(before))
        else:
            kind = _type(field.type, f"r{number}")
            fields.append({"name": field.name, "type": _optional(kind) if field.nullable else kind})
    named = {key: source[key] for key in ("name", "namespace") if source and key in source}
    return {"type": "record", "name": "record", **named, "fields": fields}


def _whole(kind: object) -> bool:
    """Whether a type is read as what it is, and says so without names from elsewhere."""
    if isinstance(kind, str):
        return kind in _PRIMITIVE
    if isinstance(kind, list):
        return len([k for k in kind if k != "null"]) <= 1 and all(map(_whole, kind))
    if not isinstance(kind, Mapping):
        return False
    if "logicalType" in kind:
        return kind["logicalType"] in _LOGICAL
    if kind["type"] == "record":
        fields = kind["fields"]
        return isinstance(fields, list) and all(_whole(field["type"]) for field in fields)
    if kind["type"] == "array":
        return _whole(kind["items"])
    if kind["type"] == "map":
        return _whole(kind["values"])
    return _whole(kind["type"])


def _type(kind: pa.DataType, name: str) -> object:
    """The Avro type of an Arrow type; ``name`` names the records in it."""
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if pa.types.is_dictionary(kind):
        return _type(kind.value_type, name)
    if pa.types.is_timestamp(kind):
        logical = "timestamp" if kind.tz else "local-timestamp"
        unit = "millis" if kind.unit in ("s", "ms") else "micros"
        return {"type": "long", "logicalType": f"{logical}-{unit}"}
    if pa.types.is_decimal(kind):
        form = {"precision": kind.precision, "scale": kind.scale}
        return {"type": "bytes", "logicalType": "decimal", **form}
    if pa.types.is_map(kind) and pa.types.is_string(kind.key_type):
        return {"type": "map", "values": _optional(_type(kind.item_type, f"{name}_v"))}
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return {"type": "array", "items": _optional(_type(kind.value_type, f"{name}_i"))}
    if pa.types.is_struct(kind):
        parts = [kind.field(i) for i in range(kind.num_fields)]
        fields = [
            {"name": part.name, "type": _optional(_type(part.type, f"{name}_{i}"))}
            for i, part in enumerate(parts)
        ]
        return {"type": "record", "name": name, "fields": fields}
    raise pa.ArrowTypeError(str(kind))


def _optional(kind: object) -> object:
    return kind if kind == "null" else ["null", kind]


def _value_of(kind: pa.DataType) -> _Value:
    """How a Python value of an Arrow type is given to fastavro: maps come as pairs."""
    if pa.types.is_map(kind):
        item = _value_of(kind.item_type)
        return lambda v: {k: item(x) for k, x in v} if isinstance(v, list) else None
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        item = _value_of(kind.value_type)
        return lambda v: [item(x) for x in v] if isinstance(v, list) else None
    if pa.types.is_struct(kind):
        parts = {kind.field(i).name: _value_of(kind.field(i).type) for i in range(kind.num_fields)}
        return lambda v: {k: parts[k](x) for k, x in v.items()} if isinstance(v, dict) else None
    return lambda v: v
