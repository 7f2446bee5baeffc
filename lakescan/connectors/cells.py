"""The longest cell of a batch, without looking at each."""

from __future__ import annotations

import pyarrow as pa

from lakescan.connectors.limits import bytes_text
from lakescan.errors import LimitExceededError


def check_cells(batch: pa.RecordBatch, limit: int, uri: str) -> None:
    """Refuse a batch with a cell that is too long.

    Raises:
        LimitExceededError: a string or binary value, a nested one too, has more bytes.
    """
    for column in batch.columns:
        _check(column, limit, uri)


def _check(array: pa.Array, limit: int, uri: str) -> None:
    if array.nbytes <= limit:
        return
    kind = array.type
    if pa.types.is_dictionary(kind):
        _check(array.dictionary, limit, uri)
    elif pa.types.is_struct(kind):
        for child in array.flatten():
            _check(child, limit, uri)
    elif pa.types.is_union(kind):
        for number in range(kind.num_fields):
            _check(array.field(number), limit, uri)
    elif pa.types.is_map(kind):
        _check(array.keys, limit, uri)
        _check(array.items, limit, uri)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        _check(array.flatten(), limit, uri)
    elif _has_length(kind):
        import pyarrow.compute as pc  # a third of a second, for the rare column that is this large

        longest = pc.max(pc.binary_length(array)).as_py()
        if longest is not None and longest > limit:
            raise LimitExceededError(
                f"{uri}: a cell of more than {bytes_text(limit)}",
                hint="have the policy ignore the column, or exclude the file",
                uri=uri,
            )


def _has_length(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_large_binary(kind)
    )
