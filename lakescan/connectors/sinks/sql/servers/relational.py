"""What all servers have in common when they are written to, where DDL is part of transactions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sinks.sql.blueprint import (
    Blueprint,
    bare_sql,
    foreign_sql,
    indexes_sql,
    keys_sql,
    listed,
    qualified,
)
from lakescan.connectors.sinks.sql.plan import stage_name
from lakescan.connectors.sinks.sql.servers.control import Control
from lakescan.connectors.sinks.sql.servers.session import Change
from lakescan.connectors.sinks.sql.values import rows_of
from lakescan.connectors.sql.relational import RelationalDatabase
from lakescan.errors import UnsupportedError

if TYPE_CHECKING:
    from sqlalchemy import Connection


_PLAIN = {"no_parameters": True}


class RelationalWriting(RelationalDatabase):
    """A session that writes; see `WritingSession`. Its statements are standard SQL."""

    dialect = ""

    @property
    def connection(self) -> Connection:
        """The session's connection."""
        return self._connection

    def quoted(self, name: str) -> str:
        """A name, always in quotes."""
        return self._engine.dialect.identifier_preparer.quote_identifier(name)

    def control_schema(self) -> str | None:
        """The target's schema."""
        return self.address_of.schema or None

    def execute(self, *statements: str) -> None:
        """Run statements that give no rows."""
        for statement in statements:  # percent signs are no parameters
            self._connection.exec_driver_sql(statement, execution_options=_PLAIN)

    def lock(self) -> None:
        """Be the only one who commits."""
        raise AssertionError("a dialect's")

    def unlock(self) -> None:
        """The end of the transaction does."""

    def recover(self, control: Control) -> None:
        """Nothing is left half-way: the commit is one transaction."""

    def make_schema(self, schema: str) -> None:
        """Make it by SQL."""
        import sqlalchemy as sa

        if schema not in sa.inspect(self._connection).get_schema_names():
            self.execute(f"CREATE SCHEMA {self.quoted(schema)}")

    def exists(self, schema: str, table: str) -> bool:
        """Ask the catalog."""
        import sqlalchemy as sa

        return bool(sa.inspect(self._connection).has_table(table, schema or None))

    def make_stage(self, design: Blueprint) -> None:
        """Columns alone."""
        self.execute(*design.before, bare_sql(design, self.staged(design), self.quoted))

    def load(self, design: Blueprint, batches: Iterable[pa.RecordBatch]) -> int:
        """By statements of many rows."""
        marks = ", ".join(["%s"] * len(design.written))
        columns = listed(design.written, self.quoted).replace("%", "%%")
        name = self.staged(design).replace("%", "%%")
        statement = f"INSERT INTO {name} ({columns}) VALUES ({marks})"
        count = 0
        for batch in batches:
            for rows in rows_of(batch):
                self._connection.exec_driver_sql(statement, rows)
            count += batch.num_rows
        return count

    def drop(self, schema: str, table: str) -> None:
        """Drop it."""
        self.execute(f"DROP TABLE IF EXISTS {qualified(schema, table, self.quoted)}")

    def horizon(self) -> str:
        """None is known."""
        raise UnsupportedError(
            f"{self.address_of.shown}: {self.dialect} is not written in place",
            hint="name another target",
        )

    def exchange(self, change: Change, control: Control) -> None:
        """In the one transaction that is open."""
        new = [d for d in change.designs if not self.exists(d.schema, d.table)]
        self.rewrite([d for d in change.designs if d not in new], change.horizon)
        for design in new:
            self.rename(design)
            self.finish(design)
        for design in new:
            self.add_foreign(design)
        for schema, table in change.removed:
            self.drop(schema, table)
        control.close(self._connection, change.run_id, change.outputs, change.rows)
        self._connection.commit()

    def rewrite(self, designs: Sequence[Blueprint], horizon: str) -> None:
        """Exchange the rows of tables that are there."""
        for design in designs:
            name = self.final(design)
            columns = listed(design.written, self.quoted)
            self.execute(
                f"DELETE FROM {name}",
                f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {self.staged(design)}",
                f"DROP TABLE {self.staged(design)}",
            )

    def rename(self, design: Blueprint) -> None:
        """Give a staged table its name."""
        self.execute(f"ALTER TABLE {self.staged(design)} RENAME TO {self.quoted(design.table)}")

    def finish(self, design: Blueprint) -> None:
        """Keys and indexes."""
        name = self.final(design)
        self.execute(
            *(f"ALTER TABLE {name} ADD {text}" for _, text in keys_sql(design, self.quoted))
        )
        self.execute(*indexes_sql(design, name, self.quoted))

    def add_foreign(self, design: Blueprint) -> None:
        """Foreign keys into tables that are there."""
        for key in design.foreign:
            if self.exists(key.schema, key.table):
                self.execute(
                    f"ALTER TABLE {self.final(design)} ADD {foreign_sql(key, self.quoted)}"
                )

    def staged(self, design: Blueprint) -> str:
        """The staged table's name in SQL."""
        return qualified(design.schema, stage_name(design.stage), self.quoted)

    def final(self, design: Blueprint) -> str:
        """The table's name in SQL."""
        return qualified(design.schema, design.table, self.quoted)
