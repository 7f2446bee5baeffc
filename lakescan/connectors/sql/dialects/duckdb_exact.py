"""DuckDB's values that Arrow's readers have not: infinity, years outside 1..9999, months, 24:00."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.database import Database
from lakescan.connectors.sql.exact import as_text, odd_columns, with_columns
from lakescan.connectors.sql.wire import FINITE, MICROS

if TYPE_CHECKING:
    from lakescan.connectors.sql.database import Expression


def exact_table(database: Database, table: SqlTable) -> SqlTable:
    """See `Database.exact`: one look at the table."""
    odd = {
        column.name: condition
        for column in table.columns
        if (condition := _odd(column)) is not None
    }
    found = odd_columns(database, table, odd)
    return with_columns(table, {c.name: as_text(c) for c in table.columns if c.name in found})


def endless(column: SqlColumn) -> Expression:
    """Whether a date or time is infinity, or of a year that Arrow's readers do not know."""
    import sqlalchemy as sa

    name = _quoted(column.name)
    if pa.types.is_timestamp(column.arrow) and column.arrow.unit == "ns":
        return sa.literal_column(f"NOT isfinite({name})")  # it has no other years
    return sa.literal_column(f"(NOT isfinite({name}) OR year({name}) NOT BETWEEN 1 AND 9999)")


def _odd(column: SqlColumn) -> Expression | None:
    import sqlalchemy as sa

    name = _quoted(column.name)
    if column.form == FINITE:
        return endless(column)
    if column.form == MICROS:
        parts = (f"datepart('{part}', {name}) <> 0" for part in ("year", "month", "day"))
        return sa.literal_column(f"({' OR '.join(parts)})")
    return sa.literal_column(f"{name} = '24:00'") if pa.types.is_time(column.arrow) else None


def _quoted(name: str) -> str:
    """An identifier; a colon is no parameter."""
    return '"' + name.replace('"', '""') + '"'
