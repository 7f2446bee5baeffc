"""Oracle, through oracledb in its thin mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lakescan.connectors.sql.database import QuoteRule
from lakescan.connectors.sql.logins import bounded
from lakescan.connectors.sql.relational import Codes, Facts, RelationalDatabase, known_error
from lakescan.errors import (
    CredentialError,
    LakeError,
    MissingDependencyError,
    NotFoundError,
    TerminalError,
    TransientError,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect, Engine, FromClause
    from sqlalchemy.sql.expression import TableClause

_SCHEMAS = """
SELECT DISTINCT t.owner FROM all_tables t JOIN all_users u ON u.username = t.owner
WHERE u.oracle_maintained = 'N' ORDER BY 1
"""
_FACTS = """
SELECT table_name, num_rows, blocks FROM all_tables
WHERE owner = :owner AND secondary = 'N' AND temporary = 'N' AND nested = 'NO'
"""
#: What is said of a block where nobody says more (DB_BLOCK_SIZE).
_BLOCK_BYTES = 8192
#: Errors by their codes (Oracle's error messages reference; DPY- are the driver's).
_CODES: Codes = (
    (
        frozenset({"ORA-01017", "ORA-28000", "ORA-28001", "ORA-01005", "DPY-4001"}),
        CredentialError,
        "the login is refused",
    ),
    (frozenset({"ORA-01031", "ORA-01045", "ORA-41900"}), CredentialError, "permission denied"),
    (frozenset({"ORA-00942"}), NotFoundError, "no such table, or not for this login"),
    (frozenset({"ORA-12514", "DPY-6001", "DPY-6003"}), NotFoundError, "no such service"),
    (frozenset({"ORA-01555"}), TransientError, "the snapshot is too old: undo was too short"),
    (
        frozenset(
            "ORA-00028 ORA-01012 ORA-01033 ORA-01034 ORA-01089 ORA-03113 ORA-03114 ORA-12537"
            " ORA-12541 ORA-12547 ORA-12570 DPY-1001 DPY-4011 DPY-4024 DPY-6000 DPY-6005".split()
        ),
        TransientError,
        "the server does not answer, or no more",
    ),
)


class OracleDatabase(RelationalDatabase):
    """One session, in one read-only transaction: it sees the rows as they were at its start."""

    quote: QuoteRule = None  # where they are not all of one case

    def make_engine(self) -> Engine:
        """An engine with time-outs."""
        try:
            import oracledb  # noqa: F401
            import sqlalchemy as sa
        except ModuleNotFoundError as error:
            raise MissingDependencyError("oracledb", "oracle") from error
        where = self.address_of
        url = sa.URL.create(
            "oracle+oracledb",
            username=where.user or None,
            password=str(where.password) or None,
            host=where.host or "localhost",
            port=where.port or 1521,
            query={"service_name": where.database} if where.database else {},
        )
        seconds = self.patience.connect_seconds
        engine = sa.create_engine(
            url,
            connect_args={"tcp_connect_timeout": seconds},
            poolclass=sa.pool.NullPool,
            arraysize=1000,
        )

        def connect(
            dialect: Dialect, _: object, given: list[str], named: dict[str, object]
        ) -> object:
            return bounded(lambda: dialect.connect(*given, **named), seconds, where.shown)

        sa.event.listen(engine, "do_connect", connect)
        return engine

    def begin(self, connection: Connection, snapshot: str) -> None:
        """Read only, as of now; a call of the network that takes too long is given up."""
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.call_timeout = round(self.patience.statement_seconds * 1000)
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    def schemas(self, connection: Connection) -> list[str]:
        """Those of users that are not the server's own."""
        return [row[0] for row in connection.exec_driver_sql(_SCHEMAS)]

    def facts(self, connection: Connection, schema: str) -> Mapping[str, Facts]:
        """Sizes by the optimizer's statistics; of changes nothing that is told to everybody."""
        import sqlalchemy as sa

        return {
            connection.dialect.normalize_name(name): Facts(rows, (blocks or 0) * _BLOCK_BYTES)
            for name, rows, blocks in connection.execute(
                sa.text(_FACTS), {"owner": schema.upper() if schema.islower() else schema}
            )
        }

    def sampled(self, table: TableClause, percent: float) -> FromClause | None:
        """``SAMPLE BLOCK``, which Oracle writes without ``TABLE``: by its own expression."""
        import sqlalchemy as sa

        name = str(sa.select(table).compile(dialect=self._engine.dialect)).split("FROM", 1)[1]
        share = min(99.999999, max(0.000001, percent))
        return sa.text(f"{name.strip()} SAMPLE BLOCK ({share:.6f}) SEED (1)")  # type: ignore[return-value]

    def error(self, error: Exception) -> LakeError | None:
        """Oracledb's errors by their codes."""
        import oracledb

        if not isinstance(error, oracledb.Error):
            return None
        uri = self.address_of.shown
        code = getattr(error.args[0], "full_code", "") if error.args else ""
        if (known := known_error(code, _CODES, uri)) is not None:
            return known
        if isinstance(error, oracledb.OperationalError | oracledb.InterfaceError):
            return TransientError(f"{uri}: the server failed ({code})", uri=uri)
        return TerminalError(f"{uri}: the server refuses a statement ({code})", uri=uri)
