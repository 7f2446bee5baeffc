"""A database behind a SQLAlchemy dialect: what all of them have in common."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from lakescan.connectors.sql.address import Address
from lakescan.connectors.sql.arrow_types import arrow_type, key_kind
from lakescan.connectors.sql.columns import SqlColumn, SqlTable
from lakescan.connectors.sql.database import QuoteRule
from lakescan.connectors.sql.design import TableDesign, reflected
from lakescan.connectors.sql.fetched import fetched
from lakescan.connectors.sql.patience import Patience
from lakescan.connectors.sql.statements import plain
from lakescan.errors import LakeError, LakescanError, TransientError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, FromClause
    from sqlalchemy.engine.interfaces import ReflectedColumn
    from sqlalchemy.sql.expression import TableClause

    from lakescan.connectors.sql.database import Expression, Statement


@dataclass(frozen=True, slots=True)
class Facts:
    """What a catalog knows of a table besides its columns; see `SqlTable`."""

    rows: int | None = None
    size: int = 0
    version: str = ""
    addressed: bool = False
    pages: int = 0
    readable: bool = True
    hidden: bool = False


#: Errors by their codes: what they are to us, and what is said of them.
Codes: TypeAlias = tuple[tuple[frozenset[Any], type[LakeError], str], ...]


#: What a server says of rows that do not suit their table, and what helps.
MISFITS: Mapping[str, str] = MappingProxyType(
    {
        "a value is too long for its column": "choose an operator that keeps the length (mask, fpe,"
        " fake), or write to another target",
        "a column takes no nulls": "name an operator for it that its type suits, or keep",
        "a key would be there twice": "choose operators that keep different values different",
    }
)


def known_error(code: object, known: Codes, uri: str) -> LakeError | None:
    """Our error for a driver's code; None for one that is not known."""
    for codes, cls, what in known:
        if code in codes:
            return cls(f"{uri}: {what} ({code})", hint=MISFITS.get(what), uri=uri)
    return None


class RelationalDatabase:
    """One session; see `lakescan.connectors.sql.database.Database`. Dialects differ below.

    Args:
        address: which database.
        patience: how long to wait.
        snapshot: another session's, or empty.
    """

    composite = True
    quote: QuoteRule = True
    #: Options of the URI that go to the driver.
    known: frozenset[str] = frozenset()
    _connection: Connection

    def __init__(self, address: Address, patience: Patience, snapshot: str = "") -> None:
        self.address_of = address
        self.patience = patience
        with self.errors():
            self._engine = self.make_engine()
            self._connection = self._engine.connect()
            try:
                self.begin(self._connection, snapshot)
            except BaseException:
                self.close()
                raise

    # --- what a dialect says ------------------------------------------------------------------

    def make_engine(self) -> Engine:
        """An engine that holds no connection but the one in use."""
        raise AssertionError("a dialect's")

    def begin(self, connection: Connection, snapshot: str) -> None:
        """Set the session: read-only, one view of the data, time-outs."""

    def databases(self) -> list[str]:
        """The databases of the server that are not its own."""
        return [self.address_of.database]

    def schemas(self, connection: Connection) -> list[str]:
        """The schemas that are not the server's own; one empty name where there are none."""
        return [""]

    def facts(self, connection: Connection, schema: str) -> Mapping[str, Facts]:
        """What the catalog knows of a schema's tables, by their names."""
        return {}

    def snapshot(self) -> str:
        """A snapshot for other sessions, where there is such a thing."""
        return ""

    def expression(self, column: SqlColumn) -> Expression:
        """How a column is selected."""
        return plain(column.name, self.quote)

    def address(self) -> Expression:
        """The pseudo-column of a row's address."""
        return plain("rowid")

    def place(self, number: int) -> object:
        """What an address is compared with."""
        return number

    def sampled(self, table: TableClause, percent: float) -> FromClause | None:
        """A sample by the server."""
        return None

    def column(self, found: ReflectedColumn) -> SqlColumn:
        """A column as the inspector found it."""
        kind = found["type"]
        comment = found.get("comment") or ""
        return SqlColumn(found["name"], arrow_type(kind), "", comment, key_kind(kind))

    def exact(self, table: SqlTable) -> SqlTable:
        """The same table, where every value of a dialect's has its Arrow type."""
        return table

    def abandon(self) -> None:
        """See to it that rows that nobody wants any more are not fetched."""

    def error(self, error: Exception) -> LakeError | None:
        """What a driver's error means; None where nobody knows."""
        return None

    # --- what all have ------------------------------------------------------------------------

    def tables(self, schema: str, *, views: bool) -> list[SqlTable]:
        """List tables with their columns, keys and facts, a few queries a schema."""
        found: list[SqlTable] = []
        with self.errors():
            names = [schema] if schema else self.schemas(self._connection)
            for name in names:
                found.extend(self._of_schema(name, views=views))
        return found

    def _of_schema(self, schema: str, *, views: bool) -> Iterator[SqlTable]:
        import sqlalchemy as sa
        from sqlalchemy.engine.reflection import ObjectKind

        facts = self.facts(self._connection, schema)
        inspector = sa.inspect(self._connection)
        where = schema or None
        kinds = ObjectKind.ANY if views else ObjectKind.TABLE | ObjectKind.MATERIALIZED_VIEW
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sa.exc.SAWarning)  # a type that it knows no name for
            columns = inspector.get_multi_columns(where, kind=kinds)
            keys = inspector.get_multi_pk_constraint(where, kind=kinds)
            try:
                comments = inspector.get_multi_table_comment(where, kind=kinds)
            except NotImplementedError:
                comments = {}
            seen = set(inspector.get_view_names(where)) if views else set()
        for key in sorted(columns, key=lambda pair: pair[1]):
            name = key[1]
            fact = facts.get(name, Facts())
            if fact.hidden:
                continue
            comment = comments[key].get("text") if key in comments else None
            constraint = keys.get(key)
            yield SqlTable(
                schema,
                name,
                tuple(self.column(one) for one in columns[key]),
                tuple(constraint["constrained_columns"]) if constraint else (),
                comment or "",
                name in seen,
                fact.rows,
                fact.size,
                fact.version,
                fact.addressed,
                fact.pages,
                fact.readable,
            )

    def design(self, schema: str, name: str) -> TableDesign:
        """How a table was made."""
        with self.errors():
            return reflected(self._connection, schema, name)

    def first_row(self, statement: Statement) -> tuple[object, ...] | None:
        """The first row that a statement gives."""
        with self.errors():
            row = self._connection.execute(statement).first()
        return None if row is None else tuple(row)

    def batches(
        self, statement: Statement, columns: Sequence[SqlColumn], batch_bytes: int
    ) -> Iterator[pa.RecordBatch]:
        """Fetch through a cursor of the server."""
        with self.errors():
            result = self._connection.execution_options(stream_results=True).execute(statement)
            done = False
            try:
                yield from fetched(result.fetchmany, columns, batch_bytes)
                done = True
            finally:
                if not done:
                    self.abandon()
                result.close()

    def close(self) -> None:
        """End the session; nothing is said where the server is gone."""
        connection = getattr(self, "_connection", None)
        if connection is not None:
            with suppress(Exception):
                connection.close()
            with suppress(Exception):  # where closing failed half-way
                connection.invalidate()
        self._engine.dispose()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn the driver's errors into ours, whose texts may quote values."""
        try:
            yield
        except LakescanError:
            raise
        except Exception as error:
            import sqlalchemy as sa

            cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
            known = self.error(cause) if isinstance(cause, Exception) else None
            if known is not None:
                known.uri = known.uri or self.address_of.shown
                raise known from None
            if isinstance(error, sa.exc.SQLAlchemyError):
                name = type(cause).__name__
                raise TransientError(
                    f"{self.address_of.shown}: the database failed ({name})",
                    uri=self.address_of.shown,
                ) from None
            raise
