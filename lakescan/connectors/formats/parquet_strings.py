"""Small Parquet files whole, their plain strings by way of Polars: it takes half of the time.

pyarrow appends strings to an array one by one; Polars points at them where they lie. Only what both
read alike is read so, and what Polars does not read is left to pyarrow, and its errors.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

_log = logging.getLogger(__name__)

#: Strings below this are read by pyarrow with the rest: a second reader takes a while to begin.
_LEAST_BYTES = 1 << 20
#: The strings' part of the file at least, or too much is fetched that nobody wants.
_LEAST_PART = 0.5
#: Polars passes over gzip's checksum, which tells pyarrow that bytes have changed.
_UNCHECKED = ("GZIP",)


def read_whole(
    file: pa.NativeFile, reader: pq.ParquetFile, columns: Sequence[str], coded: Sequence[str]
) -> pa.Table | None:
    """All rows of a file; None where it is not worth it, or Polars would not read it.

    Args:
        file: it is read into memory: never mapped, as it may be cut meanwhile.
        reader: of the file.
        columns: the top-level ones that are wanted, in the file's order.
        coded: those that are read as dictionaries.
    """
    schema = reader.schema_arrow
    if len(set(schema.names)) < len(schema.names):
        return None
    dictionaries = frozenset(coded)
    plain = [
        name
        for name in columns
        if name not in dictionaries and schema.field(name).type == pa.string()
    ]
    if not _is_worth_it(reader.metadata, frozenset(plain), file.size()):
        return None
    file.seek(0)
    data = file.read()
    texts = _texts(data, plain, reader.metadata.num_rows)
    if texts is None:
        return None
    rest = pq.ParquetFile(
        pa.BufferReader(data), metadata=reader.metadata, read_dictionary=list(coded)
    ).read(columns=[name for name in columns if name not in texts], use_threads=False)
    rest = rest.combine_chunks()
    return pa.Table.from_arrays(
        [texts[name] if name in texts else rest.column(name) for name in columns],
        schema=pa.schema(
            [schema.field(name) if name in texts else rest.field(name) for name in columns]
        ),
    )


def _is_worth_it(metadata: pq.FileMetaData, plain: frozenset[str], file_bytes: int) -> bool:
    stored = expanded = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for index in range(group.num_columns):
            chunk = group.column(index)
            if chunk.path_in_schema in plain:
                if chunk.compression in _UNCHECKED:
                    return False
                stored += chunk.total_compressed_size
                expanded += chunk.total_uncompressed_size
    return expanded >= _LEAST_BYTES and stored >= _LEAST_PART * file_bytes


def _texts(data: bytes, names: list[str], rows: int) -> dict[str, pa.Array] | None:
    """The strings by their columns' names; None where Polars has no such."""
    try:
        frame = pl.read_parquet(
            data, columns=names, parallel="none", use_statistics=False, glob=False
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        _log.debug("Polars does not read it: %s", type(error).__name__)
        return None
    if frame.height != rows or set(frame.dtypes) != {pl.String}:
        return None
    oldest = pl.CompatLevel.oldest()
    return {
        name: frame[name].rechunk().to_arrow(compat_level=oldest).cast(pa.string())
        for name in names
    }
