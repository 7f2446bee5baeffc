"""Arrow batches -> what drivers take: rows of Python values, or CSV."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable, Iterator, Sequence

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.connectors.sinks.sql.blueprint import Blueprint

#: Rows that are sent at once.
_ROWS = 2000


def rows_of(
    batch: pa.RecordBatch, suited: Callable[[object], object] | None = None
) -> Iterator[list[tuple[object, ...]]]:
    """Rows in pieces.

    Args:
        batch: any columns; nested ones become JSON.
        suited: makes of a value what the driver takes; None where it takes Python's own.
    """
    for start in range(0, batch.num_rows, _ROWS):
        piece = batch.slice(start, _ROWS)
        columns = [_values(column, suited) for column in piece.columns]
        yield list(zip(*columns, strict=True))


def _values(array: pa.Array, suited: Callable[[object], object] | None) -> list[object]:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_nested(array.type):
        return [None if v is None else json_of(v) for v in array.to_pylist()]
    if pa.types.is_timestamp(array.type) and array.type.unit == "ns":
        array = array.cast(pa.timestamp("us", array.type.tz), safe=False)
    if pa.types.is_timestamp(array.type) and array.type.tz is not None:
        array = array.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
    fine = pa.types.is_time(array.type) or pa.types.is_duration(array.type)
    if fine and array.type.unit == "ns":
        wide = pa.duration("us") if pa.types.is_duration(array.type) else pa.time64("us")
        array = array.cast(wide, safe=False)
    values: list[object] = array.to_pylist()
    return values if suited is None else [None if v is None else suited(v) for v in values]


def json_of(value: object) -> str:
    """A nested value as JSON."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, decimal.Decimal | dt.timedelta):
        return str(value)
    raise TypeError


def sqlite_value(value: object) -> object:
    """What SQLite keeps of a value: its numbers, texts and bytes, and dates as ISO 8601."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", timespec="microseconds" if value.microsecond else "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return round(value.total_seconds() * 1_000_000)
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return value


def csv_of(batch: pa.RecordBatch, design: Blueprint) -> bytes:
    """A batch as the CSV that PostgreSQL's COPY reads: nothing is null, quotes are a text."""
    from pyarrow import csv

    types = {column.name: column.type for column in design.columns}
    arrays = [
        _text(column, types.get(name, ""))
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    names = [str(place) for place in range(len(arrays))]
    out = pa.BufferOutputStream()
    csv.write_csv(
        pa.RecordBatch.from_arrays(arrays, names=names),
        out,
        csv.WriteOptions(include_header=False, quoting_style="needed"),
    )
    written: bytes = out.getvalue().to_pybytes()
    return written


def _text(array: pa.Array, declared: str) -> pa.Array:
    """A column that pyarrow writes as PostgreSQL reads it."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_null(kind):
        return array.cast(pa.string())
    if (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and declared.endswith("]"):
        return pa.array([_literal(v) for v in array.to_pylist()], pa.string())
    if pa.types.is_nested(kind):
        return pa.array([None if v is None else json_of(v) for v in array.to_pylist()], pa.string())
    if (
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    ):
        series = pl.Series(array.cast(pa.binary()), dtype=pl.Binary)
        return (pl.lit("\\x") + series.bin.encode("hex")).pipe(_evaluated)
    if pa.types.is_duration(kind):
        micros = array.cast(pa.duration("us"), safe=False).cast(pa.int64()).cast(pa.string())
        return pc.binary_join_element_wise(micros, "microseconds", " ")
    if pa.types.is_string_view(kind):
        return array.cast(pa.large_string())
    return array


def _evaluated(expression: pl.Expr) -> pa.Array:
    return pl.select(expression.alias("x")).to_series().to_arrow().cast(pa.large_string())


def _literal(values: Sequence[object] | None) -> str | None:
    """An array of PostgreSQL as text (PostgreSQL documentation, 8.15.6)."""
    if values is None:
        return None
    parts = []
    for value in values:
        if value is None:
            parts.append("NULL")
        elif isinstance(value, list):
            parts.append(_literal(value) or "NULL")
        else:
            text = str(value).replace("\\", "\\\\").replace('"', '\\"')
            parts.append(f'"{text}"')
    return "{" + ",".join(parts) + "}"
