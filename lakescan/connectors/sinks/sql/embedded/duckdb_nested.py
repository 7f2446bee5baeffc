"""The type of a nested column of DuckDB some leaves of which have other values now."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sinks.sql.types import type_sql

if TYPE_CHECKING:
    from duckdb.sqltypes import DuckDBPyType


def nested_sql(declared: str, kind: pa.DataType, path: str, changed: Collection[str]) -> str:
    """The declared type, with the types of the values that are written for what was changed.

    Args:
        declared: the type in the source's catalog.
        kind: of the values that are written.
        path: the column's name.
        changed: paths of leaves, as `lakescan.udfs.leaves` has them.
    """
    import duckdb

    return _sql(duckdb.sqltype(declared), kind, path, changed)


def _sql(declared: DuckDBPyType, kind: pa.DataType, path: str, changed: Collection[str]) -> str:
    inside = (f"{path}.", f"{path}[")
    if not any(each == path or each.startswith(inside) for each in changed):
        return str(declared)
    if not pa.types.is_nested(kind):
        return type_sql(kind, "duckdb")
    # An array's size is no type; the first of a union's, which one is there, has no name.
    inner = [(n, each) for n, each in declared.children if n and not isinstance(each, int | list)]
    if declared.id == "map":
        key = _sql(inner[0][1], kind.key_type, f"{path}.{{key}}", changed)
        return f"MAP({key}, {_sql(inner[1][1], kind.item_type, f'{path}.{{}}', changed)})"
    if declared.id in ("list", "array"):
        items = _sql(inner[0][1], kind.value_type, f"{path}[]", changed)
        return f"{items}[{declared.children[1][1] if declared.id == 'array' else ''}]"
    fields = (
        f'"{field.name.replace(chr(34), chr(34) * 2)}"'
        f" {_sql(child, field.type, f'{path}.{field.name}', changed)}"
        for field, (_, child) in zip(kind, inner, strict=True)
    )
    return f"{declared.id.upper()}({', '.join(fields)})"
