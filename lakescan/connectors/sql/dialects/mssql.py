"""SQL Server, through pymssql."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lakescan.connectors.sql.columns import SqlColumn
from lakescan.connectors.sql.relational import Codes, Facts, RelationalDatabase, known_error
from lakescan.connectors.sql.statements import plain
from lakescan.errors import (
    CredentialError,
    LakeError,
    MissingDependencyError,
    NotFoundError,
    TerminalError,
    TransientError,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, FromClause
    from sqlalchemy.sql.expression import TableClause

    from lakescan.connectors.sql.database import Expression

_DATABASES = "SELECT name FROM sys.databases WHERE database_id > 4 AND state = 0 ORDER BY name"
_SCHEMAS = """
SELECT DISTINCT s.name FROM sys.schemas s JOIN sys.objects o ON o.schema_id = s.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND s.name NOT IN ('sys', 'INFORMATION_SCHEMA')
ORDER BY s.name
"""
_FACTS = """
SELECT o.name, CAST(SUM(CASE WHEN p.index_id < 2 THEN p.row_count ELSE 0 END) AS bigint),
  CAST(SUM(p.used_page_count) * 8192 AS bigint),
  HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT', 'SELECT')
FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
JOIN sys.dm_db_partition_stats p ON p.object_id = o.object_id
WHERE o.type = 'U' AND s.name = :schema GROUP BY s.name, o.name
"""
#: Errors by number (SQL Server's documentation; 20xxx are the client library's).
_NUMBERS: Codes = (
    (
        frozenset({18452, 18456, 18470, 18486, 18487, 18488}),
        CredentialError,
        "the login is refused",
    ),
    (frozenset({229, 230, 262, 297, 300, 916}), CredentialError, "permission denied"),
    (frozenset({911, 4060}), NotFoundError, "no such database, or not for this login"),
    (frozenset({208}), NotFoundError, "no such table"),
    (frozenset({1205, 1222}), TransientError, "a lock was not free in time"),
    (
        frozenset({3960, 10928, 10929, 20002, 20003, 20006, 20009, 20047, 40197, 40501, 40613}),
        TransientError,
        "the server does not answer, or no more",
    ),
)


class MssqlDatabase(RelationalDatabase):
    """One session; it sees committed rows, a snapshot where the database allows one."""

    def make_engine(self) -> Engine:
        """An engine with time-outs, which says that it only reads."""
        try:
            import pymssql  # noqa: F401
            import sqlalchemy as sa
        except ModuleNotFoundError as error:
            raise MissingDependencyError("pymssql", "mssql") from error
        where = self.address_of
        url = sa.URL.create(
            "mssql+pymssql",
            username=where.user or None,
            password=str(where.password) or None,
            host=where.host or "localhost",
            port=where.port or 1433,
            database=where.database or "master",
        )
        arguments = {
            "login_timeout": max(1, round(self.patience.connect_seconds)),
            "timeout": max(1, round(self.patience.statement_seconds)),
            "appname": "lakescan",
            "read_only": True,
            "charset": "UTF-8",
        }
        return sa.create_engine(url, connect_args=arguments, poolclass=sa.pool.NullPool)

    def begin(self, connection: Connection, snapshot: str) -> None:
        """Set the lock time-out, and the snapshot where the database has snapshots on."""
        connection.exec_driver_sql(f"SET LOCK_TIMEOUT {round(self.patience.lock_seconds * 1000)}")
        state = "SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()"
        if connection.exec_driver_sql(state).scalar() == 1:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL SNAPSHOT")
        connection.rollback()

    def databases(self) -> list[str]:
        """Those that are online and not the server's own."""
        with self.errors():
            return [row[0] for row in self._connection.exec_driver_sql(_DATABASES)]

    def schemas(self, connection: Connection) -> list[str]:
        """Those that hold tables or views of users."""
        return [row[0] for row in connection.exec_driver_sql(_SCHEMAS)]

    def facts(self, connection: Connection, schema: str) -> Mapping[str, Facts]:
        """Sizes and what we may read; of changes the server keeps no lasting count."""
        import sqlalchemy as sa

        return {
            name: Facts(rows, size, readable=bool(readable))
            for name, rows, size, readable in connection.execute(
                sa.text(_FACTS), {"schema": schema}
            )
        }

    def expression(self, column: SqlColumn) -> Expression:
        """How a column is selected; types that the client library lacks, as texts."""
        import sqlalchemy as sa

        name = plain(column.name, self.quote)
        return sa.cast(name, sa.NVARCHAR) if column.form == "text" else name

    def sampled(self, table: TableClause, percent: float) -> FromClause:
        """Whole pages, chosen at random; the same ones each time."""
        import sqlalchemy as sa

        share = sa.text(f"{percent:.6f} PERCENT")
        return sa.tablesample(table, sa.func.system(share), seed=sa.literal_column("1"))

    def error(self, error: Exception) -> LakeError | None:
        """Pymssql's errors by their numbers."""
        import pymssql

        if not isinstance(error, pymssql.Error):
            return None
        uri = self.address_of.shown
        number = error.args[0] if error.args else 0
        number = number[0] if isinstance(number, tuple) else number
        if (known := known_error(number, _NUMBERS, uri)) is not None:
            return known
        if isinstance(error, pymssql.OperationalError | pymssql.InterfaceError):
            return TransientError(f"{uri}: the server failed", uri=uri)
        return TerminalError(f"{uri}: the server refuses a statement", uri=uri)
