"""PostgreSQL's types: what Arrow has none for is asked for in a form that it has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.arrow_types import arrow_type, key_kind
from lakescan.connectors.sql.columns import SqlColumn
from lakescan.connectors.sql.statements import plain
from lakescan.connectors.sql.wire import FINITE, HEX, LIST, MICROS, TEXT

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import ReflectedColumn

    from lakescan.connectors.sql.database import Expression

#: Arrow's readers know the years that ISO 8601 writes with four digits.
_FIRST, _LAST = "0001-01-01", "9999-12-31"


def column_of(found: ReflectedColumn) -> SqlColumn:
    """A column as the inspector found it."""
    import sqlalchemy as sa
    from sqlalchemy.dialects import postgresql as pg

    kind = found["type"]
    if isinstance(kind, pg.DOMAIN):
        kind = kind.data_type
    column = SqlColumn(
        found["name"], arrow_type(kind), "", found.get("comment") or "", key_kind(kind)
    )
    if isinstance(kind, pg.OID):
        return replace(column, arrow=pa.int64())
    if isinstance(kind, pg.MONEY):
        return replace(column, arrow=pa.decimal128(19, 2), form="money")
    if isinstance(kind, sa.ARRAY):
        item = pa.int64() if isinstance(kind.item_type, sa.Integer) else pa.string()
        return replace(column, arrow=pa.list_(item), form=LIST)
    if pa.types.is_binary(column.arrow):
        return replace(column, form=HEX)
    if pa.types.is_duration(column.arrow):
        return replace(column, form=MICROS)
    if isinstance(kind, sa.Date | sa.DateTime):
        return replace(column, form=FINITE)
    if isinstance(kind, sa.Time):
        return replace(column, arrow=pa.string() if kind.timezone else column.arrow, form=TEXT)
    if isinstance(kind, sa.Numeric) and not isinstance(kind, sa.Float):
        return replace(column, form=TEXT if pa.types.is_string(column.arrow) else "number")
    as_is = sa.String | pg.INET | pg.CIDR | pg.MACADDR
    if pa.types.is_string(column.arrow) and not isinstance(kind, as_is):
        return replace(column, form=TEXT)
    return column


def expression_of(column: SqlColumn) -> Expression:
    """How a column is selected, by its form."""
    import sqlalchemy as sa

    name = plain(column.name)
    form = column.form
    if form == HEX:
        return sa.func.encode(name, sa.literal("hex"))
    if form == LIST:
        kind = "bigint" if pa.types.is_int64(column.arrow.value_type) else "text"
        # Of any number of dimensions; to_json alone would nest them.
        quoted = _quoted(column.name)
        return sa.literal_column(
            f"CASE WHEN {quoted} IS NOT NULL"
            f" THEN array_to_json(ARRAY(SELECT unnest({quoted})::{kind}))::text END"
        )
    if form == MICROS:
        return sa.literal_column(f"(extract(epoch FROM {_quoted(column.name)}) * 1000000)::bigint")
    if form == FINITE:
        return sa.case((name.between(sa.literal(_FIRST), _end(column)), name))
    if form == "number":
        return sa.literal_column(f"nullif({_quoted(column.name)}, 'NaN')")
    if form == "money":
        return sa.literal_column(f"{_quoted(column.name)}::numeric(19, 2)")
    if form == TEXT and pa.types.is_time(column.arrow):
        return sa.literal_column(f"nullif({_quoted(column.name)}, '24:00')")
    if form == TEXT:
        return sa.cast(name, sa.Text)
    return name


def _end(column: SqlColumn) -> Expression:
    import sqlalchemy as sa

    return sa.literal(_LAST if pa.types.is_date(column.arrow) else f"{_LAST} 23:59:59.999999")


def _quoted(name: str) -> str:
    """An identifier; colons are no parameters, percent signs no formats."""
    return '"' + name.replace('"', '""') + '"'
