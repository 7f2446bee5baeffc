"""What a catalog says of how a table was made: types, keys, defaults, indexes, comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy import Connection, Table
    from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key.

    Args:
        name: its name, or empty.
        columns: of this table.
        schema: of the other table; empty for this one's.
        table: the other.
        others: its columns.
        options: what follows, such as ``ON DELETE CASCADE``.
    """

    name: str
    columns: tuple[str, ...]
    schema: str
    table: str
    others: tuple[str, ...]
    options: str = ""


@dataclass(frozen=True, slots=True)
class TableDesign:
    """A table as its catalog describes it.

    Args:
        table: columns, primary and unique keys, checks, indexes.
        references: foreign keys.
    """

    table: Table
    references: tuple[Reference, ...]

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The columns of the primary and the unique keys."""
        import sqlalchemy as sa

        return tuple(
            tuple(column.name for column in one.columns)
            for one in self.table.constraints
            if isinstance(one, sa.PrimaryKeyConstraint | sa.UniqueConstraint) and one.columns
        ) + tuple(
            tuple(column.name for column in one.columns)
            for one in self.table.indexes
            if one.unique and len(one.columns) == len(one.expressions)
        )


def reflected(connection: Connection, schema: str, name: str) -> TableDesign:
    """Ask the catalog, through SQLAlchemy's inspector."""
    import warnings

    import sqlalchemy as sa

    where = schema or None
    inspector = sa.inspect(connection)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # a type that it knows no name for
        table = sa.Table(
            name, sa.MetaData(), schema=where, autoload_with=connection, resolve_fks=False
        )
        for check in _checks(inspector, name, where):
            table.append_constraint(sa.CheckConstraint(check[1], name=check[0]))
        found = inspector.get_foreign_keys(name, where)
    return TableDesign(table, tuple(_reference(each) for each in found))


def _checks(
    inspector: sa.Inspector, name: str, schema: str | None
) -> Sequence[tuple[str | None, str]]:
    try:
        return [(c["name"], c["sqltext"]) for c in inspector.get_check_constraints(name, schema)]
    except NotImplementedError:
        return []


def _reference(found: ReflectedForeignKeyConstraint) -> Reference:
    return Reference(
        found["name"] or "",
        tuple(found["constrained_columns"]),
        found["referred_schema"] or "",
        found["referred_table"],
        tuple(found["referred_columns"]),
        _options(found.get("options") or {}),
    )


def _options(given: Mapping[str, object]) -> str:
    parts = []
    for name, word in (("ondelete", "ON DELETE"), ("onupdate", "ON UPDATE")):
        if given.get(name):
            parts.append(f"{word} {given[name]}")
    if given.get("deferrable"):
        parts.append("DEFERRABLE")
        if given.get("initially"):
            parts.append(f"INITIALLY {given['initially']}")
    return " ".join(parts)
