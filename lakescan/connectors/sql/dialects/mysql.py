"""MySQL and MariaDB, through PyMySQL: rows come by an unbuffered cursor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.exact import as_text, odd_columns, with_columns
from lakescan.connectors.sql.relational import Codes, Facts, RelationalDatabase, known_error
from lakescan.connectors.sql.statements import plain
from lakescan.connectors.sql.wire import TEXT
from lakescan.errors import (
    CredentialError,
    LakeError,
    MissingDependencyError,
    NotFoundError,
    TerminalError,
    TransientError,
)

if TYPE_CHECKING:
    from pymysql.connections import Connection as PyMySQLConnection
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import ReflectedColumn

    from lakescan.connectors.sql.database import Expression

#: What PyMySQL takes of a URI's query.
_PYMYSQL = frozenset({"ssl_ca", "ssl_cert", "ssl_key", "ssl_verify_cert", "ssl_verify_identity"})
#: The form of a float of 32 bits, of which the server would tell six digits.
_FLOAT = "float"
_OWN = ("information_schema", "mysql", "performance_schema", "sys")
#: The time of an update has seconds: after one of this very second there may be another in it.
_FACTS = """
SELECT table_name, table_rows, coalesce(data_length, 0) + coalesce(index_length, 0),
  concat_ws('-', create_time, update_time, table_rows, data_length),
  engine = 'InnoDB' AND update_time < now() - INTERVAL 2 SECOND
FROM information_schema.tables WHERE table_schema = :schema AND table_type LIKE 'BASE TABLE'
"""
#: Errors by number (MySQL's and MariaDB's reference manuals) -> ours, and what is the matter.
_NUMBERS: Codes = (
    (frozenset({1044, 1045, 1698, 2059, 3118}), CredentialError, "the login is refused"),
    (frozenset({1142, 1143, 1227, 1370}), CredentialError, "permission denied"),
    (frozenset({1049}), NotFoundError, "no such database"),
    (frozenset({1051, 1146}), NotFoundError, "no such table"),
    (frozenset({1406}), TerminalError, "a value is too long for its column"),
    (frozenset({1048}), TerminalError, "a column takes no nulls"),
    (frozenset({1062}), TerminalError, "a key would be there twice"),
    (frozenset({1969, 3024}), TransientError, "a statement took too long"),
    (frozenset({1205}), TransientError, "a lock was not free in time"),
    (
        frozenset({1040, 1053, 1158, 1159, 1160, 1161, 1203, 1213, 2002, 2003, 2006, 2013, 2055}),
        TransientError,
        "the server does not answer, or no more",
    ),
)


class MysqlDatabase(RelationalDatabase):
    """One session, in one transaction with a consistent snapshot. A schema is a database here."""

    known = _PYMYSQL
    _raw: PyMySQLConnection

    def make_engine(self) -> Engine:
        """An engine with time-outs for the network and for statements."""
        try:
            import pymysql  # noqa: F401
            import sqlalchemy as sa
        except ModuleNotFoundError as error:
            raise MissingDependencyError("pymysql", "mysql") from error
        where = self.address_of
        url = sa.URL.create(
            "mysql+pymysql",
            username=where.user or None,
            password=str(where.password) or None,
            host=where.host or "localhost",
            port=where.port,
            database=where.database or None,
        )
        first = max(1, round(self.patience.connect_seconds))
        seconds = max(1, round(self.patience.statement_seconds))
        arguments: dict[str, str | int | float] = {
            "charset": "utf8mb4",
            "connect_timeout": first,
            # A server that lets us in and says nothing is not waited for like a long statement.
            "read_timeout": first,
            "write_timeout": seconds,
            "program_name": "lakescan",
        }
        arguments |= {name: value for name, value in where.options.items() if name in _PYMYSQL}
        engine = sa.create_engine(
            url,
            connect_args=arguments,
            poolclass=sa.pool.NullPool,
            isolation_level="REPEATABLE READ",
        )

        def greeted(raw: PyMySQLConnection, _: object) -> None:
            raw._read_timeout = seconds  # noqa: SLF001 - it has no other way once connected

        sa.event.listen(engine, "connect", greeted)
        return engine

    def begin(self, connection: Connection, snapshot: str) -> None:
        """Set the session and begin."""
        self._raw = cast("PyMySQLConnection", connection.connection.dbapi_connection)
        seconds = self.patience.statement_seconds
        lock = max(1, round(self.patience.lock_seconds))
        mariadb = bool(getattr(connection.dialect, "is_mariadb", False))
        limit = (
            f"max_statement_time = {seconds}"
            if mariadb
            else f"max_execution_time = {round(seconds * 1000)}"
        )
        connection.exec_driver_sql(
            f"SET SESSION {limit}, time_zone = '+00:00', lock_wait_timeout = {lock},"
            f" innodb_lock_wait_timeout = {lock}, net_write_timeout = 600"
        )
        connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")

    def databases(self) -> list[str]:
        """Those that we may see."""
        with self.errors():
            found = [row[0] for row in self._connection.exec_driver_sql("SHOW DATABASES")]
        return sorted(name for name in found if name.lower() not in _OWN)

    def facts(self, connection: Connection, schema: str) -> Mapping[str, Facts]:
        """Sizes and the times of the last updates, as InnoDB tells them since its start."""
        import sqlalchemy as sa

        given = {"schema": self.address_of.database}
        return {
            name: Facts(rows, int(size), f"{version}" if known else "")
            for name, rows, size, version, known in connection.execute(sa.text(_FACTS), given)
        }

    def column(self, found: ReflectedColumn) -> SqlColumn:
        """A column; a time of day may be any span here, and bits are bytes."""
        from sqlalchemy.dialects import mysql

        column = super().column(found)
        kind = found["type"]
        if isinstance(kind, mysql.BIGINT) and kind.unsigned:
            return replace(column, arrow=pa.uint64())
        if isinstance(kind, mysql.TINYINT) and kind.display_width == 1:
            return replace(column, arrow=pa.bool_(), key="")
        if isinstance(kind, mysql.TIME):
            return replace(column, arrow=pa.duration("us"))
        if isinstance(kind, mysql.TIMESTAMP):
            return replace(column, arrow=pa.timestamp("us", "UTC"))
        if isinstance(kind, mysql.FLOAT):
            return replace(column, form=_FLOAT)
        if isinstance(kind, mysql.YEAR):
            return replace(column, arrow=pa.int64())
        return replace(column, arrow=pa.binary()) if isinstance(kind, mysql.BIT) else column

    def expression(self, column: SqlColumn) -> Expression:
        """How a column is selected: as text where that is asked for, a float with all digits."""
        import sqlalchemy as sa

        name = super().expression(column)
        if column.form == TEXT:
            return sa.cast(name, sa.CHAR)
        return name + sa.literal_column("0e0") if column.form == _FLOAT else name

    def exact(self, table: SqlTable) -> SqlTable:
        """With texts where dates have a year, month or day of zero."""
        import sqlalchemy as sa

        odd = {}
        for column in table.columns:
            if pa.types.is_date(column.arrow) or pa.types.is_timestamp(column.arrow):
                name = plain(column.name)
                parts = (sa.func.year(name), sa.func.month(name), sa.func.dayofmonth(name))
                odd[column.name] = sa.or_(*(part == sa.literal_column("0") for part in parts))
        found = odd_columns(self, table, odd)
        return with_columns(table, {c.name: as_text(c) for c in table.columns if c.name in found})

    def abandon(self) -> None:
        """Hang up: PyMySQL would fetch all rows that are left, from a server that may be gone."""
        result = self._raw._result  # noqa: SLF001 - the only way that does not wait
        if result is not None:
            result.unbuffered_active = False
        self._raw._force_close()  # noqa: SLF001

    def error(self, error: Exception) -> LakeError | None:
        """PyMySQL's errors by their numbers."""
        import pymysql

        uri = self.address_of.shown
        if isinstance(error, RuntimeError) and "cryptography" in str(error):
            raise MissingDependencyError("cryptography", "mysql")
        if not isinstance(error, pymysql.MySQLError):
            return None
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        if (known := known_error(number, _NUMBERS, uri)) is not None:
            return known
        if isinstance(error, pymysql.OperationalError | pymysql.InterfaceError):
            return TransientError(f"{uri}: the server failed ({number})", uri=uri)
        return TerminalError(f"{uri}: the server refuses a statement ({number})", uri=uri)
