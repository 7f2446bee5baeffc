"""Values inside of DuckDB's lists, structs, maps and unions that Arrow has no type for: texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb.sqltypes import DuckDBPyType

#: How a column is selected: cast to the type that follows.
AS = "as "
#: What is read as its text. An identity number is read digit by digit; in Arrow, 39 digits are no
#: integer, bits are bytes, and a time of day loses its zone.
UNKNOWN = frozenset({"BIGNUM", "BIT", "HUGEINT", "UHUGEINT", "TIME WITH TIME ZONE"})


def nested_form(kind: DuckDBPyType) -> str:
    """How a column of a nested type is selected; empty where as it is.

    Args:
        kind: the column's type.

    Returns:
        A form for `SqlColumn`: `AS` and a type in which all that is `UNKNOWN` is text.
    """
    if not _is_nested(kind):
        return ""
    known = _known(kind)
    return "" if known == str(kind) else AS + known


def _known(kind: DuckDBPyType) -> str:
    """A type's text, with texts for what is unknown inside."""
    if not _is_nested(kind):
        return "VARCHAR" if str(kind) in UNKNOWN else str(kind)
    inner = [
        (name, _known(child)) for name, child in kind.children if not isinstance(child, int | list)
    ]
    if kind.id == "list":
        return f"{inner[0][1]}[]"
    if kind.id == "array":  # its second child is its length, an integer
        return f"{inner[0][1]}[{kind.children[1][1]}]"
    if kind.id == "map":
        return f"MAP({inner[0][1]}, {inner[1][1]})"
    # The first of a union's children is which one is there, and has no name.
    fields = ", ".join(f'"{_escaped(name)}" {text}' for name, text in inner if name)
    return f"{kind.id.upper()}({fields})"


def _is_nested(kind: DuckDBPyType) -> bool:
    return kind.id in ("list", "array", "map", "struct", "union")


def _escaped(name: str) -> str:
    return name.replace('"', '""')
