"""The rows of a range: all of them, or a sample."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.model import ReadRequest
from lakescan.connectors.sql.bounds import Key, KeyRange
from lakescan.connectors.sql.columns import SqlTable, schema_of
from lakescan.connectors.sql.database import Database
from lakescan.connectors.sql.splits import spread
from lakescan.connectors.sql.statements import ADDRESS, end_of, rows_of
from lakescan.connectors.sql.unseen import Unseen

if TYPE_CHECKING:
    from lakescan.connectors.sql.database import Expression, Statement

#: A sample of a range is taken at so many places in it.
_PLACES = 10
#: The server is asked for so many times the rows that are wanted, since it counts in pages.
_SPARE = 1.5
#: A sample has about so many of its pages at least; PostgreSQL's and SQL Server's have 8 KiB.
_PAGES, _PAGE_BYTES = 16, 8192


def rows_within(
    database: Database,
    table: SqlTable,
    within: KeyRange | None,
    request: ReadRequest,
    unseen: Unseen,
) -> Iterator[pa.RecordBatch]:
    """Read a range in batches; at most ``request.max_rows`` of it, from all over.

    A whole table is sampled by the server (TABLESAMPLE); a range of an integer or UUID key at
    places evenly spread over it; any other from its beginning.
    """
    left = request.max_rows
    if left == 0:
        yield _empty(table)
        return
    read = 0
    columns = (*table.columns, *unseen.flags)
    flags = unseen.expressions(database)
    for statement in _statements(database, table, within, left, flags):
        for batch in database.batches(statement, columns, request.batch_bytes):
            rows = batch if left is None else batch.slice(0, left - read)
            read += rows.num_rows
            yield unseen.taken(rows)
            if left is not None and read >= left:
                return
    if not read and left is not None:  # the server's sample may hit nothing
        head = rows_of(database, table, table.columns, within, limit=left, flags=flags)
        for batch in database.batches(head, columns, request.batch_bytes):
            yield unseen.taken(batch)


def _statements(
    database: Database,
    table: SqlTable,
    within: KeyRange | None,
    limit: int | None,
    flags: list[Expression],
) -> Iterator[Statement]:
    columns = table.columns
    if limit is None:
        yield rows_of(database, table, columns, within, flags=flags)
    elif within is None:
        percent = _percent(table, limit)
        yield rows_of(database, table, columns, None, limit=limit, percent=percent, flags=flags)
    else:
        places = _places(database, table, within) if limit >= _PLACES else [within]
        for place in places:
            part = -(-limit // len(places))
            yield rows_of(database, table, columns, place, limit=part, flags=flags)


def _percent(table: SqlTable, limit: int) -> float | None:
    """What the server has to sample of a whole table; None where its beginning is as good."""
    if not table.rows or table.rows <= 2 * limit:
        return None
    by_rows = 100 * _SPARE * limit / table.rows
    by_pages = 100 * _PAGES * _PAGE_BYTES / max(1, table.size)
    return min(100.0, round(max(by_rows, by_pages), 6))


def _places(database: Database, table: SqlTable, within: KeyRange) -> list[KeyRange]:
    """Parts of a range, where its ends are numbers."""
    names = within.columns
    if len(names) > 1 or (names == (ADDRESS,) and not isinstance(database.place(0), int)):
        return [within]
    ends: list[Key] = []
    for given, last in ((within.low, False), (within.high, True)):
        key = given
        if key is None:
            row = database.first_row(end_of(database, table, names, last=last))
            key = None if row is None else _key_like(within, row)
        if key is None or not isinstance(key[0], int | uuid.UUID):
            return [within]
        ends.append(key)
    return spread(within, ends[0], ends[1], _PLACES)


def _key_like(within: KeyRange, row: tuple[object, ...]) -> Key | None:
    """A row of one key as a key of the same kind as the range's other end; None if it is none."""
    other = (within.low or within.high or (0,))[0]
    if isinstance(other, uuid.UUID):
        return (row[0] if isinstance(row[0], uuid.UUID) else uuid.UUID(str(row[0])),)
    return (row[0],) if isinstance(other, int) and isinstance(row[0], int) else None


def _empty(table: SqlTable) -> pa.RecordBatch:
    schema = schema_of(table.columns)
    return pa.RecordBatch.from_arrays([pa.nulls(0, f.type) for f in schema], schema=schema)
