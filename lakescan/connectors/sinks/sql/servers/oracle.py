"""Oracle as a sink, whose DDL ends every transaction. Not tried against a server: none can be had.

New tables are made without rows; then the rows of all tables come in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sinks.sql.blueprint import (
    Blueprint,
    indexes_sql,
    listed,
    qualified,
    whole_sql,
)
from lakescan.connectors.sinks.sql.plan import stage_name
from lakescan.connectors.sinks.sql.servers.control import Control
from lakescan.connectors.sinks.sql.servers.relational import RelationalWriting
from lakescan.connectors.sinks.sql.servers.session import Change
from lakescan.connectors.sinks.sql.values import rows_of
from lakescan.connectors.sql.dialects.oracle import OracleDatabase

if TYPE_CHECKING:
    from sqlalchemy import Connection


class OracleWriting(RelationalWriting, OracleDatabase):
    """One session."""

    dialect = "oracle"

    def begin(self, connection: Connection, snapshot: str) -> None:
        """A call of the network that takes too long is given up."""
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.call_timeout = round(self.patience.statement_seconds * 1000)

    def make_schema(self, schema: str) -> None:
        """A schema is a user, and there."""

    def lock(self) -> None:
        """The table of runs, until the end of the transaction."""
        name = qualified(self.control_schema() or "", "_lakescan_runs", self.quoted)
        self.execute(f"LOCK TABLE {name} IN EXCLUSIVE MODE")

    def insert_sql(self, design: Blueprint) -> str:
        """The statement that adds a row."""
        marks = ", ".join(f":{place}" for place in range(1, len(design.written) + 1))
        columns = listed(design.written, self.quoted)
        return f"INSERT INTO {self.staged(design)} ({columns}) VALUES ({marks})"

    def load(self, design: Blueprint, batches: Iterable[pa.RecordBatch]) -> int:
        """By arrays of rows."""
        statement = self.insert_sql(design)
        count = 0
        for batch in batches:
            for rows in rows_of(batch):
                self._connection.exec_driver_sql(statement, rows)
            count += batch.num_rows
        return count

    def exchange(self, change: Change, control: Control) -> None:
        """Make what is not there, then exchange all rows in one transaction."""
        for design in change.designs:
            if not self.exists(design.schema, design.table):
                name = self.final(design)
                bare = replace(design, foreign=())
                self.execute(whole_sql(bare, name, self.quoted))
                self.execute(*indexes_sql(design, name, self.quoted))
        self.lock()
        for design in change.designs:
            self.execute(*self.exchange_sql(design))
        stages = [(design.schema, stage_name(design.stage)) for design in change.designs]
        control.set_pending(self._connection, change.run_id, [*stages, *change.removed])
        control.close(self._connection, change.run_id, change.outputs, change.rows)
        self._connection.commit()
        self.recover(control)

    def exchange_sql(self, design: Blueprint) -> tuple[str, str]:
        """The statements that exchange a table's rows."""
        name, columns = self.final(design), listed(design.written, self.quoted)
        rows = f"SELECT {columns} FROM {self.staged(design)}"
        return f"DELETE FROM {name}", f"INSERT INTO {name} ({columns}) {rows}"

    def recover(self, control: Control) -> None:
        """Drop what committed runs left."""
        for run_id, tables in control.pending(self._connection):
            for schema, table in tables:
                self.drop(schema, table)
            control.set_pending(self._connection, run_id, ())
            self._connection.commit()

    def drop(self, schema: str, table: str) -> None:
        """Drop it, where it is."""
        if self.exists(schema, table):
            self.execute(f"DROP TABLE {qualified(schema, table, self.quoted)} PURGE")
