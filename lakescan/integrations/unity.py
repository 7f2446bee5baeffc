"""Unity Catalog: statements that tag columns.

``ALTER TABLE ... ALTER COLUMN ... SET TAGS``, Databricks SQL, Runtime 13.3 and above. Tags stand on
whole columns there; setting a key again replaces its value.
"""

from __future__ import annotations

from collections.abc import Iterator

from lakescan.integrations.catalogs.model import FieldTags, TableTags

#: Catalog, schema and table.
PARTS = 3


def statements(tables: tuple[TableTags, ...]) -> Iterator[str]:
    """One statement a column in which something was found."""
    for table in tables:
        name = ".".join(map(_identifier, table.name))
        for column in table.columns:
            yield (
                f"ALTER TABLE {name} ALTER COLUMN {_identifier(column.path[0])} "
                f"SET TAGS ({', '.join(_tags(column))});"
            )


def _tags(column: FieldTags) -> Iterator[str]:
    said = {
        "lakescan_entity": column.entity,
        "lakescan_domain": column.domain,
        "lakescan_sensitive": "true" if column.sensitive else "false",
    }
    for key, value in said.items():
        yield f"{_literal(key)} = {_literal(value)}"


def _identifier(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
