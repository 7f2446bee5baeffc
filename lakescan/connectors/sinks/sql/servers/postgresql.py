"""PostgreSQL as a sink: rows come by COPY, and one transaction makes or exchanges all tables."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

import orjson
import pyarrow as pa

from lakescan.connectors.sinks.sql.blueprint import Blueprint, listed
from lakescan.connectors.sinks.sql.servers.relational import RelationalWriting
from lakescan.connectors.sinks.sql.values import csv_of
from lakescan.connectors.sql.dialects.postgresql import PostgresDatabase
from lakescan.errors import ChangedSourceError

if TYPE_CHECKING:
    from psycopg2.extensions import cursor as PsycopgCursor  # noqa: N812
    from sqlalchemy import Connection

#: Of what our advisory lock is: "lake" and "scan" as numbers.
_LOCK = (0x6C616B65, 0x7363616E)
#: Keys of these tables and into them.
_KEYS = """
SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0
  AND (conrelid = ANY (%s::regclass[]) OR confrelid = ANY (%s::regclass[]))
ORDER BY 2, 1
"""
_TRIGGERS = """
SELECT tgname, tgenabled::text FROM pg_trigger
WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled <> 'D' ORDER BY 1
"""
_ENABLE = {"O": "ENABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}
_COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod),
  typcategory = 'S' AND typtype = 'b', attidentity::text
FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
#: Rows that came after a horizon: of later transactions, or of those that were under way.
_NEWER = """
SELECT count(*), count(*) FILTER (
  WHERE age(xmin) <= age(%s::text::xid) OR xmin::text = ANY (%s::text[]))
FROM {name}
"""


class PostgresWriting(RelationalWriting, PostgresDatabase):
    """One session."""

    dialect = "postgresql"

    def begin(self, connection: Connection, snapshot: str) -> None:
        """Settings of a session that writes."""
        connection.execution_options(isolation_level="READ COMMITTED")
        for name, value in (
            ("statement_timeout", f"'{round(self.patience.statement_seconds * 1000)}'"),
            ("lock_timeout", f"'{round(self.patience.lock_seconds * 1000)}'"),
            ("idle_in_transaction_session_timeout", "0"),
            ("TimeZone", "'UTC'"),
            ("DateStyle", "'ISO'"),
            ("client_min_messages", "'warning'"),
        ):
            connection.exec_driver_sql(f"SET {name} = {value}")
        connection.commit()

    def control_schema(self) -> str | None:
        """The target's schema, or the one that every database has."""
        return self.address_of.schema or "public"

    def lock(self) -> None:
        """An advisory lock until the end of the transaction."""
        self._connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", _LOCK)

    def make_schema(self, schema: str) -> None:
        """Make it where it is not; whoever may not make one needs it to be there."""
        row = self._connection.exec_driver_sql("SELECT to_regnamespace(%s)", (self.quoted(schema),))
        if row.scalar() is None:
            self.execute(f"CREATE SCHEMA IF NOT EXISTS {self.quoted(schema)}")

    def exists(self, schema: str, table: str) -> bool:
        """Ask the catalog."""
        return bool(self._kind(f"{self.quoted(schema)}.{self.quoted(table)}"))

    def _kind(self, name: str) -> str:
        row = self._connection.exec_driver_sql(
            "SELECT relkind::text FROM pg_class WHERE oid = to_regclass(%s)", (name,)
        ).first()
        return "" if row is None else str(row[0])

    def load(self, design: Blueprint, batches: Iterable[pa.RecordBatch]) -> int:
        """By COPY."""
        raw = self._connection.connection.dbapi_connection
        assert raw is not None
        columns = listed(design.written, self.quoted)
        statement = f"COPY {self.staged(design)} ({columns}) FROM STDIN (FORMAT csv)"
        count = 0
        cursor = cast("PsycopgCursor", raw.cursor())
        with cursor:
            for batch in batches:
                if batch.num_rows:
                    cursor.copy_expert(statement, io.BytesIO(csv_of(batch, design)))
                count += batch.num_rows
        return count

    def horizon(self) -> str:
        """The transactions that a look at the database sees now."""
        row = self._connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one()
        _, last, under_way = str(row).split(":")
        bits = 1 << 32  # rows have the lower half of a transaction's number
        return orjson.dumps(
            [str(int(last) % bits), [str(int(x) % bits) for x in under_way.split(",") if x]]
        ).decode()

    def rewrite(self, designs: Sequence[Blueprint], horizon: str) -> None:
        """Exchange rows: indexes, views, grants, triggers and policies stay as they are.

        Rows are deleted, not truncated: who looks at the database as it was goes on seeing it.

        Raises:
            ChangedSourceError: somebody has changed a table since the horizon.
        """
        if not designs:
            return
        names = [self.final(design) for design in designs]
        kinds = {name: self._kind(name) for name in names}
        tables = [name for name in names if kinds[name] != "m"]
        if tables:
            self.execute(f"LOCK TABLE {', '.join(sorted(tables))} IN ACCESS EXCLUSIVE MODE")
        keys = self._connection.exec_driver_sql(_KEYS, (names, names)).fetchall()
        for key, table, _ in keys:
            self.execute(f"ALTER TABLE {table} DROP CONSTRAINT {self.quoted(key)}")
        for design, name in zip(designs, names, strict=True):
            if name in tables:
                self._check_unchanged(design, horizon)
                self._exchange_rows(design)
        for key, table, text in keys:
            self.execute(f"ALTER TABLE {table} ADD CONSTRAINT {self.quoted(key)} {text}")
        for name in names:
            if kinds[name] == "m":
                self.execute(f"REFRESH MATERIALIZED VIEW {name}")
        self.execute(*(f"DROP TABLE {self.staged(design)}" for design in designs))

    def _check_unchanged(self, design: Blueprint, horizon: str) -> None:
        if not horizon:
            return
        name = self.final(design)
        last, under_way = orjson.loads(horizon)
        rows, newer = self._connection.exec_driver_sql(
            _NEWER.format(name=name.replace("%", "%%")), (last, under_way)
        ).one()
        staged = self._connection.exec_driver_sql(f"SELECT count(*) FROM {self.staged(design)}")
        if newer or rows != staged.scalar_one():
            raise ChangedSourceError(
                f"{design.output}: was changed while it was read; nothing is exchanged",
                hint="run again when nobody writes to it",
            )

    def _exchange_rows(self, design: Blueprint) -> None:
        name = self.final(design)
        found = {
            column: (kind, text, identity)
            for column, kind, text, identity in self._connection.exec_driver_sql(_COLUMNS, (name,))
        }
        chosen = [column for column in design.columns if column.name in found]
        columns = listed((column.name for column in chosen), self.quoted)
        # A text that is too long is an error, not cut: so would be by a cast.
        values = ", ".join(
            self.quoted(c.name)
            if found[c.name][1]
            else f"{self.quoted(c.name)}::{found[c.name][0]}"
            for c in chosen
        )
        always = any(identity == "a" for _, _, identity in found.values())
        over = " OVERRIDING SYSTEM VALUE" if always else ""
        triggers = self._connection.exec_driver_sql(_TRIGGERS, (name,)).fetchall()
        for trigger, _ in triggers:
            self.execute(f"ALTER TABLE {name} DISABLE TRIGGER {self.quoted(trigger)}")
        self.execute(
            f"DELETE FROM {name}",
            f"INSERT INTO {name} ({columns}){over} SELECT {values} FROM {self.staged(design)}",
        )
        for trigger, state in triggers:
            self.execute(f"ALTER TABLE {name} {_ENABLE[state]} TRIGGER {self.quoted(trigger)}")

    def finish(self, design: Blueprint) -> None:
        """Keys, indexes, numbering, comments."""
        super().finish(design)
        name = self.final(design)
        for column in design.columns:
            if column.identity:
                self._number(name, column.name)
            if column.comment:
                self._comment(f"COLUMN {name}.{self.quoted(column.name)}", column.comment)
        if design.comment:
            self._comment(f"TABLE {name}", design.comment)

    def _number(self, name: str, column: str) -> None:
        """Number new rows after the last."""
        quoted = self.quoted(column)
        self.execute(
            f"ALTER TABLE {name} ALTER COLUMN {quoted} SET NOT NULL,"
            f" ALTER COLUMN {quoted} ADD GENERATED BY DEFAULT AS IDENTITY"
        )
        self._connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence(%s, %s),"
            + f" coalesce(greatest(max({quoted}), 1), 1), coalesce(max({quoted}) >= 1, false))"
            f" FROM {name}".replace("%", "%%"),
            (name, column),
        )

    def _comment(self, what: str, text: str) -> None:
        quoted = text.replace("'", "''")
        self.execute(f"COMMENT ON {what} IS '{quoted}'")
