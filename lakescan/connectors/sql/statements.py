"""The few statements that reading needs, as SQLAlchemy expressions that every dialect compiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lakescan.connectors.sql.bounds import Key, KeyRange
from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.database import Database, QuoteRule

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause
    from sqlalchemy.sql.expression import TableClause

    from lakescan.connectors.sql.database import Expression, Statement

#: The name of the range's column where it is a row's address.
ADDRESS = ""


def rows_of(
    database: Database,
    table: SqlTable,
    columns: Sequence[SqlColumn],
    within: KeyRange | None,
    *,
    limit: int | None = None,
    percent: float | None = None,
    flags: Sequence[Expression] = (),
) -> Statement:
    """Select rows of a table.

    Args:
        database: whose dialect counts.
        table: what from.
        columns: which, in this order.
        within: only the rows of this range.
        limit: at most so many.
        percent: a sample that the server takes, of about so many rows in a hundred.
        flags: what else is selected of each row, after the columns.
    """
    import sqlalchemy as sa

    source: FromClause = named(table, database.quote)
    if percent is not None:
        sample = database.sampled(named(table, database.quote), percent)
        source = source if sample is None else sample
    wanted = [*(database.expression(c) for c in columns), *flags]
    chosen = [expression.label(f"c{at}") for at, expression in enumerate(wanted)]
    statement = sa.select(*(chosen or [sa.literal_column("1").label("c0")])).select_from(source)
    if within is not None:
        statement = statement.where(*_conditions(database, within))
    return statement if limit is None else statement.limit(limit)


def end_of(database: Database, table: SqlTable, names: Sequence[str], *, last: bool) -> Statement:
    """Select the first or the last key of a table."""
    import sqlalchemy as sa

    keys = _keys(database, names)
    order = [key.desc() for key in keys] if last else keys
    return sa.select(*keys).select_from(named(table, database.quote)).order_by(*order).limit(1)


def key_after(
    database: Database, table: SqlTable, names: Sequence[str], low: Key | None, rows: int
) -> Statement:
    """Select the key that stands so many rows after ``low`` (or the first), by the index alone."""
    import sqlalchemy as sa

    keys = _keys(database, names)
    statement = sa.select(*keys).select_from(named(table, database.quote)).order_by(*keys)
    if low is not None:
        statement = statement.where(*_conditions(database, KeyRange(tuple(names), low)))
    return statement.offset(rows).limit(1)


def named(table: SqlTable, quote: QuoteRule = True) -> TableClause:
    """A table by its names."""
    import sqlalchemy as sa
    from sqlalchemy.sql import quoted_name

    schema = quoted_name(table.schema, quote=quote) if table.schema else None
    return sa.table(quoted_name(table.name, quote=quote), schema=schema)


def plain(name: str, quote: QuoteRule = True) -> Expression:
    """A column as the driver gives it."""
    import sqlalchemy as sa
    from sqlalchemy.sql import quoted_name

    return sa.column(quoted_name(name, quote=quote))


def _keys(database: Database, names: Sequence[str]) -> list[Expression]:
    return [
        database.address() if name == ADDRESS else plain(name, database.quote) for name in names
    ]


def _conditions(database: Database, within: KeyRange) -> list[ColumnElement[bool]]:
    keys = _keys(database, within.columns)
    address = within.columns == (ADDRESS,)
    found: list[ColumnElement[bool]] = []
    if within.low is not None:
        found.append(_at_least(keys, _given(database, within.low, address=address)))
    if within.high is not None:
        found.append(_less(keys, _given(database, within.high, address=address)))
    return found


def _given(database: Database, key: Key, *, address: bool) -> list[Expression]:
    import sqlalchemy as sa

    if address:
        (number,) = key
        assert isinstance(number, int)
        place = database.place(number)
        return [sa.literal(place) if isinstance(place, int) else sa.literal_column(str(place))]
    return [sa.literal(value) for value in key]


def _at_least(keys: list[Expression], low: list[Expression]) -> ColumnElement[bool]:
    """``keys >= low``, first column first; said so that the key's index is used."""
    import sqlalchemy as sa

    if len(keys) == 1:
        return keys[0] >= low[0]
    rest = _at_least(keys[1:], low[1:])
    return sa.and_(keys[0] >= low[0], sa.or_(keys[0] > low[0], rest))


def _less(keys: list[Expression], high: list[Expression]) -> ColumnElement[bool]:
    """``keys < high``, first column first."""
    import sqlalchemy as sa

    if len(keys) == 1:
        return keys[0] < high[0]
    rest = _less(keys[1:], high[1:])
    return sa.and_(keys[0] <= high[0], sa.or_(keys[0] < high[0], rest))
