"""The sizes of a Parquet column chunk's pages, from their headers, before any is expanded.

pyarrow expands a page whole, so that one cell of 2 GB takes several times that. Page headers are
Thrift structs in the compact protocol (parquet.thrift, ``PageHeader``; Thrift, "Compact protocol
encoding"); only two of their fields matter here, the others are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from lakescan.connectors.limits import bytes_text
from lakescan.errors import CorruptFileError, LimitExceededError

#: Chunks below this are expanded without a look: they fit.
_SAFE_CHUNK_BYTES = 256 << 20
#: A header with its statistics is far smaller.
_HEADER_BYTES = 64 << 10
_UNCOMPRESSED, _COMPRESSED = 2, 3
#: Compact protocol types.
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12


def check_pages(file: pa.NativeFile, group: pq.RowGroupMetaData, limit: int, uri: str) -> None:
    """Refuse a row group with a text value that is too long, without reading it.

    Raises:
        LimitExceededError: a value, or a page that holds it, has more than ``limit`` bytes.
    """
    for index in range(group.num_columns):
        chunk = group.column(index)
        if chunk.physical_type != "BYTE_ARRAY":
            continue
        size = chunk.total_uncompressed_size
        if size > limit * max(chunk.num_values, 1):
            raise _too_long(limit, uri)
        if size > max(_SAFE_CHUNK_BYTES, limit) and any(
            page > limit for page in _page_sizes(file, chunk, uri)
        ):
            raise _too_long(limit, uri)


def _too_long(limit: int, uri: str) -> LimitExceededError:
    return LimitExceededError(
        f"{uri}: a cell of more than {bytes_text(limit)}",
        hint="have the policy ignore the column, or exclude the file",
        uri=uri,
    )


def _page_sizes(file: pa.NativeFile, chunk: pq.ColumnChunkMetaData, uri: str) -> Iterator[int]:
    """The expanded size of each page of a chunk."""
    start = chunk.data_page_offset
    if chunk.dictionary_page_offset:
        start = min(start, chunk.dictionary_page_offset)
    end = start + chunk.total_compressed_size
    while start < end:
        header = _Header(file.read_at(min(_HEADER_BYTES, end - start), start))
        try:
            sizes = header.integers()
        except (IndexError, RecursionError) as error:
            raise CorruptFileError(f"{uri}: a broken page header", uri=uri) from error
        stored = sizes.get(_COMPRESSED, -1)
        if stored < 0:
            raise CorruptFileError(f"{uri}: a broken page header", uri=uri)
        yield sizes.get(_UNCOMPRESSED, 0)
        start += header.place + stored


class _Header:
    """One Thrift struct at the start of some bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    def integers(self) -> dict[int, int]:
        """The struct's integer fields by number; ``place`` is then its length."""
        found: dict[int, int] = {}
        number = 0
        while True:
            head = self._byte()
            if head == 0:
                return found
            kind = head & 0x0F
            number = number + (head >> 4) if head >> 4 else self._integer()
            if _BYTE < kind < _DOUBLE:
                found[number] = self._integer()
            else:
                self._skip(kind)

    def _byte(self) -> int:
        value = self._data[self.place]
        self.place += 1
        return value

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def _integer(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)

    def _skip(self, kind: int) -> None:
        if kind in (_TRUE, _FALSE):
            return
        if kind == _BYTE:
            self.place += 1
        elif kind < _DOUBLE:
            self._unsigned()
        elif kind == _DOUBLE:
            self.place += 8
        elif kind == _BINARY:
            length = self._unsigned()
            self.place += length
        elif kind in (_LIST, _SET):
            self._skip_items()
        elif kind == _STRUCT:
            self.integers()
        else:
            raise IndexError(kind)

    def _skip_items(self) -> None:
        head = self._byte()
        count = head >> 4 if head >> 4 < 15 else self._unsigned()
        for _ in range(count):
            if head & 0x0F in (_TRUE, _FALSE):
                self.place += 1
            else:
                self._skip(head & 0x0F)
