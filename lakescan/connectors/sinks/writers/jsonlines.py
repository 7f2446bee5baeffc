"""JSON Lines, and a document that is an array of records; a null is written as such."""

from __future__ import annotations

import io

import polars as pl
import pyarrow as pa

from lakescan.connectors.sinks.writers.columns import decoded_columns
from lakescan.connectors.sinks.writers.embedded_json import holds_json, records
from lakescan.connectors.sinks.writers.encoding import TextStyle
from lakescan.connectors.sinks.writers.plain import base64_text
from lakescan.connectors.sinks.writers.protocol import ByteSink, Draft


class JsonLinesWriter:
    """One record a line, in the encoding of the model."""

    def __init__(self, stream: ByteSink, draft: Draft) -> None:
        self._stream = stream
        self._style = TextStyle.of(draft)
        _lines(_empty(draft.schema))  # what cannot be written is told at once
        stream.write(self._style.mark)

    def write(self, batch: pa.RecordBatch) -> None:
        """Append records."""
        data = _lines(batch)
        utf8 = self._style.encoding in ("utf-8", "ascii")
        self._stream.write(data if utf8 else self._style.encoded(data))

    def close(self) -> None:
        """Nothing is held."""


class JsonWriter:
    """An array with a record a line, in UTF-8 (RFC 8259, section 8.1)."""

    def __init__(self, stream: ByteSink, draft: Draft) -> None:
        self._stream = stream
        self._started = False
        _lines(_empty(draft.schema))

    def write(self, batch: pa.RecordBatch) -> None:
        """Append records."""
        if not batch.num_rows:
            return
        lines = _lines(batch).rstrip(b"\n").replace(b"\n", b",\n")
        self._stream.write((b",\n" if self._started else b"[\n") + lines)
        self._started = True

    def close(self) -> None:
        """End the array."""
        self._stream.write(b"\n]\n" if self._started else b"[]\n")


def _lines(batch: pa.RecordBatch) -> bytes:
    """Records as lines. Line ends inside strings are escaped, so that lines are records."""
    rows = decoded_columns(batch)
    if any(map(holds_json, rows.schema)):
        return b"".join(records(rows))
    arrays = []
    for column in rows.columns:
        _check(column.type)
        binary = pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)
        arrays.append(base64_text(column) if binary else column)
    sink = io.BytesIO()
    frame = pl.from_arrow(pa.Table.from_arrays(arrays, names=rows.schema.names))
    if isinstance(frame, pl.DataFrame) and frame.height:
        frame.write_ndjson(sink)
    return sink.getvalue()


def _check(kind: pa.DataType) -> None:
    """Refuse bytes inside of nested types: JSON has no form for them."""
    for index in range(kind.num_fields):
        inner = kind.field(index).type
        if pa.types.is_binary(inner) or pa.types.is_large_binary(inner):
            raise pa.ArrowTypeError("bytes inside a nested column")
        _check(inner)


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], f.type) for f in schema], schema=schema)
