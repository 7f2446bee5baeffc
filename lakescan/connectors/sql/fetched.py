"""Rows that a driver hands out as Python values -> Arrow batches bounded in bytes."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn
from lakescan.connectors.sql.wire import decoded, wire_type

#: Rows of the first fetch, when nobody knows yet how long they are; and at most in any.
_FIRST_ROWS, _MOST_ROWS = 128, 32_768
#: The next fetch is at most so many times the last.
_GROWTH = 4

Rows = Sequence[Sequence[object]]


def fetched(
    fetch: Callable[[int], Rows], columns: Sequence[SqlColumn], batch_bytes: int
) -> Iterator[pa.RecordBatch]:
    """Fetch until there is no more.

    Args:
        fetch: gives up to so many rows.
        columns: what they are.
        batch_bytes: what one batch may take in memory.
    """
    wanted = _FIRST_ROWS
    while rows := fetch(wanted):
        batch = to_batch(rows, columns)
        yield batch
        fitting = batch_bytes * len(rows) // max(1, batch.nbytes)
        wanted = max(1, min(_MOST_ROWS, fitting, wanted * _GROWTH))


def to_batch(rows: Rows, columns: Sequence[SqlColumn]) -> pa.RecordBatch:
    """Rows as a batch; a column whose values are not of its type becomes one of texts."""
    values = list(zip(*rows, strict=True)) if rows else [() for _ in columns]
    arrays = [decoded(_array(v, c), c) for v, c in zip(values, columns, strict=False)]
    if not columns:  # no column is wanted: the rows still count
        return pa.RecordBatch.from_struct_array(pa.array([{}] * len(rows), pa.struct([])))
    return pa.RecordBatch.from_arrays(arrays, names=[c.name for c in columns])


def _array(values: Sequence[object], column: SqlColumn) -> pa.Array:
    kind = wire_type(column)
    if not pa.types.is_string(kind):
        try:
            return pa.array(_suited(values, kind), kind)
        except (pa.ArrowException, ArithmeticError, TypeError, ValueError):
            return _texts(values, kind)
    try:
        return pa.array(values, kind)
    except (pa.ArrowException, TypeError, ValueError):
        return pa.array([None if v is None else _text(v) for v in values], kind)


def _suited(values: Sequence[object], kind: pa.DataType) -> Sequence[object]:
    """The values as pyarrow takes them for a type."""
    if pa.types.is_integer(kind):
        return [_whole(v) for v in values]
    if pa.types.is_boolean(kind):
        return [None if v is None else _flag(v) for v in values]
    if pa.types.is_binary(kind):
        return [None if v is None else bytes(v) for v in values]  # type: ignore[call-overload]
    if pa.types.is_decimal(kind):
        return [v if v is None else decimal.Decimal(str(v)) for v in values]
    if pa.types.is_date(kind):
        return [_moment(v, dt.date) for v in values]
    if pa.types.is_timestamp(kind):
        return [_moment(v, dt.datetime) for v in values]
    return values


def _moment(value: object, kind: type[dt.date]) -> object:
    """A date or time; a number is none, whatever it counts: seconds, days, in SQLite."""
    if isinstance(value, int | float):
        raise TypeError
    return kind.fromisoformat(value) if isinstance(value, str) else value


def _whole(value: object) -> object:
    if isinstance(value, decimal.Decimal | float):
        if value != int(value):
            raise ValueError
        return int(value)
    return value


def _flag(value: object) -> bool:
    if value not in (0, 1):
        raise ValueError
    return bool(value)


def _texts(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    """Texts, for instance of a column of SQLite that keeps what its type does not say."""
    if pa.types.is_binary(kind):
        found = [v.encode() if isinstance(v, str) else v for v in values]
        if all(v is None or isinstance(v, bytes) for v in found):
            return pa.array(found, pa.binary())
    return pa.array([None if v is None else _text(v) for v in values], pa.string())


def _text(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
