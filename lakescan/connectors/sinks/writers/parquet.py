"""Parquet, with the codecs and row groups of the file that it is made after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from lakescan.connectors.sinks.writers.protocol import Draft
from lakescan.connectors.source import Source

#: Rows of a row group in a new file, as pyarrow's own default, and what one may take in memory.
_GROUP_ROWS, _GROUP_BYTES = 1 << 20, 256 << 20
#: The codecs that footers name -> what the writer calls them. LZO has no writer any more.
_CODECS = {
    "UNCOMPRESSED": "none", "SNAPPY": "snappy", "GZIP": "gzip", "BROTLI": "brotli",
    "LZ4": "lz4", "LZ4_RAW": "lz4", "ZSTD": "zstd",
}  # fmt: skip
_NEW_CODEC = "zstd"
#: What pandas writes about its index and types; right only while the types are.
_PANDAS = b"pandas"


@dataclass(frozen=True, slots=True)
class _Style:
    """What a footer tells of how a file was written."""

    codec: str | dict[str, str] = _NEW_CODEC
    groups: tuple[int, ...] = ()
    int96: bool = False
    schema: pa.Schema | None = None


class ParquetRowWriter:
    """See the module. Statistics are of what is written, never the model's."""

    def __init__(self, stream: pa.NativeFile, draft: Draft) -> None:
        style = _style(draft.model) if draft.model is not None else _Style()
        self._schema = draft.schema
        self._writer = pq.ParquetWriter(
            stream,
            draft.schema.with_metadata(_kept_metadata(draft.schema, style.schema)),
            compression=style.codec,
            use_deprecated_int96_timestamps=style.int96,
        )
        self._sizes = _sizes(style.groups)
        self._wanted = next(self._sizes)
        self._held: list[pa.RecordBatch] = []
        self._rows = 0
        self._bytes = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Hold rows until they fill a row group."""
        while batch.num_rows:
            taken = batch.slice(0, self._wanted - self._rows)
            self._held.append(taken)
            self._rows += taken.num_rows
            self._bytes += taken.nbytes
            batch = batch.slice(taken.num_rows)
            if self._rows >= self._wanted or self._bytes >= _GROUP_BYTES:
                self._flush()

    def close(self) -> None:
        """Write the last row group and the footer."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            table = pa.Table.from_batches(self._held, self._schema)
            self._writer.write_table(table, row_group_size=self._rows)
        self._wanted = next(self._sizes) if self._rows >= self._wanted else self._wanted
        self._held, self._rows, self._bytes = [], 0, 0


def _style(model: Source) -> _Style:
    with model.random() as file:
        metadata = pq.read_metadata(file)
        schema = metadata.schema.to_arrow_schema()
    codecs: dict[str, str] = {}
    int96 = False
    for group in range(min(metadata.num_row_groups, 1)):
        for index in range(metadata.num_columns):
            column = metadata.row_group(group).column(index)
            codecs[column.path_in_schema] = _CODECS.get(column.compression, _NEW_CODEC)
            int96 = int96 or column.physical_type == "INT96"
    kinds = set(codecs.values())
    codec: str | dict[str, str] = codecs if len(kinds) > 1 else next(iter(kinds), _NEW_CODEC)
    groups = tuple(metadata.row_group(i).num_rows for i in range(metadata.num_row_groups))
    return _Style(codec, tuple(rows for rows in groups if rows), int96, schema)


def _sizes(groups: tuple[int, ...]) -> Iterator[int]:
    """Rows of each row group: the model's, and then as many as its largest has."""
    yield from groups
    while True:
        yield max(groups, default=_GROUP_ROWS)


def _kept_metadata(schema: pa.Schema, source: pa.Schema | None) -> dict[bytes, bytes] | None:
    """Of the model's key-value metadata only what is about the types, and only if they are kept.

    Anything else there may hold what the columns no longer do.
    """
    metadata = source.metadata if source is not None else None
    if source is None or not metadata or _PANDAS not in metadata:
        return None
    same = source.remove_metadata().equals(schema.remove_metadata())
    return {_PANDAS: metadata[_PANDAS]} if same else None
