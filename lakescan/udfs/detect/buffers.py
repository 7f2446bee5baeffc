"""Strings as the bytes and offsets that numpy works on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
ByteArray = npt.NDArray[np.uint8]


def string_buffers(series: pl.Series) -> tuple[IntArray, ByteArray]:
    """Offsets (n + 1) and UTF-8 bytes of a string series without nulls."""
    array = series.to_arrow()
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if array.type != pa.large_string():
        array = array.cast(pa.large_string())
    return array_buffers(array)


def array_buffers(array: pa.StringArray | pa.LargeStringArray) -> tuple[IntArray, ByteArray]:
    """The same of an Arrow array without nulls."""
    _, offsets, data = array.buffers()
    kind = np.int32 if pa.types.is_string(array.type) else np.int64
    bounds = np.frombuffer(offsets, kind)[array.offset : array.offset + len(array) + 1]
    held = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return bounds.astype(np.int64, copy=False), held


def cut(data: ByteArray, starts: IntArray, ends: IntArray) -> list[bytes]:
    """Pieces of some bytes, many at a time."""
    if not len(starts):
        return []
    low, high = int(starts.min()), int(ends.max())
    pairs = zip((starts - low).tolist(), (ends - low).tolist(), strict=True)
    if high - low <= 4 * int((ends - starts).sum()):
        # To cut bytes is faster, once they are copied.
        whole = data[low:high].tobytes()
        return [whole[start:end] for start, end in pairs]
    view = data[low:high].data
    return [bytes(view[start:end]) for start, end in pairs]


def strings(offsets: IntArray, data: ByteArray) -> pl.Series:
    """The strings between each two offsets that follow each other; nothing is copied."""
    count = max(len(offsets) - 1, 0)
    cuts = np.ascontiguousarray(offsets, np.int64)
    return pl.Series(
        values=pa.LargeStringArray.from_buffers(count, pa.py_buffer(cuts), pa.py_buffer(data))
    )


def translated(offsets: IntArray, data: ByteArray, table: bytes) -> pl.Series:
    """The strings with each byte exchanged for ``table[byte]``."""
    return strings(offsets - offsets[0], translated_bytes(offsets, data, table))


def translated_bytes(offsets: IntArray, data: ByteArray, table: bytes) -> ByteArray:
    """The bytes of the strings, each exchanged for ``table[byte]``."""
    low, high = int(offsets[0]), int(offsets[-1])
    return np.frombuffer(data[low:high].tobytes().translate(table), np.uint8)
