"""What is known of a table before it is read: columns with types, key, size, version, comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """One column.

    Args:
        name: as the database has it.
        arrow: the Arrow type of its values as they are handed out.
        form: how it is selected, where not as it is: a name that the dialect knows.
        comment: what the catalog says of it.
        key: whether a key of this type can be cut into ranges: ``int``, ``uuid``, ``other`` or
            empty.
    """

    name: str
    arrow: pa.DataType
    form: str = ""
    comment: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class SqlTable:
    """One table or view.

    Args:
        schema: empty where the dialect has none.
        name: its name.
        columns: in their order.
        key: names of the primary key's columns, in its order.
        comment: what the catalog says of it.
        view: whether it is a view.
        rows: an estimate; None where the catalog has none.
        size: bytes in the database, an estimate.
        version: changes when the rows do; empty where the database tells nothing of the kind.
        addressed: whether rows have addresses that can be cut into ranges (`ctid`, `rowid`).
        pages: what addresses go up to, where ``addressed``.
        readable: whether we may select from it.
    """

    schema: str
    name: str
    columns: tuple[SqlColumn, ...]
    key: tuple[str, ...] = ()
    comment: str = ""
    view: bool = False
    rows: int | None = None
    size: int = 0
    version: str = ""
    addressed: bool = False
    pages: int = 0
    readable: bool = True

    @property
    def path(self) -> str:
        """What globs are matched with."""
        return f"{self.schema}/{self.name}" if self.schema else self.name

    def column(self, name: str) -> SqlColumn:
        """A column by its name."""
        return next(column for column in self.columns if column.name == name)


def schema_of(columns: Sequence[SqlColumn], comment: str = "") -> pa.Schema:
    """The Arrow schema of columns; comments are the fields' and the schema's metadata."""
    return pa.schema(
        [
            pa.field(
                column.name,
                column.arrow,
                metadata={"comment": column.comment} if column.comment else None,
            )
            for column in columns
        ],
        metadata={"comment": comment} if comment else None,
    )
