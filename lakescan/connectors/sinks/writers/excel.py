"""Sheets of a workbook, staged: Arrow streams one after the other, in types that a sheet has.

Sheets of one file are tables of their own, written by several workers; `workbook` puts them
together at the commit. What a sheet cannot hold is refused here, before anything is seen.
"""

from __future__ import annotations

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.connectors.formats.excel import sheet_names
from lakescan.connectors.sinks.writers.columns import decoded
from lakescan.connectors.sinks.writers.plain import as_text
from lakescan.connectors.sinks.writers.protocol import Draft
from lakescan.errors import LimitExceededError

#: The key of a staged sheet's schema metadata.
ABOUT = b"lakescan.sheet"
#: Excel's own limits ("Excel specifications and limits"): rows, columns, characters in a cell.
_ROWS, _COLUMNS, _CHARACTERS = 1_048_576, 16_384, 32_767
#: Whole numbers below this are exact in a double (IEEE 754 binary64).
_EXACT = 2**53
#: Decimal digits that any double keeps.
_DIGITS = 15
#: The first and the last day that a sheet can show, as ISO 8601 sorts them.
_FIRST, _LAST = "1900-01-01", "9999-12-31"
_MILLISECOND = {"s": 0, "ms": 0, "us": 10**3, "ns": 10**6}
_TEXT = pa.large_string()


class SheetWriter:
    """See the module. Batches may differ in their types, as columns of mixed cells do."""

    def __init__(self, stream: pa.NativeFile, draft: Draft) -> None:
        self._stream = stream
        self._uri = draft.uri
        self._named = draft.named
        sheet = draft.format.option("sheet") or draft.uri.rpartition("!/")[2]
        names = [] if draft.model is None else sheet_names(draft.model)
        about = {
            "sheet": sheet,
            "place": names.index(sheet) if sheet in names else 0,
            "header": draft.schema.names if draft.named else None,
            "compression": draft.format.compression,
        }
        self._count = int(draft.named)
        if len(draft.schema) > _COLUMNS:
            raise self._too_large(f"more than {_COLUMNS} columns")
        for name in draft.schema.names:
            self._check_cells(pa.array([name]))
        schema = pa.schema([], metadata={ABOUT: orjson.dumps(about)})
        self._writer = pa.ipc.new_stream(stream, schema)
        self._schema = schema

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows."""
        self._count += batch.num_rows
        if self._count > _ROWS:
            raise self._too_large(f"more than {_ROWS} rows")
        columns = [cells(column) for column in batch.columns]
        for column in columns:
            if column.type == _TEXT:
                self._check_cells(column)
        schema = pa.schema([(str(i), column.type) for i, column in enumerate(columns)])
        if schema != self._schema:
            self._writer.close()
            self._writer = pa.ipc.new_stream(self._stream, schema)
            self._schema = schema
        if columns:
            self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))

    def close(self) -> None:
        """End the last stream."""
        self._writer.close()

    def _check_cells(self, column: pa.Array) -> None:
        # Excel counts UTF-16 units; a character takes at most two.
        longest = pc.max(pc.utf8_length(column)).as_py() or 0
        if longest * 2 <= _CHARACTERS:
            return
        if any(
            len(text.encode("utf-16-le")) // 2 > _CHARACTERS for text in column.to_pylist() if text
        ):
            raise self._too_large(f"a cell of more than {_CHARACTERS} characters")

    def _too_large(self, what: str) -> LimitExceededError:
        return LimitExceededError(
            f"{self._uri}: {what}, which no sheet holds",
            hint="name another format to write, such as parquet",
            uri=self._uri,
        )


def cells(array: pa.Array) -> pa.Array:
    """A column in one of the types of cells; as text where a sheet would change its values.

    These are boolean, float64, date32, timestamp[ms], time32[ms], duration[ms] and large_string.
    """
    array = decoded(array)
    kind = array.type
    if pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return array.cast(pa.bool_())
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _number(array)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _day(array)
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        return _hours(array)
    return as_text(array)


def _number(array: pa.Array) -> pa.Array:
    kind = array.type
    if pa.types.is_integer(kind):
        low, high = pc.min_max(array).as_py().values()
        exact = low is None or (low > -_EXACT and high < _EXACT)
    elif pa.types.is_decimal(kind):
        exact = kind.precision <= _DIGITS
    else:  # a sheet knows no NaN and no infinity
        exact = pc.all(pc.is_finite(array)).as_py() is not False
    return array.cast(pa.float64() if exact else _TEXT)


def _day(array: pa.Array) -> pa.Array:
    kind = array.type
    if not _in_calendar(array.cast(pa.date32())):
        return as_text(array)
    if pa.types.is_date(kind):
        return array.cast(pa.date32())
    fits = kind.tz is None and _whole(array.cast(pa.int64()), kind.unit)
    return array.cast(pa.timestamp("ms")) if fits else as_text(array)


def _hours(array: pa.Array) -> pa.Array:
    kind = array.type
    raw = array.cast(pa.int32() if pa.types.is_time32(kind) else pa.int64()).cast(pa.int64())
    if not _whole(raw, kind.unit) or (pc.min(raw).as_py() or 0) < 0:
        return array.cast(_TEXT)
    return array.cast(pa.time32("ms") if pa.types.is_time(kind) else pa.duration("ms"))


def _whole(array: pa.Array, unit: str) -> bool:
    """Whether all are whole milliseconds."""
    step = _MILLISECOND[unit]
    if not step:
        return True
    rounded = pc.multiply(pc.divide(array, step), step)
    return pc.all(pc.equal(rounded, array)).as_py() is not False


def _in_calendar(days: pa.Array) -> bool:
    low, high = pc.min_max(days.cast(_TEXT)).as_py().values()
    return low is None or (len(low) == len(_FIRST) and low >= _FIRST and high <= _LAST)
