"""DuckDB: a database that is a file, through its own module, which hands out Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.address import Address
from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.database import QuoteRule
from lakescan.connectors.sql.design import TableDesign
from lakescan.connectors.sql.dialects.duckdb_design import declared, duckdb_design
from lakescan.connectors.sql.dialects.duckdb_exact import endless, exact_table
from lakescan.connectors.sql.dialects.duckdb_nested import AS, UNKNOWN, nested_form
from lakescan.connectors.sql.patience import Patience
from lakescan.connectors.sql.statements import plain
from lakescan.connectors.sql.versions import file_version
from lakescan.connectors.sql.wire import FINITE, MICROS, TEXT, decoded
from lakescan.errors import (
    CorruptFileError,
    LakeError,
    MissingDependencyError,
    NotFoundError,
    TerminalError,
    TransientError,
)

if TYPE_CHECKING:
    from sqlalchemy import FromClause
    from sqlalchemy.sql.expression import TableClause

    from lakescan.connectors.sql.database import Expression, Statement

_TABLES = """
SELECT schema_name, table_name, comment, false, estimated_size FROM duckdb_tables()
WHERE NOT internal AND NOT temporary AND database_name = current_database()
UNION ALL SELECT schema_name, view_name, comment, true, NULL FROM duckdb_views()
WHERE NOT internal AND NOT temporary AND database_name = current_database()
ORDER BY ALL
"""
_COMMENTS = """
SELECT schema_name, table_name, column_name, coalesce(comment, ''), data_type
FROM duckdb_columns() WHERE database_name = current_database()
"""
#: Rows of a batch: DuckDB's own vectors.
_VECTOR_ROWS = 2048


class DuckDatabase:
    """One session of a file that is opened for reading only.

    Not through SQLAlchemy: rows come as Arrow batches, without a Python object a cell.
    """

    composite = True
    quote: QuoteRule = True
    known: frozenset[str] = frozenset()

    def __init__(self, address: Address, patience: Patience) -> None:
        self.address_of = address
        self.patience = patience
        try:
            import duckdb
        except ModuleNotFoundError as error:
            raise MissingDependencyError("duckdb", "duckdb") from error
        if not Path(address.database).is_file():
            raise NotFoundError(f"{address.shown}: no such file", uri=address.shown)
        with self._errors():
            self._connection = duckdb.connect(
                address.database, read_only=True, config={"enable_external_access": "false"}
            )
            self._connection.execute("SET TimeZone = 'UTC'")

    def databases(self) -> list[str]:
        """The file itself."""
        return [self.address_of.database]

    def tables(self, schema: str, *, views: bool) -> list[SqlTable]:
        """List tables; they are cut by their row ids."""
        found = []
        with self._errors():
            rows = self._connection.execute(_TABLES).fetchall()
            comments = {
                tuple(row[:3]): (str(row[3]), str(row[4]))
                for row in self._connection.execute(_COMMENTS).fetchall()
            }
            size = Path(self.address_of.database).stat().st_size
            total = max(1, sum(row[4] or 0 for row in rows))
            version = file_version(self.address_of.database)
            for where, name, comment, view, count in rows:
                if (view and not views) or (schema and where != schema):
                    continue
                columns = tuple(
                    _column(f, *comments.get((where, name, f.name), ("", "")), form)
                    for f, form in self._columns(where, name)
                )
                part = 0 if view else max(1, size * (count or 0) // total)
                found.append(
                    SqlTable(
                        where, name, columns, (), comment or "", view,
                        None if view else count, part, version, not view,
                    )
                )  # fmt: skip
        return found

    def design(self, schema: str, name: str) -> TableDesign:
        """How a table was made."""
        with self._errors():
            return duckdb_design(self._connection, schema, name)

    def exact(self, table: SqlTable) -> SqlTable:
        """With texts where rows have what types cannot hold."""
        return exact_table(self, table)

    def snapshot(self) -> str:
        """There is none to share: a file that is read by us is written by nobody."""
        return ""

    def expression(self, column: SqlColumn) -> Expression:
        """How a column is selected."""
        import sqlalchemy as sa

        name = plain(column.name)
        if column.form.startswith(AS):
            return sa.cast(name, declared(column.form.removeprefix(AS)))
        if column.form == MICROS:
            return sa.func.epoch_us(name)
        if column.form == FINITE:
            return sa.case((sa.not_(endless(column)), name))
        return sa.cast(name, sa.VARCHAR) if column.form == TEXT else name

    def address(self) -> Expression:
        """A row's id."""
        import sqlalchemy as sa

        return sa.literal_column("rowid", sa.Integer())

    def place(self, number: int) -> object:
        """The id itself."""
        return number

    def sampled(self, table: TableClause, percent: float) -> FromClause:
        """Whole vectors, chosen at random; the same ones each time."""
        import sqlalchemy as sa

        share = sa.text(f"{percent:.6f} PERCENT")
        return sa.tablesample(table, sa.func.system(share), seed=sa.literal_column("1"))

    def first_row(self, statement: Statement) -> tuple[object, ...] | None:
        """The first row that a statement gives."""
        with self._errors():
            row = next(iter(self._connection.sql(_text(statement)).fetchall()), None)
        return None if row is None else tuple(row)

    def batches(
        self, statement: Statement, columns: Sequence[SqlColumn], batch_bytes: int
    ) -> Iterator[pa.RecordBatch]:
        """Read by the stream, a vector at a time."""
        with self._errors():
            reader = self._connection.sql(_text(statement)).to_arrow_reader(_VECTOR_ROWS)
            for batch in reader:
                if not columns:
                    yield pa.RecordBatch.from_struct_array(
                        pa.array([{}] * batch.num_rows, pa.struct([]))
                    )
                    continue
                arrays = [decoded(a, c) for a, c in zip(batch.columns, columns, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, names=[c.name for c in columns])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _columns(self, schema: str, name: str) -> list[tuple[pa.Field, str]]:
        """The fields of a table as they are read, each with the form of its column, if any."""
        quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
        rows = self._connection.sql(f"SELECT * FROM {quoted} LIMIT 0")  # noqa: S608
        forms = [nested_form(kind) for kind in rows.types]
        columns = [column.replace('"', '""') for column in rows.columns]
        chosen = ", ".join(
            f'CAST("{c}" AS {form.removeprefix(AS)}) AS "{c}"' if form else f'"{c}"'
            for c, form in zip(columns, forms, strict=True)
        )
        return list(zip(rows.project(chosen).to_arrow_table().schema, forms, strict=True))

    @contextmanager
    def _errors(self) -> Iterator[None]:
        import duckdb

        uri = self.address_of.shown
        known: LakeError
        try:
            yield
        except duckdb.IOException as error:
            if "lock" in str(error):
                known = TransientError(f"{uri}: another process writes to it", uri=uri)
            else:
                known = CorruptFileError(f"{uri}: is no DuckDB database, or damaged", uri=uri)
            raise known from None
        except duckdb.SerializationException:
            raise CorruptFileError(f"{uri}: is damaged", uri=uri) from None
        except duckdb.CatalogException:
            raise NotFoundError(f"{uri}: no such table", uri=uri) from None
        except duckdb.Error as error:
            name = type(error).__name__
            raise TerminalError(f"{uri}: DuckDB refuses ({name})", uri=uri) from None


def _column(field: pa.Field, comment: str, kept: str, form: str) -> SqlColumn:
    """A column; what Arrow's readers make little of is asked for otherwise."""
    kind = field.type
    if form:
        return SqlColumn(field.name, kind, form, comment)
    if pa.types.is_interval(kind):
        return SqlColumn(field.name, pa.duration("us"), MICROS, comment)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return SqlColumn(field.name, kind, FINITE, comment)
    if kept in UNKNOWN:
        return SqlColumn(field.name, pa.string(), TEXT, comment)
    return SqlColumn(field.name, kind, "", comment)


def _text(statement: Statement) -> str:
    from sqlalchemy.dialects.postgresql.base import PGDialect

    dialect = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
