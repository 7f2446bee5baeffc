"""MySQL and MariaDB as sinks, whose DDL ends every transaction.

New tables get their names by one ``RENAME TABLE``, which is atomic, and which renames a marker with
them: whoever finds the marker under its second name writes down that the run is committed. Tables
that are there have their rows exchanged in one transaction.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import orjson

from lakescan.connectors.sinks.sql.blueprint import (
    Blueprint,
    foreign_sql,
    indexes_sql,
    listed,
    whole_sql,
)
from lakescan.connectors.sinks.sql.plan import stage_name
from lakescan.connectors.sinks.sql.servers.control import Control
from lakescan.connectors.sinks.sql.servers.relational import RelationalWriting
from lakescan.connectors.sinks.sql.servers.session import Change
from lakescan.connectors.sql.dialects.mysql import MysqlDatabase
from lakescan.errors import ChangedSourceError, TerminalError, TransientError, UsageError

if TYPE_CHECKING:
    from pymysql.connections import Connection as PyMySQLConnection
    from sqlalchemy import Connection

_NEXT, _DONE, _GONE = "_lakescan_next_", "_lakescan_done_", "_lakescan_gone_"
_STAGE = re.compile(r"_lakescan_[0-9a-f]{12}")
_KEYS = """
SELECT constraint_name, table_name, column_name, referenced_table_name, referenced_column_name
FROM information_schema.key_column_usage
WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
ORDER BY constraint_name, table_name, ordinal_position
"""
_TRIGGERS = """
SELECT DISTINCT event_object_table FROM information_schema.triggers
WHERE event_object_schema = DATABASE()
"""


class MysqlWriting(RelationalWriting, MysqlDatabase):
    """One session."""

    dialect = "mysql"

    def begin(self, connection: Connection, snapshot: str) -> None:
        """Settings of a session that writes: zeros are no numbers to come, keys come last."""
        self._raw = cast("PyMySQLConnection", connection.connection.dbapi_connection)
        connection.execution_options(isolation_level="READ COMMITTED")
        lock = max(1, round(self.patience.lock_seconds))
        connection.exec_driver_sql(
            "SET SESSION time_zone = '+00:00', foreign_key_checks = 0,"
            " sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION',"
            f" lock_wait_timeout = {lock}, innodb_lock_wait_timeout = {lock}"
        )
        connection.commit()

    def control_schema(self) -> str | None:
        """A schema is a database here, and we are in it."""
        return None

    def lock(self) -> None:
        """A named lock of the server, until it is given back or the session ends."""
        seconds = max(1, round(self.patience.lock_seconds))
        found = self._connection.exec_driver_sql(
            "SELECT GET_LOCK(%s, %s)", (self._lock_name(), seconds)
        ).scalar()
        if found != 1:
            raise TransientError(f"{self.address_of.shown}: another run is being committed")

    def unlock(self) -> None:
        """Give the lock back."""
        self._connection.exec_driver_sql("SELECT RELEASE_LOCK(%s)", (self._lock_name(),))

    def _lock_name(self) -> str:
        return f"lakescan.{self.address_of.database}"[:64]

    def make_schema(self, schema: str) -> None:
        """There is none."""

    def make_stage(self, design: Blueprint) -> None:
        """With keys and indexes, as it cannot get them in the transaction that shows it."""
        name = self.staged(design)
        bare = replace(design, foreign=())
        self.execute(whole_sql(bare, name, self.quoted), *indexes_sql(design, name, self.quoted))

    def recover(self, control: Control) -> None:
        """Write down what was renamed, and drop what no run knows."""
        names = self._ours()
        for marker in [name for name in names if name.startswith(_DONE)]:
            row = self._connection.exec_driver_sql(
                f"SELECT run_id, outputs, row_count FROM {self.quoted(marker)}"
            ).one()
            control.close(self._connection, row[0], orjson.loads(row[1]), row[2])
            self._connection.commit()
            self.drop("", marker)
        for run_id, tables in control.pending(self._connection):
            for schema, table in tables:
                self.drop(schema, table)
            control.set_pending(self._connection, run_id, ())
            self._connection.commit()
        if any(name.startswith((_GONE, _NEXT)) or _STAGE.fullmatch(name) for name in names):
            self._sweep(control, names)

    def _sweep(self, control: Control, names: Sequence[str]) -> None:
        query = control.tables.select()
        known = {stage_name(row.stage) for row in self._connection.execute(query)}
        for name in names:
            if name.startswith((_GONE, _NEXT)) or (_STAGE.fullmatch(name) and name not in known):
                self.drop("", name)

    def _ours(self) -> list[str]:
        found = self._connection.exec_driver_sql("SHOW TABLES LIKE '\\_lakescan\\_%%'")
        return [row[0] for row in found]

    def exchange(self, change: Change, control: Control) -> None:
        """By one rename where all tables are new, else in one transaction."""
        there = [d for d in change.designs if self.exists(d.schema, d.table)]
        known = {design.table for design in change.designs}
        for design in change.designs:
            if design not in there:
                self._add_keys(design, known)
        self._connection.commit()
        if there:
            self._exchange_rows(change, there, control)
        else:
            self._rename_all(change)
        self.recover(control)

    def _add_keys(self, design: Blueprint, known: set[str]) -> None:
        """Foreign keys, into tables that are not there by their names yet."""
        import sqlalchemy as sa

        stage = stage_name(design.stage)
        there = {key["name"] for key in sa.inspect(self._connection).get_foreign_keys(stage)}
        held = {row[0]: row[1] for row in self._connection.exec_driver_sql(_KEYS)}
        for key in design.foreign:
            if key.name not in there and (key.table in known or self.exists("", key.table)):
                other = held.get(key.name, "")
                if _STAGE.fullmatch(other):  # of a run that was cut: names are the database's
                    self.execute(
                        f"ALTER TABLE {self.quoted(other)} DROP FOREIGN KEY {self.quoted(key.name)}"
                    )
                self.execute(
                    f"ALTER TABLE {self.staged(design)} ADD {foreign_sql(key, self.quoted)}"
                )

    def _rename_all(self, change: Change) -> None:
        token = hashlib.sha256(change.run_id.encode()).hexdigest()[:12]
        marker = self.quoted(_NEXT + token)
        self.execute(
            f"DROP TABLE IF EXISTS {marker}",
            f"CREATE TABLE {marker} (run_id varchar(128), outputs longtext, row_count bigint)"
            " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
        )
        self._connection.exec_driver_sql(
            f"INSERT INTO {marker} VALUES (%s, %s, %s)",
            (change.run_id, orjson.dumps(sorted(set(change.outputs))).decode(), change.rows),
        )
        self._connection.commit()
        renamed = [(self.staged(design), self.final(design)) for design in change.designs]
        for place, (schema, table) in enumerate(change.removed):
            if self.exists(schema, table):
                gone = self.quoted(f"{_GONE}{token}_{place}")
                renamed.insert(0, (self.quoted(table), gone))
        renamed.append((marker, self.quoted(_DONE + token)))
        self.execute("RENAME TABLE " + ", ".join(f"{old} TO {new}" for old, new in renamed))

    def _exchange_rows(self, change: Change, there: Sequence[Blueprint], control: Control) -> None:
        self._refuse_triggers(there)
        for design in change.designs:
            if design not in there:
                self.execute(f"CREATE TABLE IF NOT EXISTS {self.final(design)}"
                             f" LIKE {self.staged(design)}")  # fmt: skip
        self.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION")
        for design in there:
            self._check_unchanged(design, change.horizon)
        for design in change.designs:
            columns = listed(design.written, self.quoted)
            self.execute(
                f"DELETE FROM {self.final(design)}",
                f"INSERT INTO {self.final(design)} ({columns})"
                f" SELECT {columns} FROM {self.staged(design)}",
            )
        self._check_keys({design.table for design in change.designs})
        stages = [("", stage_name(design.stage)) for design in change.designs]
        control.set_pending(self._connection, change.run_id, [*stages, *change.removed])
        control.close(self._connection, change.run_id, change.outputs, change.rows)
        self._connection.commit()

    def horizon(self) -> str:
        """A checksum of each table."""
        import sqlalchemy as sa

        names = sa.inspect(self._connection).get_table_names()
        found = {
            name: self._checksum(name) for name in names if not name.startswith("_lakescan")
            and (not self.address_of.table or name == self.address_of.table)
        }  # fmt: skip
        return orjson.dumps(found).decode()

    def _checksum(self, name: str) -> int:
        quoted = self.quoted(name).replace("%", "%%")
        return int(self._connection.exec_driver_sql(f"CHECKSUM TABLE {quoted}").one()[1] or 0)

    def _check_unchanged(self, design: Blueprint, horizon: str) -> None:
        """Lock all rows, and the places between them; then look."""
        if not horizon:
            return
        self._connection.exec_driver_sql(
            f"SELECT count(*) FROM {self.final(design)} FOR UPDATE".replace("%", "%%")
        ).scalar_one()
        if orjson.loads(horizon).get(design.table) != self._checksum(design.table):
            self._connection.rollback()
            raise ChangedSourceError(
                f"{design.output}: was changed while it was read; nothing is exchanged",
                hint="run again when nobody writes to it",
            )

    def _refuse_triggers(self, designs: Sequence[Blueprint]) -> None:
        found = {row[0] for row in self._connection.exec_driver_sql(_TRIGGERS)}
        for design in designs:
            if design.table in found:
                raise UsageError(
                    f"{design.output}: has triggers, which would see every row",
                    hint="drop them, and make them again afterwards",
                )

    def _check_keys(self, tables: set[str]) -> None:
        """Foreign keys, which the server does not check while rows are exchanged."""
        keys: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
        for name, table, column, other, theirs in self._connection.exec_driver_sql(_KEYS):
            if {table, other} & tables and not table.startswith("_lakescan"):
                keys.setdefault((name, table, other), []).append((column, theirs))
        for (name, table, other), pairs in keys.items():
            q = self.quoted
            on = " AND ".join(f"c.{q(a)} = p.{q(b)}" for a, b in pairs)
            some = " AND ".join(f"c.{q(a)} IS NOT NULL" for a, _ in pairs)
            query = (
                f"SELECT 1 FROM {q(table)} c LEFT JOIN {q(other)} p ON {on}"
                f" WHERE {some} AND p.{q(pairs[0][1])} IS NULL LIMIT 1"
            ).replace("%", "%%")
            if self._connection.exec_driver_sql(query).first() is not None:
                self._connection.rollback()
                raise TerminalError(
                    f"{table}: rows would point to rows of {other} that are not there ({name})",
                    hint="anonymize both tables in one run",
                )
