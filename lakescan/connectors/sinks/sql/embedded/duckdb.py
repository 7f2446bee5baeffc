"""DuckDB as a sink: tables are made anew from Arrow batches, in one transaction of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pyarrow as pa

from lakescan.connectors.sinks.sql.blueprint import (
    Blueprint,
    ForeignDesign,
    indexes_sql,
    listed,
    qualified,
    whole_sql,
)
from lakescan.connectors.sinks.sql.embedded.lookup import compiler_of
from lakescan.connectors.sinks.sql.embedded.writing import (
    CLOSE_SQL,
    LAST_SQL,
    RUN_SQL,
    RUNS,
    RUNS_SQL,
    FileRun,
)
from lakescan.connectors.sql.address import Address
from lakescan.errors import LakeError, MissingDependencyError, TerminalError, TransientError

_TABLE = """
SELECT 1 FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = ? AND table_name = ?
"""


class DuckWriting:
    """One transaction."""

    dialect = "duckdb"

    def __init__(self, address: Address, *, reading: bool) -> None:
        self._address = address
        self.compiler = compiler_of("duckdb")
        try:
            import duckdb
        except ModuleNotFoundError as error:
            raise MissingDependencyError("duckdb", "duckdb") from error
        if not reading:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        with self.errors():
            self._file = duckdb.connect(
                address.database, read_only=reading, config={"enable_external_access": "false"}
            )
            self._file.execute("SET TimeZone = 'UTC'")
            self._file.execute("BEGIN TRANSACTION")

    @contextmanager
    def errors(self) -> Iterator[None]:
        """The module's errors, whose texts may quote values."""
        import duckdb

        uri = self._address.shown
        try:
            yield
        except LakeError:
            raise
        except duckdb.ConstraintException:
            raise TerminalError(
                f"{uri}: rows break a key or a constraint",
                hint="choose operators that keep different values different",
                uri=uri,
            ) from None
        except (duckdb.IOException, duckdb.ConnectionException):
            raise TransientError(f"{uri}: another process uses it", uri=uri) from None
        except duckdb.Error as error:
            name = type(error).__name__
            raise TerminalError(f"{uri}: DuckDB refuses ({name})", uri=uri) from None

    def quoted(self, name: str) -> str:
        """In double quotes."""
        return '"' + name.replace('"', '""') + '"'

    def run(self, run_id: str) -> FileRun | None:
        """Look it up."""
        if not self.exists("main", RUNS):
            return None
        found = self._file.execute(RUN_SQL, (run_id,)) if run_id else self._file.execute(LAST_SQL)
        row = found.fetchone()
        return None if row is None else FileRun.of_row(row)

    def exists(self, schema: str, table: str) -> bool:
        """Ask the catalog."""
        return self._file.execute(_TABLE, (schema or "main", table)).fetchone() is not None

    def prepare(self, designs: Sequence[Blueprint]) -> None:
        """Drop what is there: no table goes before those that point to it."""
        for design in reversed(designs):
            self.drop(design.schema, design.table)

    def replace(self, design: Blueprint, batches: Iterable[pa.RecordBatch]) -> None:
        """Make the table anew; views go by its name."""
        name = qualified(design.schema, design.table, self.quoted)
        self._file.execute(f"CREATE SCHEMA IF NOT EXISTS {self.quoted(design.schema or 'main')}")
        self._file.execute(whole_sql(design, name, self.quoted))
        self._load(design, name, batches)
        for text in indexes_sql(design, name, self.quoted):
            self._file.execute(text)
        for column in design.columns:
            if column.comment:
                self._comment(f"COLUMN {name}.{self.quoted(column.name)}", column.comment)
        if design.comment:
            self._comment(f"TABLE {name}", design.comment)

    def _load(self, design: Blueprint, name: str, batches: Iterable[pa.RecordBatch]) -> None:
        rows = iter(batches)
        first = next(rows, None)
        if first is None:
            return
        chosen = (batch.select(design.written) for batch in chain([first], rows))
        reader = pa.RecordBatchReader.from_batches(first.select(design.written).schema, chosen)
        self._file.register("_lakescan_rows", reader)
        columns = listed(design.written, self.quoted)
        own = [k for k in design.foreign if (k.schema, k.table) == (design.schema, design.table)]
        if own:
            self._load_by_levels(own, name, columns)
        else:
            self._file.execute(f"INSERT INTO {name} ({columns}) SELECT * FROM _lakescan_rows")
        self._file.unregister("_lakescan_rows")

    def _load_by_levels(self, own: Sequence[ForeignDesign], name: str, columns: str) -> None:
        """Rows of a table that points to itself, after those that they point to."""
        ready = " AND ".join(self._ready(key, name) for key in own)
        run = self._file.execute
        run("CREATE TEMP TABLE _lakescan_left AS SELECT * FROM _lakescan_rows")
        while True:
            run(f"CREATE TEMP TABLE _lakescan_now AS SELECT rowid AS _lakescan_row, *"
                f" FROM _lakescan_left l WHERE {ready}")  # fmt: skip
            found = run("SELECT count(*) FROM _lakescan_now").fetchone()
            if not found or not found[0]:
                break
            run(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM _lakescan_now")
            run("DELETE FROM _lakescan_left WHERE rowid IN"
                " (SELECT _lakescan_row FROM _lakescan_now)")  # fmt: skip
            run("DROP TABLE _lakescan_now")
        run(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM _lakescan_left")
        run("DROP TABLE _lakescan_now")
        run("DROP TABLE _lakescan_left")

    def _ready(self, key: ForeignDesign, name: str) -> str:
        pairs = list(zip(key.columns, key.others, strict=True))
        none = " OR ".join(f"l.{self.quoted(a)} IS NULL" for a, _ in pairs)
        own = " AND ".join(f"l.{self.quoted(a)} = l.{self.quoted(b)}" for a, b in pairs)
        other = " AND ".join(f"p.{self.quoted(b)} = l.{self.quoted(a)}" for a, b in pairs)
        return f"({none} OR ({own}) OR EXISTS (SELECT 1 FROM {name} p WHERE {other}))"

    def _comment(self, what: str, text: str) -> None:
        quoted = text.replace("'", "''")
        self._file.execute(f"COMMENT ON {what} IS '{quoted}'")

    def drop(self, schema: str, table: str) -> None:
        """Drop it."""
        self._file.execute(f"DROP TABLE IF EXISTS {qualified(schema, table, self.quoted)}")

    def close_run(self, values: tuple[str, str, int, str, str]) -> None:
        """Write it down and commit."""
        self._file.execute(RUNS_SQL)
        self._file.execute(CLOSE_SQL, values)
        self._file.execute("COMMIT")

    def close(self) -> None:
        """Roll back what is not committed."""
        self._file.close()
