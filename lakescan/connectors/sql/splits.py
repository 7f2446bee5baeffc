"""A table is cut into ranges of its key, or of its rows' addresses, that cover each row once."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from itertools import pairwise
from typing import cast

from lakescan.connectors.sql.bounds import Key, KeyRange, KeyValue, even_cuts, ranges_between
from lakescan.connectors.sql.columns import SqlTable
from lakescan.connectors.sql.database import Database
from lakescan.connectors.sql.statements import ADDRESS, end_of, key_after

#: A table is cut into no more pieces than this: beyond, pieces grow.
MOST_PIECES = 1024
#: Keys are spread evenly where at least one number in so many is a row's.
_SPARSE = 8
#: What a row takes where nobody knows, bytes.
ROW_BYTES = 200


def cut(database: Database, table: SqlTable, split_bytes: int) -> list[KeyRange | None]:
    """The ranges of one table; ``[None]`` where it is read as one stream.

    An integer key is cut evenly between its ends, unless it has holes; a UUID evenly too. Any
    other key, a composite one too, is walked by its index, so many rows at a time. A table
    without a key that can be cut is cut by its rows' addresses. Keys that are texts are left
    alone: their ends would be names and addresses of people.
    """
    pieces = _pieces(table, split_bytes)
    kinds = [table.column(name).key for name in table.key]
    whole: list[KeyRange | None] = [None]
    if table.view or pieces < 2:
        return whole
    if not kinds or not all(kinds):
        if not table.addressed:
            return whole
        return list(_by_address(database, table, pieces))
    if len(kinds) == 1 and kinds[0] in ("int", "uuid"):
        ends = _ends(database, table, table.key)
        if ends is None:
            return whole
        first, last = (_number(key[0]) for key in ends)
        if kinds[0] == "uuid":
            cuts: list[Key] = [(uuid.UUID(int=n),) for n in even_cuts(first, last, pieces)]
            return list(ranges_between(table.key, cuts))
        if table.rows and last - first + 1 <= _SPARSE * table.rows:
            cuts = [(number,) for number in even_cuts(first, last, pieces)]
            return list(ranges_between(table.key, cuts))
    if not database.composite and len(kinds) > 1:
        return whole
    return list(_walked(database, table, pieces))


def spread(within: KeyRange, first: Key, last: Key, pieces: int) -> list[KeyRange]:
    """Cut a range of an integer or UUID key further, evenly: where samples are taken."""
    low, high = (_number(key[0]) for key in (first, last))
    make = uuid.UUID if isinstance(first[0], uuid.UUID) else None
    cuts: list[Key] = [(make(int=n) if make else n,) for n in even_cuts(low, high, pieces)]
    ends: list[Key | None] = [within.low, *cuts, within.high]
    return [KeyRange(within.columns, a, b) for a, b in pairwise(ends)]


def _pieces(table: SqlTable, split_bytes: int) -> int:
    size = table.size or (table.rows or 0) * ROW_BYTES
    return min(MOST_PIECES, -(-size // max(1, split_bytes)))


def _by_address(database: Database, table: SqlTable, pieces: int) -> list[KeyRange]:
    if table.pages:
        first, last = 0, table.pages - 1
    else:
        ends = _ends(database, table, (ADDRESS,))
        if ends is None:
            return [KeyRange((ADDRESS,))]
        first, last = (_number(key[0]) for key in ends)
    cuts: list[Key] = [(number,) for number in even_cuts(first, last, pieces)]
    return ranges_between((ADDRESS,), cuts)


def _ends(database: Database, table: SqlTable, names: tuple[str, ...]) -> tuple[Key, Key] | None:
    """The first key and the last; None of an empty table."""
    first = database.first_row(end_of(database, table, names, last=False))
    last = database.first_row(end_of(database, table, names, last=True))
    if first is None or last is None:
        return None
    return _key(table, names, first), _key(table, names, last)


def _walked(database: Database, table: SqlTable, pieces: int) -> list[KeyRange]:
    """Ranges of about equally many rows."""
    rows = table.rows or max(1, table.size // ROW_BYTES)
    step = max(1, -(-rows // pieces))
    cuts: list[Key] = []
    low: Key | None = None
    while len(cuts) < MOST_PIECES:
        found = database.first_row(key_after(database, table, table.key, low, step))
        if found is None:
            break
        low = _key(table, table.key, found)
        cuts.append(low)
    return ranges_between(table.key, cuts)


def _key(table: SqlTable, names: tuple[str, ...], row: tuple[object, ...]) -> Key:
    kinds = ["int" if name == ADDRESS else table.column(name).key for name in names]
    return tuple(_value(kind, value) for kind, value in zip(kinds, row, strict=True))


def _value(kind: str, value: object) -> KeyValue:
    if kind == "uuid":
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
    if isinstance(value, decimal.Decimal | dt.datetime | dt.date) and kind != "int":
        return value
    return int(cast("int", value))


def _number(value: KeyValue) -> int:
    return value.int if isinstance(value, uuid.UUID) else int(cast("int", value))
