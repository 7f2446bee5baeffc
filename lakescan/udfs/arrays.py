"""Numbers between numpy and Arrow, by way of Polars.

``pa.array`` and ``to_numpy`` would import pandas, where it is installed, only to ask whether this
is its; that takes longer than a small scan.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc


def to_arrow(values: npt.NDArray[np.generic]) -> pa.Array:
    """A numpy array of numbers or booleans as an Arrow array of the same type."""
    return pl.Series(values).to_arrow()


def to_numpy(column: pa.Array | pa.ChunkedArray) -> npt.NDArray[Any]:
    """The numbers or booleans of an Arrow column without nulls."""
    if isinstance(column, pa.ChunkedArray) and column.num_chunks == 1:
        column = column.chunk(0)
    kind = _NUMBERS.get(column.type) if isinstance(column, pa.Array) else None
    if kind is not None and len(column):
        data = column.buffers()[1]
        return np.frombuffer(data, kind, len(column), column.offset * kind.itemsize)
    series = pl.from_arrow(column)
    assert isinstance(series, pl.Series)
    return series.to_numpy()


def members(array: pa.UnionArray) -> tuple[pa.Array, list[pa.Array]]:
    """Which member of a union is there, by its code; and each member, as long as the union.

    A member is null where another one is there.
    """
    places = to_arrow(np.arange(len(array), dtype=np.int32))
    if array.offset:  # pyarrow's codes and offsets are those of the whole
        array = array.take(places)
    if array.type.mode == "dense":
        places = array.offsets
    return array.type_codes, [
        array.field(number).take(pc.if_else(pc.equal(array.type_codes, code), places, None))
        for number, code in enumerate(array.type.type_codes)
    ]


def is_binary(kind: pa.DataType) -> bool:
    """Whether values are bytes."""
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def decoded(values: pa.Array) -> pa.Array:
    """Bytes as texts; null where they are none in UTF-8."""
    values = values.cast(pa.large_binary())
    try:
        return values.cast(pa.large_string())
    except pa.ArrowInvalid:
        readable = pa.array([value is not None and _is_utf8(value) for value in values.to_pylist()])
        return pc.if_else(readable, values, None).cast(pa.large_string())


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def taken(values: pl.Series, rows: npt.NDArray[np.integer[Any]] | list[int]) -> pl.Series:
    """Some of the values, by their rows.

    ``Series.gather`` plans a query first, which takes longer than to take a few thousand values.
    """
    return values[np.asarray(rows, np.uint32)]


#: Types that lie in memory alike.
_NUMBERS: dict[pa.DataType, np.dtype[Any]] = {
    pa.int16(): np.dtype(np.int16),
    pa.int32(): np.dtype(np.int32),
    pa.int64(): np.dtype(np.int64),
    pa.float32(): np.dtype(np.float32),
    pa.float64(): np.dtype(np.float64),
}
