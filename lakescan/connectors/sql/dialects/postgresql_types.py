"""PostgreSQL's types: what Arrow has none for is asked for in a form that it has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.arrow_types import arrow_type, key_kind
from lakescan.connectors.sql.columns import SqlColumn
from lakescan.connectors.sql.statements import plain
from lakescan.connectors.sql.wire import FINITE, HEX, LIST, MICROS, NUMBER, TEXT

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
        return replace(column, form=TEXT if pa.types.is_string(column.arrow) else NUMBER)
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
        return _as_json(column)
    if form == MICROS:
        return sa.literal_column(f"(extract(epoch FROM {quoted(column.name)}) * 1000000)::bigint")
    if form == FINITE:
        return sa.case((name.between(*bounds_of(column)), name))
    if form == NUMBER:
        return sa.literal_column(f"nullif({quoted(column.name)}, 'NaN')")
    if form == "money":
        return sa.literal_column(f"{quoted(column.name)}::numeric(19, 2)")
    if form == TEXT and pa.types.is_time(column.arrow):
        return sa.literal_column(f"nullif({quoted(column.name)}, '24:00')")
    if form == TEXT:
        return sa.cast(name, sa.Text)
    return name


def bounds_of(column: SqlColumn) -> tuple[Expression, Expression]:
    """The first and the last date or time that Arrow's readers know."""
    import sqlalchemy as sa

    last = _LAST if pa.types.is_date(column.arrow) else f"{_LAST} 23:59:59.999999"
    return sa.literal(_FIRST), sa.literal(last)


def _as_json(column: SqlColumn) -> Expression:
    """An array as JSON: lists of lists where the column's type says so, else all items in one."""
    import sqlalchemy as sa

    name, item = quoted(column.name), column.arrow.value_type
    flat = not pa.types.is_list(item)
    while pa.types.is_list(item):
        item = item.value_type
    kind = "bigint" if pa.types.is_int64(item) else "text"
    array = f"ARRAY(SELECT unnest({name})::{kind})" if flat else f"{name}::{kind}[]"
    text = f"CASE WHEN {name} IS NOT NULL THEN array_to_json({array})::text END"
    return sa.literal_column(text)


def quoted(name: str) -> str:
    """An identifier; colons are no parameters, percent signs no formats."""
    return '"' + name.replace('"', '""') + '"'
