"""The Arrow type of a leaf, by its path in a schema."""

from __future__ import annotations

import pyarrow as pa

from lakescan.udfs.anonymize.text_types import TEXT, is_text
from lakescan.udfs.documents import KEY, VALUE


def leaf_type(schema: pa.Schema | None, index: int, path: str) -> pa.DataType:
    """What operators are given of a leaf: ``large_string`` for any text.

    Args:
        schema: the dataset's; None where a format has none: its cells are texts.
        index: of the top-level column.
        path: the leaf's; empty in a table without names.
    """
    if schema is None or ".$" in path or not 0 <= index < len(schema):
        return TEXT
    field = schema.field(index)
    kind = field.type
    rest = path.removeprefix(field.name) if path else ""
    while True:
        kind = _plain(kind)
        if is_text(kind):
            return TEXT
        if (pa.types.is_struct(kind) or pa.types.is_union(kind)) and rest.startswith("."):
            inner = _inner(kind, rest[1:])
            if inner is None:
                return kind
            kind, rest = inner.type, rest[1 + len(inner.name) :]
        elif _is_list(kind) and rest.startswith("[]"):
            kind, rest = kind.value_type, rest[2:]
        elif pa.types.is_map(kind) and rest.startswith(f".{VALUE}"):
            kind, rest = kind.item_type, rest[1 + len(VALUE) :]
        elif pa.types.is_map(kind) and rest.startswith(f".{KEY}"):
            kind, rest = kind.key_type, rest[1 + len(KEY) :]
        else:
            return kind


def _inner(kind: pa.StructType | pa.UnionType, rest: str) -> pa.Field | None:
    """The field whose name ``rest`` begins with: the longest, since names may hold points."""
    fitting = [
        field
        for field in kind
        if rest == field.name or rest.startswith((f"{field.name}.", f"{field.name}["))
    ]
    return max(fitting, key=lambda field: len(field.name), default=None)


def _plain(kind: pa.DataType) -> pa.DataType:
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    if pa.types.is_run_end_encoded(kind):
        kind = kind.value_type
    return kind


def _is_list(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )
