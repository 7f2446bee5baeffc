"""PostgreSQL, through psycopg2: rows come by COPY, all sessions of a scan see one snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.dialects.postgresql_copy import copied
from lakescan.connectors.sql.dialects.postgresql_errors import postgresql_error
from lakescan.connectors.sql.dialects.postgresql_exact import exact_table
from lakescan.connectors.sql.dialects.postgresql_types import column_of, expression_of
from lakescan.connectors.sql.relational import Facts, RelationalDatabase
from lakescan.errors import LakeError, MissingDependencyError, NotFoundError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, FromClause
    from sqlalchemy.engine.interfaces import ReflectedColumn
    from sqlalchemy.sql.expression import TableClause

    from lakescan.connectors.sql.database import Expression, Statement

#: What libpq takes of a URI's query (PostgreSQL documentation, 34.1.2).
_LIBPQ = frozenset(
    "application_name channel_binding gssencmode krbsrvname options passfile require_auth service"
    " sslcert sslcrl sslkey sslmode sslrootcert sslsni target_session_attrs".split()
)
_DATABASES = """
SELECT datname FROM pg_database
WHERE datallowconn AND NOT datistemplate AND has_database_privilege(oid, 'CONNECT') ORDER BY 1
"""
_SCHEMAS = """
SELECT nspname FROM pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND has_schema_privilege(oid, 'USAGE')
ORDER BY 1
"""
#: The counters of the cumulative statistics count committed changes only; they begin anew after a
#: crash, hence the server's start in the version. A partitioned table's are its partitions'. Sizes
#: of a table that somebody has for himself would be waited for: the catalog's estimate does there.
_FACTS = """
WITH RECURSIVE parts AS (
  SELECT c.oid AS root, c.oid AS part FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'm', 'f', 'v')
  UNION ALL SELECT p.root, i.inhrelid FROM parts p JOIN pg_inherits i ON i.inhparent = p.part
), taken AS MATERIALIZED (
  SELECT relation FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation IS NOT NULL
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT c.relname, c.relkind::text, c.relispartition, has_table_privilege(c.oid, 'SELECT'),
  current_setting('block_size')::int, count(*) > 1, a.amname,
  sum(CASE WHEN part.relkind IN ('r', 'm') THEN greatest(part.reltuples, 0) ELSE 0 END)::bigint,
  sum(CASE WHEN part.relkind NOT IN ('r', 'm') THEN 0
    WHEN part.oid IN (SELECT relation FROM taken)
      THEN part.relpages::bigint * current_setting('block_size')::int
    ELSE pg_table_size(part.oid) END)::bigint,
  sum(CASE WHEN part.relkind NOT IN ('r', 'm') THEN 0
    WHEN part.oid IN (SELECT relation FROM taken)
      THEN part.relpages::bigint * current_setting('block_size')::int
    ELSE pg_relation_size(part.oid) END)::bigint,
  bool_or(part.reltuples < 0 AND part.relkind IN ('r', 'm')),
  bool_or(part.relkind IN ('f', 'v')) OR current_setting('track_counts') = 'off',
  md5(string_agg(concat_ws('-', part.oid, part.relfilenode, pg_stat_get_tuples_inserted(part.oid),
    pg_stat_get_tuples_updated(part.oid), pg_stat_get_tuples_deleted(part.oid)), ' '
    ORDER BY part.oid) || pg_postmaster_start_time() ||
    coalesce(pg_stat_get_db_stat_reset_time((SELECT oid FROM pg_database
      WHERE datname = current_database()))::text, ''))
FROM parts JOIN pg_class c ON c.oid = parts.root JOIN pg_class part ON part.oid = parts.part
LEFT JOIN pg_am a ON a.oid = c.relam
GROUP BY c.oid, c.relname, c.relkind, c.relispartition, a.amname
"""
#: Since this version a range of ctid is read as such, not by a look at every row.
_CTID_RANGES = 14
#: So long after a statement's time the server should have said that it is over.
_GRACE_SECONDS = 5.0
#: What the server says of a snapshot whose session is gone (invalid value, undefined object).
_NO_SNAPSHOT = ("22023", "42704")


class PostgresDatabase(RelationalDatabase):
    """One session, in one transaction: read only, repeatable read."""

    known = _LIBPQ

    def make_engine(self) -> Engine:
        """An engine with time-outs for the network and for statements."""
        try:
            import psycopg2  # noqa: F401
            import sqlalchemy as sa
        except ModuleNotFoundError as error:
            raise MissingDependencyError("psycopg2", "postgresql") from error
        where = self.address_of
        url = sa.URL.create(
            "postgresql+psycopg2",
            username=where.user or None,
            password=str(where.password) or None,
            host=where.host or None,
            port=where.port,
            database=where.database or "postgres",
        )
        arguments: dict[str, str | int] = {
            "application_name": "lakescan",
            "connect_timeout": max(1, round(self.patience.connect_seconds)),
            "client_encoding": "utf8",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
        }
        arguments |= {name: value for name, value in where.options.items() if name in _LIBPQ}
        return sa.create_engine(
            url,
            connect_args=arguments,
            poolclass=sa.pool.NullPool,
            isolation_level="REPEATABLE READ",
            use_native_hstore=False,
        )

    def begin(self, connection: Connection, snapshot: str) -> None:
        """Begin the transaction; settings are no queries, so that a snapshot can be taken over."""
        connection.execution_options(postgresql_readonly=True)
        for name, value in (
            ("statement_timeout", f"'{round(self.patience.statement_seconds * 1000)}'"),
            ("lock_timeout", f"'{round(self.patience.lock_seconds * 1000)}'"),
            ("idle_in_transaction_session_timeout", "0"),
            ("TimeZone", "'UTC'"),
            ("DateStyle", "'ISO'"),
            ("IntervalStyle", "'postgres'"),
            ("bytea_output", "'hex'"),
            ("extra_float_digits", "1"),
        ):
            connection.exec_driver_sql(f"SET {name} = {value}")
        if snapshot:
            quoted = snapshot.replace("'", "''")
            import sqlalchemy as sa

            try:
                connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{quoted}'")
            except sa.exc.DBAPIError as error:
                if getattr(error.orig, "pgcode", None) in _NO_SNAPSHOT:
                    raise NotFoundError("no such snapshot") from None
                raise

    def databases(self) -> list[str]:
        """Those that we may connect to."""
        with self.errors():
            return [row[0] for row in self._connection.exec_driver_sql(_DATABASES)]

    def schemas(self, connection: Connection) -> list[str]:
        """Those that we may use."""
        return [row[0] for row in connection.exec_driver_sql(_SCHEMAS)]

    def facts(self, connection: Connection, schema: str) -> Mapping[str, Facts]:
        """Sizes, counters of changes, and what we may read."""
        import sqlalchemy as sa

        ranges = (connection.dialect.server_version_info or (0,))[0] >= _CTID_RANGES  # type: ignore[operator]
        found = {}
        for row in connection.execute(sa.text(_FACTS), {"schema": schema}):
            (name, kind, partition, readable, block, parts, method) = row[:7]
            (rows, size, main, unknown, uncounted, counters) = row[7:]
            found[name] = Facts(
                None if unknown else rows,
                size,
                "" if uncounted else counters,
                ranges and kind in ("r", "m") and method == "heap" and not parts,
                main // block,
                readable,
                hidden=partition,
            )
        return found

    def snapshot(self) -> str:
        """Export this transaction's snapshot."""
        with self.errors():
            found = self._connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        return str(found)

    def expression(self, column: SqlColumn) -> Expression:
        """How a column is selected."""
        return expression_of(column)

    def address(self) -> Expression:
        """A row's page and place."""
        import sqlalchemy as sa

        return sa.literal_column("ctid")

    def place(self, number: int) -> object:
        """The beginning of a page."""
        return f"'({number},0)'::tid"

    def sampled(self, table: TableClause, percent: float) -> FromClause:
        """Whole pages, chosen evenly at random; the same ones each time."""
        import sqlalchemy as sa

        return sa.tablesample(table, sa.func.system(percent), seed=sa.literal_column("1"))

    def column(self, found: ReflectedColumn) -> SqlColumn:
        """A column with the form in which its values travel."""
        return column_of(found)

    def exact(self, table: SqlTable) -> SqlTable:
        """With texts or lists of lists where rows have what types cannot hold."""
        return exact_table(self, table)

    def batches(
        self, statement: Statement, columns: Sequence[SqlColumn], batch_bytes: int
    ) -> Iterator[pa.RecordBatch]:
        """By COPY, which pyarrow parses; by a cursor where ``copy=false`` asks for it."""
        if self.address_of.option("copy", "true") == "false":
            yield from super().batches(statement, columns, batch_bytes)
            return
        from sqlalchemy.dialects.postgresql.base import PGDialect

        # The plain dialect: psycopg2's would double percent signs, for parameters that are none.
        plain = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]
        compiled = statement.compile(dialect=plain, compile_kwargs={"literal_binds": True})
        with self.errors():
            raw = self._connection.connection.dbapi_connection
            assert raw is not None
            if raw.get_parameter_status("server_encoding") == "SQL_ASCII":
                # Whatever bytes a client once sent: the server cannot say what they are.
                self._connection.exec_driver_sql("SET client_encoding = 'SQL_ASCII'")
            silence = self.patience.statement_seconds + _GRACE_SECONDS
            yield from copied(raw, str(compiled), columns, batch_bytes, silence)

    def error(self, error: Exception) -> LakeError | None:
        """PostgreSQL's errors by their SQLSTATE."""
        return postgresql_error(self.address_of.shown, error)
