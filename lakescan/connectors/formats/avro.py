"""Avro object container files: splits are byte ranges, cut at the sync markers between blocks."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Iterator

import pyarrow as pa

from lakescan.connectors.formats.avro_types import Convert, arrow_field
from lakescan.connectors.formats.protocol import Layout
from lakescan.connectors.formats.ranges import Window, byte_pieces, record_range
from lakescan.connectors.limits import bytes_text
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.source import ByteStream, Source, read_head
from lakescan.errors import CorruptFileError, LimitExceededError, UnsupportedError

#: What a header may take: its schema is in it.
_HEADER_BYTES = 8 << 20
#: One block, stored and expanded; writers make them of 16 KiB to 2 MiB.
_BLOCK_BYTES = 64 << 20
_SYNC_BYTES = 16


class AvroFormat:
    """See the module."""

    name = "avro"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Read the header."""
        header = AvroHeader(source)
        return (
            Layout(
                FileFormat(self.name, compression=source.compression),
                byte_pieces(source, selection.split_bytes),
                pa.schema([field for field, _ in header.fields]),
            ),
        )

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read block by block."""
        from fastavro import schemaless_reader

        header = AvroHeader(source)
        fields = [
            pair
            for pair in header.fields
            if request.columns is None or pair[0].name in request.columns
        ]
        schema = pa.schema([field for field, _ in fields])
        rows: list[dict[str, object]] = []
        size = 0
        for count, block in _blocks(source, split, header):
            stream = io.BytesIO(block)
            try:
                records = [schemaless_reader(stream, header.schema, None) for _ in range(count)]
            except (TypeError, AttributeError, StopIteration) as error:
                raise CorruptFileError(f"{source.uri}: a broken block", uri=source.uri) from error
            rows.extend(record for record in records if isinstance(record, dict))
            size += len(block)
            if size * 4 >= request.batch_bytes:
                yield _batch(rows, fields, schema)
                rows, size = [], 0
        if rows:
            yield _batch(rows, fields, schema)


class AvroHeader:
    """A file's header: schema, codec, sync marker, and where the blocks begin."""

    def __init__(self, source: Source) -> None:
        from fastavro import reader
        from fastavro.schema import SchemaParseException

        with source.stream() as stream:
            head = io.BytesIO(read_head(stream, _HEADER_BYTES))
        try:
            parsed = reader(head)
        except (SchemaParseException, TypeError, AttributeError, StopIteration) as error:
            raise CorruptFileError(f"{source.uri}: a broken header", uri=source.uri) from error
        self.end = head.tell()
        self.schema = parsed.writer_schema
        self.codec = str(parsed.codec)
        head.seek(self.end - _SYNC_BYTES)
        self.sync = head.read(_SYNC_BYTES)
        if not isinstance(self.schema, dict) or self.schema.get("type") != "record":
            raise UnsupportedError(f"{source.uri}: its schema is no record", uri=source.uri)
        self.fields: list[tuple[pa.Field, Convert]] = [
            arrow_field(field) for field in self.schema["fields"]
        ]


def _blocks(source: Source, split: Split, header: AvroHeader) -> Iterator[tuple[int, bytes]]:
    """The blocks that start in a split's range: record counts and expanded bytes."""

    def after_sync(window: Window) -> int | None:
        found = window.data.find(header.sync)
        if found >= 0:
            return found + _SYNC_BYTES
        return len(window.data) if window.ends else None

    with record_range(source, split, after_sync, _BLOCK_BYTES) as stream:
        if split.start == 0:
            read_head(stream, header.end)
        while True:
            start = stream.read(1)
            if not start:
                return
            count = _long(stream, start)
            size = _long(stream)
            if not 0 <= size <= _BLOCK_BYTES or count < 0:
                raise LimitExceededError(
                    f"{source.uri}: a block of more than {bytes_text(_BLOCK_BYTES)}", uri=source.uri
                )
            block = read_head(stream, size)
            if len(block) < size or read_head(stream, _SYNC_BYTES) != header.sync:
                raise CorruptFileError(f"{source.uri}: a block is cut short", uri=source.uri)
            yield count, _expanded(block, header.codec, source.uri)


def _long(stream: ByteStream, start: bytes = b"") -> int:
    """A zig-zag variable-length number (Avro specification, "Binary encoding")."""
    value, shift = 0, 0
    while True:
        byte = start or stream.read(1)
        start = b""
        if not byte or shift > 63:
            raise EOFError
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return (value >> 1) ^ -(value & 1)
        shift += 7


def _expanded(block: bytes, codec: str, uri: str) -> bytes:
    """A block's bytes, never more than the bound (Avro specification, "Required Codecs")."""
    most = _BLOCK_BYTES + 1
    if codec == "null":
        data = block
    elif codec == "deflate":
        data = zlib.decompressobj(-15).decompress(block, most)
    elif codec == "bzip2":
        data = bz2.BZ2Decompressor().decompress(block, most)
    elif codec == "xz":
        data = lzma.LZMADecompressor().decompress(block, most)
    elif codec == "zstandard":
        with pa.CompressedInputStream(pa.BufferReader(block), "zstd") as stream:
            data = read_head(stream, most)
    elif codec == "snappy":
        data = _snappy(block, uri)
    else:
        raise UnsupportedError(f"{uri}: Avro codec {codec[:20]!r}", uri=uri)
    if len(data) > _BLOCK_BYTES:
        raise LimitExceededError(f"{uri}: a block of more than {bytes_text(_BLOCK_BYTES)}", uri=uri)
    return data


def _snappy(block: bytes, uri: str) -> bytes:
    """Raw Snappy, which begins with its expanded length, and four bytes of CRC."""
    length, shift = 0, 0
    for byte in block[:5]:
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
    if length > _BLOCK_BYTES:
        raise LimitExceededError(f"{uri}: a block of more than {bytes_text(_BLOCK_BYTES)}", uri=uri)
    data: bytes = pa.Codec("snappy").decompress(block[:-4], length, asbytes=True)
    return data


def _batch(
    rows: list[dict[str, object]], fields: list[tuple[pa.Field, Convert]], schema: pa.Schema
) -> pa.RecordBatch:
    arrays = [
        pa.array([convert(row[field.name]) for row in rows], field.type)
        for field, convert in fields
    ]
    if not fields:
        return pa.RecordBatch.from_struct_array(pa.array([{}] * len(rows), pa.struct([])))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
