"""SQLite as a sink: rows of a table that is there are exchanged, in one transaction of the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from lakescan.connectors.sinks.sql.blueprint import Blueprint, indexes_sql, listed, whole_sql
from lakescan.connectors.sinks.sql.embedded.lookup import compiler_of
from lakescan.connectors.sinks.sql.embedded.writing import (
    CLOSE_SQL,
    LAST_SQL,
    RUN_SQL,
    RUNS,
    RUNS_SQL,
    FileRun,
)
from lakescan.connectors.sinks.sql.values import rows_of, sqlite_value
from lakescan.connectors.sql.address import Address
from lakescan.connectors.sql.dialects.sqlite import sqlite_error
from lakescan.connectors.sql.patience import Patience
from lakescan.connectors.sql.relational import MISFITS
from lakescan.errors import LakeError, TerminalError

_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
#: Extended result codes (https://sqlite.org/rescode.html).
_REFUSED = {
    "SQLITE_CONSTRAINT_NOTNULL": "a column takes no nulls",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "a key would be there twice",
    "SQLITE_CONSTRAINT_UNIQUE": "a key would be there twice",
}
#: PRAGMA table_xinfo: what its column ``hidden`` says of an ordinary column.
_PLAIN = 0


class SqliteWriting:
    """One transaction."""

    dialect = "sqlite"

    def __init__(self, address: Address, *, reading: bool) -> None:
        self._address = address
        self.compiler = compiler_of("sqlite")
        patience = Patience.of(address.options, frozenset())
        mode = "ro" if reading else "rwc"
        if not reading:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        uri = f"{Path(address.database).as_uri()}?mode={mode}"
        with self.errors():
            self._file = sqlite3.connect(
                uri, timeout=patience.lock_seconds, uri=True, isolation_level=None
            )
            try:
                if not reading:
                    self._file.execute("PRAGMA synchronous = FULL")
                    self._file.execute("PRAGMA secure_delete = ON")  # no old row stays in pages
                self._file.execute("BEGIN" if reading else "BEGIN IMMEDIATE")
            except BaseException:
                self._file.close()
                raise

    @contextmanager
    def errors(self) -> Iterator[None]:
        """The module's errors by their codes."""
        try:
            yield
        except LakeError:
            raise
        except sqlite3.IntegrityError as error:
            what = _REFUSED.get(error.sqlite_errorname, "rows break a constraint")
            raise TerminalError(
                f"{self._address.shown}: {what} ({error.sqlite_errorname})",
                hint=MISFITS.get(what),
                uri=self._address.shown,
            ) from None
        except sqlite3.Error as error:
            known = sqlite_error(self._address.shown, error)
            if known is None:
                name = getattr(error, "sqlite_errorname", type(error).__name__)
                known = TerminalError(
                    f"{self._address.shown}: SQLite refuses ({name})", uri=self._address.shown
                )
            raise known from None

    def quoted(self, name: str) -> str:
        """In double quotes."""
        return '"' + name.replace('"', '""') + '"'

    def run(self, run_id: str) -> FileRun | None:
        """Look it up."""
        if not self.exists("", RUNS):
            return None
        found = self._file.execute(RUN_SQL, (run_id,)) if run_id else self._file.execute(LAST_SQL)
        row = found.fetchone()
        return None if row is None else FileRun.of_row(row)

    def exists(self, schema: str, table: str) -> bool:
        """Ask the schema's table."""
        return self._file.execute(_TABLE, (table,)).fetchone() is not None

    def prepare(self, designs: Sequence[Blueprint]) -> None:
        """Nothing: keys are not checked while rows are exchanged."""

    def replace(self, design: Blueprint, batches: Iterable[pa.RecordBatch]) -> None:
        """Make the table, or exchange its rows: views, indexes and triggers stay."""
        name = self.quoted(design.table)
        triggers = []
        if self._same(design):
            triggers = self._file.execute(_TRIGGERS, (design.table,)).fetchall()
            for trigger, _ in triggers:
                self._file.execute(f"DROP TRIGGER {self.quoted(trigger)}")
            self._file.execute(f"DELETE FROM {name}")
        else:
            self.drop("", design.table)
            self._file.execute(whole_sql(design, name, self.quoted))
        self._load(design, batches)
        if not triggers:
            for text in indexes_sql(design, name, self.quoted):
                index = text.replace("INDEX", "INDEX IF NOT EXISTS", 1)
                self._file.execute(index)
        for _, text in triggers:
            self._file.execute(text)

    def _same(self, design: Blueprint) -> bool:
        """Whether there is a table with these columns."""
        found = self._file.execute(
            "SELECT name, hidden FROM pragma_table_xinfo(?)", (design.table,)
        )
        return {name for name, hidden in found if hidden == _PLAIN} == set(design.written)

    def _load(self, design: Blueprint, batches: Iterable[pa.RecordBatch]) -> None:
        marks = ", ".join("?" * len(design.written))
        columns = listed(design.written, self.quoted)
        statement = f"INSERT INTO {self.quoted(design.table)} ({columns}) VALUES ({marks})"
        for batch in batches:
            for rows in rows_of(batch.select(design.written), sqlite_value):
                self._file.executemany(statement, rows)

    def drop(self, schema: str, table: str) -> None:
        """Drop it."""
        self._file.execute(f"DROP TABLE IF EXISTS {self.quoted(table)}")

    def close_run(self, values: tuple[str, str, int, str, str]) -> None:
        """Write it down and commit."""
        self._file.execute(RUNS_SQL)
        self._file.execute(CLOSE_SQL, values)
        self._file.execute("COMMIT")

    def close(self) -> None:
        """Roll back what is not committed."""
        self._file.close()
