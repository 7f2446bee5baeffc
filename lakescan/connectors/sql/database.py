"""What a database promises once it is opened: its tables, and rows of them as Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.design import TableDesign
from lakescan.connectors.sql.patience import Patience

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select
    from sqlalchemy.sql.expression import TableClause

    #: What is selected or compared, of any type.
    Expression: TypeAlias = ColumnElement[Any]
    Statement: TypeAlias = Select[*tuple[Any, ...]]

#: True for always; None for where the dialect finds that it has to be.
QuoteRule: TypeAlias = bool | None


class Database(Protocol):
    """One open, read-only session, of one thread. Errors are ours: no driver's text gets out."""

    #: Whether ``high`` of a range of two and more columns can be compared by the server.
    composite: bool
    #: Whether names are quoted.
    quote: QuoteRule
    patience: Patience

    def databases(self) -> list[str]:
        """The databases of the server that are not its own, in order of name."""

    def tables(self, schema: str, *, views: bool) -> list[SqlTable]:
        """The tables (and views) of one schema, or of all that are not the server's own."""

    def design(self, schema: str, name: str) -> TableDesign:
        """How a table was made: what its catalog says of types, keys, defaults, indexes."""

    def exact(self, table: SqlTable) -> SqlTable:
        """The table with other types for columns whose rows have values that theirs cannot hold.

        Raises:
            UnsupportedError: no type holds all values of a column.
        """

    def snapshot(self) -> str:
        """A name by which other sessions see what this one does while it is open; or empty."""

    def expression(self, column: SqlColumn) -> Expression:
        """How a column is selected."""

    def address(self) -> Expression:
        """The pseudo-column of a row's address."""

    def place(self, number: int) -> object:
        """What an address is compared with: ``(7,0)`` for a page, or just a number."""

    def sampled(self, table: TableClause, percent: float) -> FromClause | None:
        """A table of which the server takes about so many rows in a hundred; None if it cannot."""

    def first_row(self, statement: Statement) -> tuple[object, ...] | None:
        """The first row that a statement gives."""

    def batches(
        self, statement: Statement, columns: Sequence[SqlColumn], batch_bytes: int
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a statement, fetched piece by piece through a cursor of the server."""

    def close(self) -> None:
        """End the session."""
