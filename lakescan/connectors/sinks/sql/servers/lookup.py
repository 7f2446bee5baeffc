"""A dialect's name -> a session that writes."""

from __future__ import annotations

from lakescan.connectors.sinks.sql.servers.session import WritingSession
from lakescan.connectors.sql.access import located
from lakescan.connectors.sql.address import Address
from lakescan.connectors.sql.patience import Patience


def open_writing(address: Address) -> WritingSession:
    """Connect, to write.

    Raises:
        MissingDependencyError: the driver is not installed.
        CredentialError: refused.
        TransientError: nobody answers, for now.
    """
    where = located(address)
    if where.dialect == "postgresql":
        from lakescan.connectors.sinks.sql.servers.postgresql import PostgresWriting

        return PostgresWriting(where, Patience.of(where.options, PostgresWriting.known))
    if where.dialect == "mysql":
        from lakescan.connectors.sinks.sql.servers.mysql import MysqlWriting

        return MysqlWriting(where, Patience.of(where.options, MysqlWriting.known))
    if where.dialect == "mssql":
        from lakescan.connectors.sinks.sql.servers.mssql import MssqlWriting

        return MssqlWriting(where, Patience.of(where.options, MssqlWriting.known))
    from lakescan.connectors.sinks.sql.servers.oracle import OracleWriting

    return OracleWriting(where, Patience.of(where.options, OracleWriting.known))
