"""Leaves: the flat columns inside a record batch, nested or not, each with its path.

A field of a struct, or a member of a union, is ``a.b``, a list's items are ``a[]``, a map's values
``a.{}`` and its keys ``a.{key}``, and a field of JSON that is kept in a string ``a.$.b``. Which
cells belong to which leaf depends on each cell alone, never on its neighbours, so that any way of
cutting a table gives the same leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.udfs.arrays import members, to_arrow
from lakescan.udfs.documents import KEY, MAX_DEPTH, VALUE, documents, too_deep


@dataclass(frozen=True, slots=True)
class Leaf:
    """One flat column.

    Args:
        path: where it is, such as ``customer.emails[]``.
        index: position of the top-level column that it is part of.
        array: its values.
        rows: for each value, its row in the batch (int64); None where value ``i`` is row ``i``.
        documents: how many cells were taken apart into ``$`` leaves and are null here.
    """

    path: str
    index: int
    array: pa.Array
    rows: pa.Array | None = None
    documents: int = 0


def leaves(batch: pa.RecordBatch) -> Iterator[Leaf]:
    """All leaves of a batch, in the order of its columns.

    Raises:
        LimitExceededError: a column is nested too deep.
    """
    for index, field in enumerate(batch.schema):
        yield from _walk(Leaf(field.name, index, batch.column(index)), 0)


def _walk(leaf: Leaf, depth: int) -> Iterator[Leaf]:
    array = _plain(leaf.array)
    kind = array.type
    if depth >= MAX_DEPTH and pa.types.is_nested(kind):
        raise too_deep(leaf.path)
    if pa.types.is_struct(kind) or pa.types.is_union(kind):
        children = array.flatten() if pa.types.is_struct(kind) else members(array)[1]
        for field, child in zip(kind, children, strict=True):
            yield from _walk(
                Leaf(f"{leaf.path}.{field.name}", leaf.index, child, leaf.rows), depth + 1
            )
    elif pa.types.is_map(kind):
        entries = pa.LargeListArray.from_arrays(
            _offsets(array), pa.StructArray.from_arrays([array.keys, array.items], ["k", "v"])
        )
        rows = _rows(leaf.rows, pc.list_parent_indices(entries))
        flat = pc.list_flatten(entries)
        for name, part in ((KEY, "k"), (VALUE, "v")):
            values = pc.struct_field(flat, part)
            yield from _walk(Leaf(f"{leaf.path}.{name}", leaf.index, values, rows), depth + 1)
    elif _is_list(kind):
        rows = _rows(leaf.rows, pc.list_parent_indices(array))
        items = pc.list_flatten(array)
        yield from _walk(Leaf(f"{leaf.path}[]", leaf.index, items, rows), depth + 1)
    elif _is_text(kind):
        yield from _documents(Leaf(leaf.path, leaf.index, array, leaf.rows))
    else:
        yield Leaf(leaf.path, leaf.index, array, leaf.rows)


def _plain(array: pa.Array) -> pa.Array:
    """The same values without extension types, run-end encoding and views."""
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_run_end_encoded(array.type):
        array = pc.run_end_decode(array)
    if pa.types.is_dictionary(array.type) and pa.types.is_nested(array.type.value_type):
        array = array.dictionary_decode()
    if pa.types.is_list_view(array.type) or pa.types.is_large_list_view(array.type):
        array = array.cast(pa.large_list(array.type.value_type))
    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    if pa.types.is_string_view(kind):
        array = array.cast(pa.large_string())
    if pa.types.is_binary_view(kind):
        array = array.cast(pa.large_binary())
    return array


def _is_list(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _offsets(array: pa.MapArray) -> pa.Array:
    """A map array's offsets as int64, with nulls where its rows are null."""
    offsets = array.offsets.cast(pa.int64())
    if not array.null_count:
        return offsets
    missing = np.append(pc.is_null(array).to_numpy(zero_copy_only=False), False)
    return pa.array(offsets.to_numpy(), mask=missing)


def _rows(outer: pa.Array | None, parents: pa.Array) -> pa.Array:
    parents = parents.cast(pa.int64())
    return parents if outer is None else outer.take(parents)


def _documents(leaf: Leaf) -> Iterator[Leaf]:
    """Take the cells apart that are JSON objects; yield the rest as it is."""
    found = documents(leaf.array)
    if found is None:
        yield leaf
        return
    nothing = pa.nulls(1, leaf.array.type)[0]  # ``pa.scalar`` would import pandas
    rest = pc.if_else(to_arrow(found.are), nothing, leaf.array)
    yield Leaf(leaf.path, leaf.index, rest, leaf.rows, int(found.are.sum()))
    for path, rows, values in found.columns:
        parents = _rows(leaf.rows, to_arrow(rows))
        yield Leaf(f"{leaf.path}.${path}", leaf.index, values, parents)
