"""Columns taken apart into leaves, and put together again of other leaves.

Paths are those of `lakescan.udfs.leaves`. Structs, unions, lists and maps keep their nulls and
lengths.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.udfs.anonymize.text_types import TEXT, as_text, as_type, is_text
from lakescan.udfs.arrays import members, to_arrow, to_numpy
from lakescan.udfs.documents import KEY, MAX_DEPTH, VALUE, too_deep

#: Given a leaf's path, its values and the row of each (None where value ``i`` is row ``i``), other
#: values.
Change = Callable[[str, pa.Array, pa.Array | None], pa.Array]


def rebuilt(array: pa.Array, path: str, change: Change) -> pa.Array:
    """A column with other leaves.

    Args:
        array: of any type.
        path: its name.
        change: what becomes of each leaf.
    """
    return _walk(array, path, None, change, 0)


def _walk(
    array: pa.Array, path: str, rows: pa.Array | None, change: Change, depth: int
) -> pa.Array:
    kind = array.type
    if isinstance(array, pa.ExtensionArray):
        inner = _walk(array.storage, path, rows, change, depth)
        same = inner.type == array.storage.type
        return pa.ExtensionArray.from_storage(kind, inner) if same else inner
    if pa.types.is_run_end_encoded(kind):
        return _walk(pc.run_end_decode(array), path, rows, change, depth)
    if depth >= MAX_DEPTH and pa.types.is_nested(kind):
        raise too_deep(path)
    if pa.types.is_struct(kind):
        return _struct(array, path, rows, change, depth)
    if pa.types.is_union(kind):
        return _union(array, path, rows, change, depth)
    if pa.types.is_map(kind):
        return _map(array, path, rows, change, depth)
    if pa.types.is_fixed_size_list(kind):
        size = kind.list_size
        items = array.values.slice(array.offset * size, len(array) * size)
        at = _repeated(rows, np.full(len(array), size))
        made = _walk(items, f"{path}[]", at, change, depth + 1)
        field = kind.value_field.with_type(made.type)
        return pa.FixedSizeListArray.from_arrays(
            made, type=pa.list_(field, size), mask=_mask(array)
        )
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        sizes = _sizes(array)
        made = _walk(pc.list_flatten(array), f"{path}[]", _repeated(rows, sizes), change, depth + 1)
        field = kind.value_field.with_type(made.type)
        large = pa.types.is_large_list(kind)
        maker = pa.LargeListArray if large else pa.ListArray
        built = pa.large_list(field) if large else pa.list_(field)
        offsets = _offsets(sizes, large=large)
        return maker.from_arrays(offsets, made, type=built, mask=_mask(array))
    return change(path, array, rows)


def _struct(
    array: pa.StructArray, path: str, rows: pa.Array | None, change: Change, depth: int
) -> pa.Array:
    fields, children = [], []
    for field, child in zip(array.type, array.flatten(), strict=True):
        made = _walk(child, f"{path}.{field.name}", rows, change, depth + 1)
        fields.append(field.with_type(made.type))
        children.append(made)
    if not fields:
        return array
    return pa.StructArray.from_arrays(children, fields=fields, mask=_mask(array))


def _union(
    array: pa.UnionArray, path: str, rows: pa.Array | None, change: Change, depth: int
) -> pa.Array:
    kind = array.type
    codes, children = members(array)
    made = [
        _walk(child, f"{path}.{field.name}", rows, change, depth + 1)
        for field, child in zip(kind, children, strict=True)
    ]
    names = [field.name for field in kind]
    if kind.mode == "sparse":
        return pa.UnionArray.from_sparse(codes, made, names, kind.type_codes)
    places = to_arrow(np.arange(len(array), dtype=np.int32))
    return pa.UnionArray.from_dense(codes, places, made, names, kind.type_codes)


def _map(
    array: pa.MapArray, path: str, rows: pa.Array | None, change: Change, depth: int
) -> pa.Array:
    """Entries whose keys became null go; keys that became equal are numbered."""
    kind = array.type
    sizes = _sizes(array.cast(pa.map_(kind.key_type, kind.item_type)))
    valid = to_numpy(pc.is_valid(array))
    first = array.offsets[0].as_py() if len(array) else 0
    last = array.offsets[len(array)].as_py() if len(array) else 0
    keys = array.keys.slice(first, last - first) if len(array.keys) != last - first else array.keys
    items = (
        array.items.slice(first, last - first) if len(array.items) != last - first else array.items
    )
    lengths = np.diff(to_numpy(array.offsets.cast(pa.int64())))
    if (lengths[~valid] > 0).any():
        kept = to_arrow(np.repeat(valid, lengths))
        keys, items = keys.filter(kept), items.filter(kept)
    parents = _repeated(rows, sizes)
    made = _walk(items, f"{path}.{VALUE}", parents, change, depth + 1)
    named = _walk(keys, f"{path}.{KEY}", parents, change, depth + 1)
    same = named is keys or named.equals(keys)
    if not same:
        owners = np.repeat(np.arange(len(array)), sizes)
        kept = to_numpy(pc.is_valid(named))
        named, made = named.filter(to_arrow(kept)), made.filter(to_arrow(kept))
        sizes = np.bincount(owners[kept], minlength=len(array))
        named = _numbered(named, owners[kept])
    fields = kind.key_field.with_type(named.type), kind.item_field.with_type(made.type)
    built = pa.map_(*fields, keys_sorted=same and kind.keys_sorted)
    return pa.MapArray.from_arrays(
        _offsets(sizes, large=False), named, made, type=built, mask=_mask(array)
    )


def _numbered(keys: pa.Array, owners: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    """Keys of texts with a number behind those that their map has already."""
    if not is_text(keys.type):
        return keys
    texts = pl.DataFrame({"owner": owners, "key": pl.from_arrow(as_text(keys))})
    again = pl.int_range(pl.len()).over("owner", "key")
    other = pl.format("{} ({})", "key", again + 1)
    told = texts.select(pl.when(again > 0).then(other).otherwise("key")).to_series()
    return as_type(told.to_arrow().cast(TEXT), keys.type)


def _sizes(array: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How many items each list has; none where it is null."""
    if pa.types.is_map(array.type):
        lengths = np.diff(to_numpy(array.offsets.cast(pa.int64())))
        return np.where(to_numpy(pc.is_valid(array)), lengths, 0)
    counts = pc.fill_null(pc.list_value_length(array), 0)
    return to_numpy(counts).astype(np.int64)


def _offsets(sizes: np.ndarray[tuple[int], np.dtype[np.int64]], *, large: bool) -> pa.Array:
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    return to_arrow(ends if large else ends.astype(np.int32))


def _repeated(rows: pa.Array | None, sizes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    parents = to_arrow(np.repeat(np.arange(len(sizes), dtype=np.int64), sizes))
    return parents if rows is None else rows.take(parents)


def _mask(array: pa.Array) -> pa.Array | None:
    return pc.is_null(array) if array.null_count else None
