"""Tables whose values all have to come through: columns with odd values are read as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.database import Database
from lakescan.connectors.sql.statements import named
from lakescan.connectors.sql.wire import TEXT

if TYPE_CHECKING:
    from lakescan.connectors.sql.database import Expression


def odd_columns(
    database: Database, table: SqlTable, odd: Mapping[str, Expression]
) -> frozenset[str]:
    """The columns that have an odd value, by one look at all rows, which the server takes.

    Args:
        database: where the table is.
        table: which.
        odd: for columns in question, by name, the condition of an odd value.
    """
    import sqlalchemy as sa

    if not odd:
        return frozenset()
    chosen = [
        sa.func.max(sa.case((condition, sa.literal_column("1")), else_=sa.literal_column("0")))
        for condition in odd.values()
    ]
    row = database.first_row(sa.select(*chosen).select_from(named(table, database.quote)))
    return frozenset(name for name, hit in zip(odd, row or (), strict=True) if hit)


def with_columns(table: SqlTable, others: Mapping[str, SqlColumn]) -> SqlTable:
    """The table with other columns in the places of some, by name."""
    return replace(table, columns=tuple(others.get(c.name, c) for c in table.columns))


def as_text(column: SqlColumn) -> SqlColumn:
    """The column, read as the texts of its values."""
    return replace(column, arrow=pa.string(), form=TEXT)
