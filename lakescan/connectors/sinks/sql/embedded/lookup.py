"""A dialect's name -> its file, open for a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakescan.connectors.sinks.sql.embedded.writing import FileWriting
from lakescan.connectors.sql.address import Address

if TYPE_CHECKING:
    from sqlalchemy import Dialect


def open_file(address: Address, *, reading: bool = False) -> FileWriting:
    """Open a file and begin a transaction.

    Args:
        address: which; a file that is not there is made.
        reading: just to look at it: it must be there, and is not locked.

    Raises:
        MissingDependencyError: the module is not installed.
        TransientError: another process writes to it.
    """
    if address.dialect == "sqlite":
        from lakescan.connectors.sinks.sql.embedded.sqlite import SqliteWriting

        return SqliteWriting(address, reading=reading)
    from lakescan.connectors.sinks.sql.embedded.duckdb import DuckWriting

    return DuckWriting(address, reading=reading)


def compiler_of(dialect: str) -> Dialect:
    """SQLAlchemy's dialect; DuckDB's SQL is near to PostgreSQL's."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite.base import SQLiteDialect

        return SQLiteDialect()
    from sqlalchemy.dialects.postgresql.base import PGDialect

    return PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]
