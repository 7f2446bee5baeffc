"""SQLite's columns whose values are not of the type that was declared: SQLite does not insist.

What is read by type and written again would become another value: a number of seconds in a column
of dates, a time with its zone. Types are told by the storage classes of the values
(sqlite.org/datatype3.html), by one look at the table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.database import Database
from lakescan.connectors.sql.exact import as_text, with_columns
from lakescan.connectors.sql.statements import named
from lakescan.errors import UnsupportedError

if TYPE_CHECKING:
    from lakescan.connectors.sql.database import Expression

#: Storage classes, each with the Arrow type that holds all of its values.
_CLASSES = {
    "integer": pa.int64(),
    "real": pa.float64(),
    "text": pa.string(),
    "blob": pa.binary(),
}


def exact_table(database: Database, table: SqlTable) -> SqlTable:
    """See `Database.exact`: one look at the table.

    Raises:
        UnsupportedError: a column has bytes among other values.
    """
    import sqlalchemy as sa

    if not table.columns:
        return table
    asked: list[Expression] = []
    for column in table.columns:
        name = _quoted(column.name)
        asked += [
            sa.literal_column(f"group_concat(DISTINCT typeof({name}))"),
            sa.literal_column(f"coalesce(max({_odd(column, name)}), 0)"),
        ]
    row = database.first_row(sa.select(*asked).select_from(named(table)))
    assert row is not None
    made = {}
    for column, told, odd in zip(table.columns, row[::2], row[1::2], strict=True):
        classes = frozenset(str(told or "").split(",")) & frozenset(_CLASSES)
        made[column.name] = _of_classes(table, column, classes, odd=bool(odd))
    return with_columns(table, made)


def _of_classes(
    table: SqlTable, column: SqlColumn, classes: frozenset[str], *, odd: bool
) -> SqlColumn:
    """The column, with the type that all of its values have."""
    if not classes or not (odd or classes - _of_type(column.arrow)):
        return column
    if len(classes) == 1 and not odd:
        return replace(column, arrow=_CLASSES[next(iter(classes))])
    if "blob" in classes:
        raise UnsupportedError(
            f"{table.path}: {column.name} has bytes among other values, which no type holds",
            hint="leave the table out, or make them one",
        )
    return as_text(column)


def _of_type(kind: pa.DataType) -> frozenset[str]:
    """The storage classes that a declared type's values have."""
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_duration(kind):
        return frozenset({"integer"})
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return frozenset({"integer", "real"})
    return frozenset({"blob"}) if pa.types.is_binary(kind) else frozenset({"text"})


def _odd(column: SqlColumn, name: str) -> str:
    """The condition of a value that is of its class, and would be another once it is written."""
    kind = column.arrow
    if pa.types.is_boolean(kind):
        return f"{name} NOT IN (0, 1)"
    if pa.types.is_decimal(kind):
        most = f"1e{kind.precision - kind.scale}"
        return f"{name} <> round({name}, {kind.scale}) OR abs({name}) >= {most}"
    if pa.types.is_floating(kind):
        return f"typeof({name}) = 'integer' AND abs({name}) > 9007199254740992"
    if pa.types.is_date(kind):
        return f"typeof({name}) = 'text' AND {name} IS NOT strftime('%Y-%m-%d', {name})"
    if pa.types.is_timestamp(kind):
        return _not_written(name, "'%Y-%m-%d %H:%M:%S'", 19)
    if pa.types.is_time(kind):
        return _not_written(name, "'%H:%M:%S'", 8)
    return "0"


def _not_written(name: str, form: str, length: int) -> str:
    """Whether a text is not what we would write: seconds, and six digits more where not zero."""
    return (
        f"typeof({name}) = 'text' AND NOT (substr({name}, 1, {length}) IS strftime({form}, {name})"
        f" AND (length({name}) = {length} OR ({name} GLOB '*.[0-9][0-9][0-9][0-9][0-9][0-9]'"
        f" AND length({name}) = {length + 7} AND substr({name}, -6) <> '000000')))"
    )


def _quoted(name: str) -> str:
    """An identifier; a colon is no parameter."""
    return '"' + name.replace('"', '""') + '"'
