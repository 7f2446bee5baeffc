"""How a table of DuckDB was made, by its own catalog functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakescan.connectors.sql.design import Reference, TableDesign

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from sqlalchemy.types import TypeEngine

_COLUMNS = """
SELECT column_name, data_type, is_nullable, column_default, comment FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = ? AND table_name = ?
ORDER BY column_index
"""
_CONSTRAINTS = """
SELECT constraint_type, constraint_column_names, referenced_table, referenced_column_names,
  expression
FROM duckdb_constraints()
WHERE database_name = current_database() AND schema_name = ? AND table_name = ?
ORDER BY constraint_index
"""
_INDEXES = """
SELECT index_name, is_unique, expressions FROM duckdb_indexes()
WHERE database_name = current_database() AND schema_name = ? AND table_name = ?
ORDER BY index_name
"""
_COMMENT = """
SELECT comment FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = ? AND table_name = ?
"""


def declared(text: str) -> TypeEngine[object]:
    """A type by its text."""
    from sqlalchemy.types import UserDefinedType

    class Declared(UserDefinedType[object]):
        cache_ok = False

        def get_col_spec(self) -> str:  # type: ignore[override]
            return text

    return Declared()


def duckdb_design(connection: DuckDBPyConnection, schema: str, name: str) -> TableDesign:
    """Ask the catalog."""
    import sqlalchemy as sa

    where = (schema or "main", name)
    comment = connection.execute(_COMMENT, where).fetchone()
    columns = [
        sa.Column(
            column,
            declared(kind),
            nullable=nullable,
            server_default=sa.text(default) if default else None,
            comment=note,
        )
        for column, kind, nullable, default, note in connection.execute(_COLUMNS, where).fetchall()
    ]
    table = sa.Table(
        name, sa.MetaData(), *columns, schema=where[0], comment=comment[0] if comment else None
    )
    references = []
    for kind, names, other, others, check in connection.execute(_CONSTRAINTS, where).fetchall():
        if kind == "PRIMARY KEY":
            table.append_constraint(sa.PrimaryKeyConstraint(*names))
        elif kind == "UNIQUE":
            table.append_constraint(sa.UniqueConstraint(*names))
        elif kind == "CHECK":
            table.append_constraint(sa.CheckConstraint(check))
        elif kind == "FOREIGN KEY":
            references.append(Reference("", tuple(names), "", other, tuple(others)))
    for index, unique, expressions in connection.execute(_INDEXES, where).fetchall():
        inner = [part.strip().strip("\"'") for part in str(expressions).strip("[]").split(",")]
        if all(part in table.c for part in inner):
            sa.Index(index, *(table.c[part] for part in inner), unique=unique)
    return TableDesign(table, tuple(references))
