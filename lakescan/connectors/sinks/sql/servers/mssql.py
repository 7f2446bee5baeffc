"""SQL Server as a sink: DDL is part of transactions. Not tried on a server: none can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakescan.connectors.sinks.sql.blueprint import Blueprint
from lakescan.connectors.sinks.sql.plan import stage_name
from lakescan.connectors.sinks.sql.servers.relational import RelationalWriting
from lakescan.connectors.sql.dialects.mssql import MssqlDatabase

if TYPE_CHECKING:
    from sqlalchemy import Connection


class MssqlWriting(RelationalWriting, MssqlDatabase):
    """One session."""

    dialect = "mssql"

    def begin(self, connection: Connection, snapshot: str) -> None:
        """Set the lock time-out; an error ends the transaction."""
        milliseconds = round(self.patience.lock_seconds * 1000)
        connection.exec_driver_sql(f"SET LOCK_TIMEOUT {milliseconds}; SET XACT_ABORT ON")
        connection.commit()

    def control_schema(self) -> str | None:
        """The target's schema, or the one that every database has."""
        return self.address_of.schema or "dbo"

    def lock(self) -> None:
        """An application lock until the end of the transaction."""
        self.execute(self.lock_sql())

    def lock_sql(self) -> str:
        """The statement of it."""
        return "EXEC sp_getapplock @Resource = 'lakescan', @LockMode = 'Exclusive'"

    def rename(self, design: Blueprint) -> None:
        """By the procedure that there is for it."""
        self.execute(self.rename_sql(design))

    def rename_sql(self, design: Blueprint) -> str:
        """The statement of it."""
        old = f"{self.quoted(design.schema)}.{self.quoted(stage_name(design.stage))}"
        names = [name.replace("'", "''") for name in (old, design.table)]
        return f"EXEC sp_rename N'{names[0]}', N'{names[1]}'"
