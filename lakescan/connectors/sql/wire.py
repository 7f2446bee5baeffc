"""Forms that values travel in where a driver has none of Arrow's: digits, JSON, microseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn

if TYPE_CHECKING:
    import polars as pl

#: What is asked of the server for a column: bytes as hexadecimal digits, a list as JSON, an
#: interval as microseconds, anything else as its text; ``finite`` and ``number`` leave out what
#: Arrow has not.
HEX, LIST, MICROS, TEXT, FINITE, NUMBER = "hex", "list", "micros", "text", "finite", "number"


def wire_type(column: SqlColumn) -> pa.DataType:
    """The type in which a column's values arrive."""
    if column.form in (HEX, LIST):
        return pa.string()
    return pa.int64() if column.form == MICROS else column.arrow


def decoded(array: pa.Array, column: SqlColumn) -> pa.Array:
    """A column as it is handed out."""
    if column.form == HEX:
        import polars as pl

        return pl.Series(array, dtype=pl.String).str.decode("hex").to_arrow().cast(pa.binary())
    if column.form == LIST:
        import polars as pl

        values = pl.Series(array, dtype=pl.String).str.json_decode(_polars(column.arrow))
        return values.to_arrow().cast(column.arrow)
    if column.form == MICROS:
        return array.cast(column.arrow)
    return array


def _polars(kind: pa.DataType) -> pl.DataType:
    """A list's type, of integers or texts, in Polars."""
    import polars as pl

    if pa.types.is_list(kind):
        return pl.List(_polars(kind.value_type))
    return pl.Int64() if pa.types.is_int64(kind) else pl.String()
