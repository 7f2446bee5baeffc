"""How a table of the target is made: plain values that travel as JSON, and the SQL of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

import orjson

#: Stands for the table's name in the SQL of an index, which is written before the name is known.
PLACE = "_lakescan_place"
Quote: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ColumnDesign:
    """One column.

    Args:
        name: its name.
        type: in the target's SQL.
        nullable: whether it may be null.
        default: an expression of the target's SQL.
        computed: the expression that it is computed by; then nothing is written to it.
        identity: whether the database numbers its rows.
        comment: what the catalog says of it.
        loose: whether its type was widened, since its values are others now.
        after: what follows it in ``CREATE TABLE``.
    """

    name: str
    type: str
    nullable: bool = True
    default: str = ""
    computed: str = ""
    identity: bool = False
    comment: str = ""
    loose: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class KeyDesign:
    """A primary or unique key."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForeignDesign:
    """A foreign key; ``options`` is what follows the columns, such as ``ON DELETE CASCADE``."""

    name: str
    columns: tuple[str, ...]
    schema: str
    table: str
    others: tuple[str, ...]
    options: str = ""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One table.

    Args:
        output: its name in the run.
        schema: of the target; empty where there is none.
        table: its name once it is committed.
        stage: its name until then.
        columns: in their order.
        primary: the primary key.
        uniques: unique keys.
        foreign: foreign keys; those into tables that are not there are left out.
        indexes: statements, with `PLACE` for the table.
        before: statements that come first, such as of an enumeration.
        comment: what the catalog says of it.
        suffix: what follows the columns.
    """

    output: str
    schema: str
    table: str
    stage: str
    columns: tuple[ColumnDesign, ...]
    primary: KeyDesign | None = None
    uniques: tuple[KeyDesign, ...] = ()
    foreign: tuple[ForeignDesign, ...] = ()
    indexes: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    comment: str = ""
    suffix: str = ""

    @property
    def written(self) -> tuple[str, ...]:
        """The columns that rows are written to."""
        return tuple(column.name for column in self.columns if not column.computed)

    def to_json(self) -> str:
        """As it is kept until the commit."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def of_json(cls, text: str | bytes) -> Blueprint:
        """Read what `to_json` wrote."""
        value: dict[str, Any] = orjson.loads(text)
        primary = value["primary"]
        return replace(
            cls(**value),
            columns=tuple(ColumnDesign(**each) for each in value["columns"]),
            primary=None if primary is None else _key(primary),
            uniques=tuple(_key(each) for each in value["uniques"]),
            foreign=tuple(
                ForeignDesign(
                    **{**each, "columns": tuple(each["columns"]), "others": tuple(each["others"])}
                )
                for each in value["foreign"]
            ),
            indexes=tuple(value["indexes"]),
            before=tuple(value["before"]),
        )

    def without_keys_into(self, known: Callable[[ForeignDesign], bool]) -> Blueprint:
        """The same without foreign keys into tables that are not known."""
        return replace(self, foreign=tuple(key for key in self.foreign if known(key)))


def _key(value: dict[str, Any]) -> KeyDesign:
    return KeyDesign(value["name"], tuple(value["columns"]))


def qualified(schema: str, table: str, quote: Quote) -> str:
    """A table's name in SQL."""
    return f"{quote(schema)}.{quote(table)}" if schema else quote(table)


def listed(names: Iterable[str], quote: Quote) -> str:
    """Names of columns in SQL."""
    return ", ".join(quote(name) for name in names)


def column_sql(column: ColumnDesign, quote: Quote) -> str:
    """A column of ``CREATE TABLE``."""
    text = f"{quote(column.name)} {column.type}"
    if column.computed:
        return f"{text} GENERATED ALWAYS AS ({column.computed}) STORED"
    if column.default:
        text += f" DEFAULT {column.default}"
    return text + ("" if column.nullable else " NOT NULL") + column.after


def bare_sql(design: Blueprint, name: str, quote: Quote) -> str:
    """``CREATE TABLE`` with columns alone, for rows to be loaded fast."""
    body = ", ".join(column_sql(column, quote) for column in design.columns)
    return f"CREATE TABLE {name} ({body}){design.suffix}"


def whole_sql(design: Blueprint, name: str, quote: Quote) -> str:
    """``CREATE TABLE`` with its keys."""
    parts = [column_sql(column, quote) for column in design.columns]
    parts += [text for _, text in keys_sql(design, quote)]
    parts += [foreign_sql(key, quote) for key in design.foreign]
    return f"CREATE TABLE {name} ({', '.join(parts)}){design.suffix}"


def keys_sql(design: Blueprint, quote: Quote) -> Iterator[tuple[str, str]]:
    """The primary and the unique keys, each with its name."""
    if design.primary is not None:
        key = design.primary
        yield key.name, f"{_named(key.name, quote)}PRIMARY KEY ({listed(key.columns, quote)})"
    for key in design.uniques:
        yield key.name, f"{_named(key.name, quote)}UNIQUE ({listed(key.columns, quote)})"


def foreign_sql(key: ForeignDesign, quote: Quote) -> str:
    """A foreign key."""
    other = qualified(key.schema, key.table, quote)
    text = (
        f"{_named(key.name, quote)}FOREIGN KEY ({listed(key.columns, quote)})"
        f" REFERENCES {other} ({listed(key.others, quote)})"
    )
    return f"{text} {key.options}".rstrip()


def indexes_sql(design: Blueprint, name: str, quote: Quote) -> Iterator[str]:
    """The statements of the indexes, on a table of that name."""
    for text in design.indexes:
        yield text.replace(quote(PLACE), name).replace(PLACE, name)


def _named(name: str, quote: Quote) -> str:
    return f"CONSTRAINT {quote(name)} " if name else ""
