"""Parquet: splits are ranges of row groups; types stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from lakescan.connectors.formats.batches import MAX_BATCH_ROWS, batch_rows, spread
from lakescan.connectors.formats.parquet_pages import check_pages
from lakescan.connectors.formats.parquet_strings import read_whole
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.source import Source
from lakescan.errors import CorruptFileError

#: How a file ends, with a plain footer or an encrypted one, and the least one can be.
_MAGIC, _LEAST_BYTES = (b"PAR1", b"PARE"), 12
#: A plain BYTE_ARRAY value takes 4 bytes of length before its bytes (Parquet format, "Plain
#: encoding"), so that a column chunk with less per value must be dictionary-encoded throughout.
PLAIN_LENGTH_BYTES = 4


class ParquetFormat:
    """See the module."""

    name = "parquet"

    def __init__(self) -> None:
        self._known: tuple[pq.FileMetaData, pa.Schema] | None = None

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Read the footer and cut at row groups."""
        with source.random() as file:
            if file.size() < _LEAST_BYTES or file.read_at(4, file.size() - 4) not in _MAGIC:
                raise CorruptFileError(
                    f"{source.uri}: has no Parquet footer: it is cut short", uri=source.uri
                )
            file.seek(0)
            metadata = pq.read_metadata(file)
        return (
            Layout(
                FileFormat(self.name, compression=source.compression),
                tuple(_pieces(metadata, source, selection.split_bytes)),
                self._schema(metadata),
                rows=metadata.num_rows,
            ),
        )

    def _schema(self, metadata: pq.FileMetaData) -> pa.Schema:
        """A file's columns; the very value of the file before it, where that has the same."""
        known = self._known
        if known is not None:
            before, schema = known
            if metadata.schema.equals(before.schema) and metadata.metadata == before.metadata:
                return schema
        schema = metadata.schema.to_arrow_schema().remove_metadata()
        self._known = (metadata, schema)
        return schema

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read row groups one by one."""
        with source.random() as file:
            metadata = pq.read_metadata(file)
            stop = metadata.num_row_groups if split.stop is None else split.stop
            groups = spread(range(split.start, stop), request.max_row_groups)
            if not groups:
                return
            coded = _dictionary_columns(metadata, groups)
            reader = pq.ParquetFile(file, metadata=metadata, pre_buffer=True, read_dictionary=coded)
            wanted = None if request.columns is None else frozenset(request.columns)
            columns = [n for n in reader.schema_arrow.names if wanted is None or n in wanted]
            if len(groups) == metadata.num_row_groups and _fits(file, metadata, request):
                for group in groups:
                    check_pages(file, metadata.row_group(group), request.max_cell_bytes, source.uri)
                whole = read_whole(file, reader, columns, coded)
                if whole is not None:
                    yield from whole.to_batches(MAX_BATCH_ROWS)
                    return
            for group in groups:
                check_pages(file, metadata.row_group(group), request.max_cell_bytes, source.uri)
                rows = batch_rows(
                    metadata.row_group(group).total_byte_size,
                    metadata.row_group(group).num_rows,
                    request.batch_bytes,
                )
                yield from reader.iter_batches(
                    rows,
                    row_groups=[group],
                    columns=None if wanted is None else columns,
                    use_threads=False,
                )


def _fits(file: pa.NativeFile, metadata: pq.FileMetaData, request: ReadRequest) -> bool:
    """Whether all of a file is wanted, and makes one batch."""
    groups = range(metadata.num_row_groups)
    size = sum(metadata.row_group(group).total_byte_size for group in groups)
    return request.max_rows is None and max(size, file.size()) <= request.batch_bytes


def _pieces(metadata: pq.FileMetaData, source: Source, split_bytes: int) -> Iterator[Piece]:
    """Row groups, joined until they hold ``split_bytes`` in storage."""
    start, size, rows = 0, 0, 0
    for index in range(metadata.num_row_groups):
        group = metadata.row_group(index)
        size += sum(group.column(i).total_compressed_size for i in range(group.num_columns))
        rows += group.num_rows
        if size >= split_bytes or index + 1 == metadata.num_row_groups:
            yield Piece(start, index + 1, "row_group", size, rows)
            start, size, rows = index + 1, 0, 0
    if not metadata.num_row_groups:
        yield Piece(0, 0, "row_group", source.size, 0)


def _dictionary_columns(metadata: pq.FileMetaData, groups: Sequence[int]) -> list[str]:
    """Top-level strings that are dictionary-encoded throughout: cheaper to read as such."""
    group = metadata.row_group(groups[0])
    found = []
    for index in range(group.num_columns):
        chunk = group.column(index)
        if (
            chunk.physical_type == "BYTE_ARRAY"
            and chunk.has_dictionary_page
            and "." not in chunk.path_in_schema
            and chunk.total_uncompressed_size < PLAIN_LENGTH_BYTES * chunk.num_values
        ):
            found.append(chunk.path_in_schema)
    return found
