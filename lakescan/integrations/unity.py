"""Unity Catalog: statements that tag columns.

``ALTER TABLE ... ALTER COLUMN ... SET TAGS`` and ``UNSET TAGS``, Databricks SQL, Runtime 13.3 and
above. Tags stand on whole columns there; setting a key again replaces its value.
"""

from __future__ import annotations

from collections.abc import Iterator

from lakescan.integrations.catalogs.model import FieldTags, TableTags


def statements(tables: tuple[TableTags, ...], gone: tuple[TableTags, ...] = ()) -> Iterator[str]:
    """One statement a column: of those in which something was found, and of those of ``gone``."""
    for table in tables:
        for column in table.columns:
            said = ", ".join(f"{_literal(key)} = {_literal(value)}" for key, value in _tags(column))
            yield f"{_altered(table, column)} SET TAGS ({said});"
    for table in gone:
        for column in table.columns:
            keys = ", ".join(_literal(key) for key, _ in _tags(column))
            yield f"{_altered(table, column)} UNSET TAGS ({keys});"


def _altered(table: TableTags, column: FieldTags) -> str:
    name = ".".join(map(_identifier, table.name))
    return f"ALTER TABLE {name} ALTER COLUMN {_identifier(column.path[0])}"


def _tags(column: FieldTags) -> Iterator[tuple[str, str]]:
    yield "lakescan_entity", column.entity
    yield "lakescan_domain", column.domain
    yield "lakescan_sensitive", "true" if column.sensitive else "false"


def _identifier(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
