"""Strings of batches whose bytes are no UTF-8: formats that declare strings do not make sure of it.

What works on strings relies on it: Polars ends the process, or reads what is not there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from lakescan.connectors.damage import Damage


def mended(batch: pa.RecordBatch, damage: Damage) -> pa.RecordBatch:
    """The batch, with U+FFFD for bytes in strings that are no UTF-8; each place is counted."""
    wrong = [place for place, column in enumerate(batch.columns) if not _is_sound(column)]
    for place in wrong:
        field = batch.schema.field(place)
        batch = batch.set_column(place, field, _mended(batch.column(place), damage))
    return batch


def _is_sound(array: pa.Array) -> bool:
    kind = array.type
    if _is_text(kind):
        return _is_ascii(array) or _is_valid(array)
    return all(_is_sound(child) for child in _children(array))


def _is_ascii(array: pa.Array) -> bool:
    """Whether all bytes are: the most strings are, and to see that takes a quarter of the time."""
    width = {pa.string(): np.int32, pa.large_string(): np.int64}.get(array.type)
    if width is None or not len(array):
        return False
    _, offsets, data = array.buffers()
    if data is None:
        return True
    edges = np.frombuffer(offsets, width, len(array) + 1, array.offset * np.dtype(width).itemsize)
    start, stop = int(edges[0]), int(edges[-1])
    if not 0 <= start <= stop <= data.size:
        return False
    octets = np.frombuffer(data, np.uint8, stop - start, start)
    return not len(octets) or int(octets.max()) < 0x80


def _is_valid(array: pa.Array) -> bool:
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _children(array: pa.Array) -> list[pa.Array]:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return [array.dictionary]
    if pa.types.is_struct(kind) or pa.types.is_union(kind):
        return [array.field(place) for place in range(kind.num_fields)]
    if pa.types.is_map(kind):
        return [array.keys, array.items]
    return [array.values] if _is_list(kind) else []


def _mended(array: pa.Array, damage: Damage) -> pa.Array:
    if _is_sound(array):
        return array
    kind = array.type
    if _is_text(kind):
        return _decoded(array, damage)
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(array.indices, _mended(array.dictionary, damage))
    everything = pa.array(range(len(array)), pa.int64())
    fresh = array.take(everything)  # no part of another, whose nulls lie elsewhere
    nulls = fresh.is_null()
    children = [_mended(child, damage) for child in _children(fresh)]
    if pa.types.is_struct(kind):
        return pa.StructArray.from_arrays(children, fields=list(kind), mask=nulls)
    if pa.types.is_union(kind):
        names, codes = [field.name for field in kind], kind.type_codes
        if kind.mode == "sparse":
            return pa.UnionArray.from_sparse(fresh.type_codes, children, names, codes)
        return pa.UnionArray.from_dense(fresh.type_codes, fresh.offsets, children, names, codes)
    if pa.types.is_fixed_size_list(kind):
        return pa.FixedSizeListArray.from_arrays(*children, type=kind, mask=nulls)
    build: Callable[..., pa.Array] = type(fresh).from_arrays
    return build(fresh.offsets, *children, type=kind, mask=nulls if fresh.null_count else None)


def _decoded(array: pa.Array, damage: Damage) -> pa.Array:
    view = pa.types.is_string_view(array.type)
    values = array.cast(pa.binary_view() if view else pa.large_binary()).to_pylist()
    texts = [None if value is None else damage.decoded(value) for value in values]
    return pa.array(texts, array.type)


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _is_list(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )
