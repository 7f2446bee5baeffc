"""Where a blueprint comes from: the source's own catalog, or the columns of what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lakescan.connectors.sinks.model import OutputUnit
from lakescan.connectors.sinks.sql.blueprint import (
    PLACE,
    Blueprint,
    ColumnDesign,
    ForeignDesign,
    KeyDesign,
)
from lakescan.connectors.sinks.sql.embedded.duckdb_nested import nested_sql
from lakescan.connectors.sinks.sql.types import text_sql, type_sql
from lakescan.connectors.sql.access import Access
from lakescan.connectors.sql.address import DIALECTS, Address
from lakescan.connectors.sql.design import Reference, TableDesign
from lakescan.connectors.sql.dialects.lookup import open_database
from lakescan.connectors.storage.lookup import scheme_of

if TYPE_CHECKING:
    from sqlalchemy import Column, Dialect
    from sqlalchemy.types import TypeEngine

#: In the metadata of a field of `OutputUnit.schema`: its values become others, which may be longer,
#: or null. The first has the paths of the leaves that do, a line each.
LOOSE, NULLABLE = b"lakescan.loose", b"lakescan.nullable"
#: Defaults that mean the same everywhere.
_LITERAL = re.compile(r"(-?\d+(?:\.\d+)?|'[^']*')(?:::[a-z ]+)?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table goes.

    Args:
        dialect: our name of the target's.
        compiler: SQLAlchemy's.
        schema: of the target; empty where there is none.
        table: its name.
        stage: its name until the commit.
        pinned: whether all tables go into that schema, whatever they were in.
    """

    dialect: str
    compiler: Dialect
    schema: str
    table: str
    stage: str
    pinned: bool


def blueprint(unit: OutputUnit, written: pa.Schema, place: Place) -> Blueprint:
    """How the table of a unit is made.

    Args:
        unit: with its source.
        written: the columns of the rows.
        place: where it goes.
    """
    design, dialect, schema = _source(unit)
    same = dialect == place.dialect
    drafting = _Drafting(unit, written, place, design, same=same)
    references = () if design is None else design.references
    return Blueprint(
        output=unit.output,
        schema=place.schema,
        table=place.table,
        stage=place.stage,
        columns=tuple(drafting.columns()),
        primary=drafting.primary(),
        uniques=tuple(drafting.uniques()),
        foreign=tuple(
            _foreign(each, place, schema)
            for each in references
            if set(each.columns) <= set(written.names)
        ),
        indexes=tuple(drafting.indexes()),
        before=tuple(drafting.enumerations()),
        comment=("" if design is None else design.table.comment) or _said(unit.schema),
        suffix=drafting.suffix(),
    )


def _source(unit: OutputUnit) -> tuple[TableDesign | None, str, str]:
    """The catalog's description of a unit's source, its dialect and schema, where it has one."""
    if not unit.splits or scheme_of(unit.splits[0].uri).partition("+")[0] not in DIALECTS:
        return None, "", ""
    split = unit.splits[0]
    address = Access.of_text(split.access).login(Address.parse(split.uri))
    with closing(open_database(address)) as database:
        design = database.design(address.schema, address.table)
    return design, address.dialect, address.schema


def _said(schema: pa.Schema | None) -> str:
    metadata = (schema.metadata if schema is not None else None) or {}
    return str(metadata.get(b"comment", b"").decode())


def _foreign(reference: Reference, place: Place, source: str) -> ForeignDesign:
    own = place.pinned or not reference.schema or reference.schema == source
    return ForeignDesign(
        reference.name,
        reference.columns,
        place.schema if own else reference.schema,
        reference.table,
        reference.others,
        reference.options,
    )


class _Drafting:
    """One table being designed."""

    def __init__(
        self,
        unit: OutputUnit,
        written: pa.Schema,
        place: Place,
        design: TableDesign | None,
        *,
        same: bool,
    ) -> None:
        self._written = written
        self._place = place
        self._design = design
        self._same = same
        self._table = None if design is None else design.table
        self._schema = unit.schema
        self._keyed = self._names_in_keys()

    def columns(self) -> Iterator[ColumnDesign]:
        for field in self._written:
            yield self._column(field)

    def _column(self, field: pa.Field) -> ColumnDesign:
        found = None if self._table is None else self._table.c.get(field.name)
        told = self._told(field.name)
        loose = LOOSE in told or self._retyped(field)
        comment = (found.comment if found is not None else "") or told.get(b"comment", b"").decode()
        if found is None:
            return ColumnDesign(
                field.name, self._new_type(field), comment=comment, loose=loose, after=""
            )
        identity = self._numbered(found)
        computed = "" if found.computed is None else str(found.computed.sqltext)
        return ColumnDesign(
            field.name,
            self._type(field, found, told.get(LOOSE, b"").decode().splitlines(), loose=loose),
            bool(found.nullable) or NULLABLE in told,
            "" if identity or computed else self._default(found),
            computed if self._same else "",
            identity,
            comment,
            loose,
            self._after(identity=identity, comment=comment),
        )

    def primary(self) -> KeyDesign | None:
        if self._table is None or not self._has(self._table.primary_key.columns):
            return None
        key = self._table.primary_key
        if not key.columns:
            return None
        name = str(key.name or "") if self._same and self._place.dialect != "mysql" else ""
        return KeyDesign(name, tuple(column.name for column in key.columns))

    def uniques(self) -> Iterator[KeyDesign]:
        import sqlalchemy as sa

        for one in [] if self._table is None else self._table.constraints:
            if isinstance(one, sa.UniqueConstraint) and self._has(one.columns):
                names = tuple(column.name for column in one.columns)
                yield KeyDesign(str(one.name or "") if self._same else "", names)

    def indexes(self) -> Iterator[str]:
        import sqlalchemy as sa
        from sqlalchemy.schema import CreateIndex

        if self._table is None:
            return
        shell = sa.Table(
            PLACE, sa.MetaData(), *(sa.Column(name, sa.String) for name in self._written.names)
        )
        for index in sorted(self._table.indexes, key=lambda each: str(each.name)):
            plain = len(index.columns) == len(index.expressions)
            if not self._has(index.columns) or not (plain or self._same):
                continue
            parts: list[Any] = [
                shell.c[each.name] if isinstance(each, sa.Column) else sa.text(str(each))
                for each in index.expressions
            ]
            more = dict(index.dialect_kwargs) if self._same else {}
            name = index.name if self._same else f"ix_{self._place.table}_{index.name}"[:60]
            made = sa.Index(name, *parts, unique=index.unique, **more)
            if not plain:
                made._set_parent(shell)  # noqa: SLF001 - an index of expressions has no column
            yield str(CreateIndex(made).compile(dialect=self._place.compiler))

    def enumerations(self) -> Iterator[str]:
        """Types that have to be there before a table of PostgreSQL."""
        from sqlalchemy.dialects import postgresql as pg

        if self._place.dialect != "postgresql" or not self._same or self._table is None:
            return
        for column in self._table.c:
            kind = column.type.item_type if isinstance(column.type, pg.ARRAY) else column.type
            if isinstance(kind, pg.ENUM) and column.name in self._written.names:
                name = self._place.compiler.type_compiler_instance.process(self._moved(kind))
                labels = ", ".join("'" + text.replace("'", "''") + "'" for text in kind.enums)
                yield (
                    f"DO $lakescan$ BEGIN CREATE TYPE {name} AS ENUM ({labels});"
                    " EXCEPTION WHEN duplicate_object THEN NULL; END $lakescan$"
                )

    def suffix(self) -> str:
        """What follows the columns."""
        if self._place.dialect != "mysql":
            return ""
        given = dict(self._table.kwargs) if self._table is not None and self._same else {}
        charset = given.get("mysql_default charset") or given.get("mariadb_default charset")
        collate = given.get("mysql_collate") or given.get("mariadb_collate")
        text = f" ENGINE=InnoDB DEFAULT CHARSET={charset or 'utf8mb4'}"
        text += f" COLLATE={collate}" if collate else ""
        comment = (self._table.comment if self._table is not None else "") or _said(self._schema)
        return text + (f" COMMENT={_quoted(comment)}" if comment else "")

    def _names_in_keys(self) -> frozenset[str]:
        if self._design is None or self._table is None:
            return frozenset()
        found = {name for key in self._design.keys for name in key}
        found |= {name for each in self._design.references for name in each.columns}
        found |= {column.name for index in self._table.indexes for column in index.columns}
        return frozenset(found)

    def _has(self, columns: Any) -> bool:
        return all(column.name in self._written.names for column in columns)

    def _told(self, name: str) -> dict[bytes, bytes]:
        if self._schema is None or name not in self._schema.names:
            return {}
        return dict(self._schema.field(self._schema.get_field_index(name)).metadata or {})

    def _retyped(self, field: pa.Field) -> bool:
        """Whether a column's values have another type than its source's."""
        if self._schema is None or field.name not in self._schema.names:
            return False
        before = self._schema.field(self._schema.get_field_index(field.name)).type
        now = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        return not (before == now or (_is_text(before) and _is_text(now)))

    def _new_type(self, field: pa.Field) -> str:
        return type_sql(field.type, self._place.dialect, key=field.name in self._keyed)

    def _type(
        self, field: pa.Field, found: Column[Any], changed: Sequence[str], *, loose: bool
    ) -> str:
        import sqlalchemy as sa

        kind = found.type
        length = kind.length if isinstance(kind, sa.String) else None
        key = field.name in self._keyed
        if loose:
            if _is_text(field.type):
                # Ciphertexts are longer than what they hide, by a third and a header.
                wide = None if length is None or self._place.dialect == "postgresql" else length
                return text_sql(
                    self._place.dialect, None if wide is None else 4 * wide + 200, key=key
                )
            if self._same and self._place.dialect == "postgresql" and _items(field.type):
                return _items(field.type)
            duck = self._same and self._place.dialect == "duckdb"
            if duck and changed and pa.types.is_nested(field.type):
                return nested_sql(self._declared(kind), field.type, field.name, changed)
            wide_type = pa.int64() if pa.types.is_integer(field.type) else field.type
            return type_sql(wide_type, self._place.dialect, key=key)
        if not self._same:
            if _is_text(field.type) and isinstance(kind, sa.String):
                return text_sql(self._place.dialect, length, key=key)
            return self._new_type(field)
        if isinstance(kind, sa.types.NullType):
            return self._new_type(field)
        return self._declared(kind)

    def _declared(self, kind: TypeEngine[Any]) -> str:
        return str(self._place.compiler.type_compiler_instance.process(self._moved(kind)))

    def _moved(self, kind: TypeEngine[Any]) -> TypeEngine[Any]:
        """A type whose name stands in the target's schema; of a domain, what it is made of."""
        if self._place.dialect != "postgresql":
            return kind
        from sqlalchemy.dialects import postgresql as pg

        if isinstance(kind, pg.DOMAIN):
            return self._moved(kind.data_type)
        if isinstance(kind, pg.ARRAY):
            return pg.ARRAY(self._moved(kind.item_type), dimensions=kind.dimensions)
        if isinstance(kind, pg.ENUM):
            return pg.ENUM(*kind.enums, name=kind.name, schema=self._place.schema or None)
        return kind

    def _numbered(self, found: Column[Any]) -> bool:
        default = _default_text(found)
        if found.identity is not None or default.lower().startswith("nextval("):
            return self._place.dialect in ("postgresql", "mysql")
        return found.autoincrement is True and self._place.dialect in ("postgresql", "mysql")

    def _default(self, found: Column[Any]) -> str:
        text = _default_text(found)
        if self._same:
            return "" if "nextval(" in text.lower() else text
        literal = _LITERAL.fullmatch(text)
        return literal[1] if literal else ""

    def _after(self, *, identity: bool, comment: str) -> str:
        if self._place.dialect != "mysql":
            return ""
        return (" AUTO_INCREMENT" if identity else "") + (
            f" COMMENT {_quoted(comment)}" if comment else ""
        )


def _default_text(found: Column[Any]) -> str:
    """The expression of a column's default, as the catalog has it."""
    given = getattr(found.server_default, "arg", None)
    return "" if given is None else str(given)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _items(kind: pa.DataType) -> str:
    """An array of PostgreSQL, of any number of dimensions, for lists of integers or texts."""
    if not pa.types.is_list(kind):
        return ""
    while pa.types.is_list(kind):
        kind = kind.value_type
    if not (_is_text(kind) or pa.types.is_integer(kind)):
        return ""
    return "bigint[]" if pa.types.is_integer(kind) else "text[]"
