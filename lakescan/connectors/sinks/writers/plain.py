"""Arrow values of any type as text, for formats that have nothing else."""

from __future__ import annotations

import base64

import orjson
import pyarrow as pa

from lakescan.connectors.sinks.writers.columns import decoded

_TEXT = pa.large_string()


def as_text(array: pa.Array) -> pa.Array:
    """Any column as text: numbers and dates as Arrow prints them, what is nested as JSON."""
    array = decoded(array)
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view():
        return array.cast(_TEXT)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return base64_text(array)
    if pa.types.is_nested(kind):
        values = array.to_pylist()
        texts = [None if v is None else orjson.dumps(v, default=str).decode() for v in values]
        return pa.array(texts, _TEXT)
    return array.cast(_TEXT)


def base64_text(array: pa.Array) -> pa.Array:
    """Bytes in Base64 (RFC 4648, section 4)."""
    return pa.array(
        [None if v is None else base64.b64encode(v).decode() for v in array.to_pylist()], _TEXT
    )
