"""PostgreSQL's values that Arrow's types have not: infinity, NaN, years BC, arrays of arrays.

An interval has months, days and microseconds that cannot be told from each other once they are one
number (PostgreSQL documentation, 8.5.4); an array's dimensions are no part of its type (8.15.1).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.database import Database
from lakescan.connectors.sql.dialects.postgresql_types import bounds_of, quoted
from lakescan.connectors.sql.exact import as_text, odd_columns, with_columns
from lakescan.connectors.sql.statements import named, plain
from lakescan.connectors.sql.wire import FINITE, LIST, MICROS, NUMBER, TEXT

if TYPE_CHECKING:
    from lakescan.connectors.sql.database import Expression


def exact_table(database: Database, table: SqlTable) -> SqlTable:
    """See `Database.exact`: one look at the table, two where it has arrays of arrays."""
    odd = {
        column.name: condition
        for column in table.columns
        if (condition := _odd(column)) is not None
    }
    found = odd_columns(database, table, odd)
    columns = {column.name: as_text(column) for column in table.columns if column.name in found}
    lists = [c for c in table.columns if c.name in found and c.form == LIST]
    return with_columns(table, columns | _nested(database, table, lists))


def _odd(column: SqlColumn) -> Expression | None:
    import sqlalchemy as sa

    name = quoted(column.name)
    if column.form == FINITE:
        return sa.not_(plain(column.name).between(*bounds_of(column)))
    if column.form == NUMBER:
        return sa.literal_column(f"{name} = 'NaN'")
    if column.form == TEXT and pa.types.is_time(column.arrow):
        return sa.literal_column(f"{name} = '24:00'")
    if column.form == MICROS:
        parts = (f"extract({part} FROM {name}) <> 0" for part in ("year", "month", "day"))
        return sa.or_(*map(sa.literal_column, parts))
    if column.form == LIST:
        return sa.literal_column(f"array_ndims({name}) > 1 OR array_lower({name}, 1) <> 1")
    return None


def _nested(database: Database, table: SqlTable, columns: list[SqlColumn]) -> dict[str, SqlColumn]:
    """The columns whose arrays all have the same number of dimensions, counted from 1."""
    import sqlalchemy as sa

    if not columns:
        return {}
    asked: list[Expression] = []
    for column in columns:
        name = quoted(column.name)
        asked += [
            sa.literal_column(f"min(array_ndims({name}))"),
            sa.literal_column(f"max(array_ndims({name}))"),
            sa.literal_column(f"bool_or(array_dims({name}) !~ '^(\\[1\\:\\d+\\])+$')"),
        ]
    row = database.first_row(sa.select(*asked).select_from(named(table)))
    assert row is not None
    told = [row[at : at + 3] for at in range(0, len(row), 3)]
    made = {}
    for column, (least, most, shifted) in zip(columns, told, strict=True):
        if least == most and not shifted:
            kind = column.arrow
            for _ in range(int(str(most)) - 1):
                kind = pa.list_(kind)
            made[column.name] = replace(column, arrow=kind)
    return made
