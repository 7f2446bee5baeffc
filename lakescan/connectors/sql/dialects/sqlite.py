"""SQLite: a database that is a file, read only, through the module of Python's own library."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.design import TableDesign
from lakescan.connectors.sql.dialects.sqlite_exact import exact_table
from lakescan.connectors.sql.relational import Facts, RelationalDatabase
from lakescan.connectors.sql.versions import file_version
from lakescan.errors import (
    CorruptFileError,
    CredentialError,
    LakeError,
    MissingDependencyError,
    NotFoundError,
    TransientError,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import ReflectedColumn

    from lakescan.connectors.sql.database import Expression

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
)
#: A view shows what the file holds, and changes with it.
_VIEWS = "SELECT name FROM sqlite_master WHERE type = 'view'"
#: A table may have a column of the row id's name.
_SHADOWED = "SELECT 1 FROM pragma_table_info(?) WHERE lower(name) = '_rowid_'"
_UNIQUES = "SELECT name FROM pragma_index_list(?) WHERE origin = 'u' ORDER BY seq"
_INDEXED = "SELECT name FROM pragma_index_info(?) ORDER BY seqno"


def _row_id() -> Expression:
    import sqlalchemy as sa

    return sa.literal_column("_rowid_", sa.Integer())


class SqliteDatabase(RelationalDatabase):
    """One session. The file's size and time are every table's version."""

    def make_engine(self) -> Engine:
        """Open the file for reading."""
        try:
            import sqlalchemy as sa
        except ModuleNotFoundError as error:
            raise MissingDependencyError("sqlalchemy", "sql") from error
        path = Path(self.address_of.database)
        if not path.is_file():
            raise NotFoundError(f"{self.address_of.shown}: no such file", uri=self.address_of.shown)
        uri = f"{path.as_uri()}?mode=ro"

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(uri, timeout=self.patience.lock_seconds, uri=True)
            # Bytes that are no text in the declared encoding are replaced, as in files.
            connection.text_factory = lambda data: data.decode("utf-8", "replace")
            return connection

        return sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.NullPool)

    def begin(self, connection: Connection, snapshot: str) -> None:
        """Read only; what is read stands in one transaction."""
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")

    def facts(self, connection: Connection, schema: str) -> Mapping[str, Facts]:
        """The row ids that there are at most, and how the file's bytes are shared out."""
        import sqlalchemy as sa

        with_ids: dict[str, bool] = {}
        rows: dict[str, int] = {}
        for (name,) in connection.exec_driver_sql(_TABLES).fetchall():
            table = sa.table(sa.sql.quoted_name(name, quote=True))
            span = sa.select(sa.func.max(_row_id()), sa.func.min(_row_id()))
            try:
                high, low = tuple[Any, Any](connection.execute(span.select_from(table)).one())
                rows[name] = 0 if high is None else int(high) - int(low) + 1
                with_ids[name] = not connection.exec_driver_sql(_SHADOWED, (name,)).first()
            except (sa.exc.OperationalError, ValueError):  # WITHOUT ROWID
                with_ids[name] = False
                count = sa.select(sa.func.count()).select_from(table)
                rows[name] = connection.execute(count).scalar_one()
        size = os.stat(self.address_of.database).st_size
        total = max(1, sum(rows.values()))
        version = file_version(self.address_of.database)
        views = connection.exec_driver_sql(_VIEWS).fetchall()
        return {name: Facts(version=version) for (name,) in views} | {
            name: Facts(count, max(1, size * count // total), version, with_ids[name])
            for name, count in rows.items()
        }

    def address(self) -> Expression:
        """The row id."""
        return _row_id()

    def column(self, found: ReflectedColumn) -> SqlColumn:
        """A column; rows are told apart by their ids, as a key may hold anything here, or NULL."""
        return replace(super().column(found), key="")

    def design(self, schema: str, name: str) -> TableDesign:
        """How a table was made; SQLAlchemy finds unique keys only in some ways to write them."""
        import sqlalchemy as sa

        found = super().design(schema, name)
        with self.errors():
            there = set(found.keys)
            for (index,) in self._connection.exec_driver_sql(_UNIQUES, (name,)).fetchall():
                names = [
                    row[0]
                    for row in self._connection.exec_driver_sql(_INDEXED, (index,)).fetchall()
                ]
                if tuple(names) not in there and None not in names:
                    found.table.append_constraint(sa.UniqueConstraint(*names))
        return found

    def exact(self, table: SqlTable) -> SqlTable:
        """With the types that values have, where these are not the declared ones."""
        return exact_table(self, table)

    def error(self, error: Exception) -> LakeError | None:
        """SQLite's errors by their codes (sqlite.org/rescode.html)."""
        return sqlite_error(self.address_of.shown, error)


def sqlite_error(uri: str, error: Exception) -> LakeError | None:
    """What an error of the module ``sqlite3`` means."""
    if not isinstance(error, sqlite3.Error):
        return None
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TransientError(f"{uri}: is locked", uri=uri)
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return CorruptFileError(f"{uri}: is no SQLite database, or damaged", uri=uri)
    if code in (sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_CANTOPEN):
        return CredentialError(f"{uri}: cannot be opened for reading", uri=uri)
    if code == sqlite3.SQLITE_IOERR:
        return TransientError(f"{uri}: cannot be read for now", uri=uri)
    if code == sqlite3.SQLITE_ERROR and "no such table" in str(error):
        return NotFoundError(f"{uri}: no such table", uri=uri)
    return None
