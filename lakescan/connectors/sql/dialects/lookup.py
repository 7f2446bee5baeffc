"""A dialect's name -> an open session of it."""

from __future__ import annotations

from lakescan.connectors.sql.address import Address
from lakescan.connectors.sql.database import Database
from lakescan.connectors.sql.patience import Patience


def open_database(address: Address, snapshot: str = "") -> Database:
    """Connect.

    Args:
        address: which database.
        snapshot: another session's, to see what it sees.

    Raises:
        MissingDependencyError: the driver is not installed.
        CredentialError: refused.
        NotFoundError: there is no such server or database.
        TransientError: nobody answers, for now.
    """
    if address.dialect == "postgresql":
        from lakescan.connectors.sql.dialects.postgresql import PostgresDatabase

        patience = Patience.of(address.options, PostgresDatabase.known)
        return PostgresDatabase(address, patience, snapshot)
    if address.dialect == "mysql":
        from lakescan.connectors.sql.dialects.mysql import MysqlDatabase

        return MysqlDatabase(address, Patience.of(address.options, MysqlDatabase.known))
    if address.dialect == "mssql":
        from lakescan.connectors.sql.dialects.mssql import MssqlDatabase

        return MssqlDatabase(address, Patience.of(address.options, MssqlDatabase.known))
    if address.dialect == "oracle":
        from lakescan.connectors.sql.dialects.oracle import OracleDatabase

        return OracleDatabase(address, Patience.of(address.options, OracleDatabase.known))
    if address.dialect == "duckdb":
        from lakescan.connectors.sql.dialects.duckdb import DuckDatabase

        return DuckDatabase(address, Patience.of(address.options, DuckDatabase.known))
    from lakescan.connectors.sql.dialects.sqlite import SqliteDatabase

    return SqliteDatabase(address, Patience.of(address.options, SqliteDatabase.known))
