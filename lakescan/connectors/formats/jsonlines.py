"""JSON Lines, and JSON documents as the records they hold: nested Arrow where types agree."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import polars as pl
import pyarrow as pa
from pyarrow import json as pa_json

from lakescan.connectors.formats.blocks import cut_at_newline, record_blocks, text_stream
from lakescan.connectors.formats.delimited import sample_text
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.formats.ranges import byte_pieces, next_line, record_range
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.sniff.encoding import one_byte_lines, sniff_encoding
from lakescan.connectors.source import HEAD_BYTES, ByteStream, Source, read_head
from lakescan.errors import CorruptFileError, LimitExceededError

_SAMPLE_LINES = 200


class JsonLinesFormat:
    """One record a line."""

    name = "jsonl"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Infer a schema from the first lines."""
        head = source.head()
        encoding = selection.options.get("encoding") or sniff_encoding(head)
        text = sample_text(head, encoding, whole=len(head) < HEAD_BYTES)
        schema = infer_schema(text.encode("utf-8", "replace"), source.uri)
        cuttable = one_byte_lines(encoding)
        return (
            Layout(
                FileFormat(self.name, (("encoding", encoding),), source.compression),
                byte_pieces(source, selection.split_bytes)
                if cuttable
                else (Piece(size=source.size),),
                schema,
            ),
        )

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Parse block by block; blocks may differ in the type of a column."""
        with record_range(source, split, next_line, request.max_cell_bytes) as stream:
            for block in record_blocks(
                text_stream(stream, split.format),
                cut_at_newline,
                max(request.batch_bytes // 4, 64 << 10),
                request.max_cell_bytes,
                source.uri,
            ):
                yield from parse_lines(block, request, source.uri)


class JsonFormat:
    """A document: an array of records, an object that holds one, or a single record."""

    name = "json"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:  # noqa: ARG002 - the Protocol's
        """Read the document and infer a schema from its first records."""
        with source.stream() as stream:
            lines = document_lines(stream, 64 << 20, source.uri)
        schema = infer_schema(b"\n".join(lines[:_SAMPLE_LINES]), source.uri)
        return (
            Layout(
                FileFormat(self.name, compression=source.compression),
                (Piece(size=source.size),),
                schema,
                rows=len(lines),
            ),
        )

    def read(
        self,
        source: Source,
        split: Split,  # noqa: ARG002 - the whole document is one split
        request: ReadRequest,
    ) -> Iterator[pa.RecordBatch]:
        """Read the document as records."""
        with source.stream() as stream:
            lines = document_lines(stream, request.max_cell_bytes, source.uri)
        yield from parse_lines(b"\n".join(lines), request, source.uri)


def document_lines(stream: ByteStream, limit: int, uri: str) -> list[bytes]:
    """A JSON document's records, one JSON text each."""
    data = read_head(stream, limit + 1)
    if len(data) > limit:
        raise LimitExceededError(
            f"{uri}: a JSON document of more than {limit} bytes",
            hint="write one record a line (JSON Lines)",
            uri=uri,
        )
    try:
        document = orjson.loads(data.decode(sniff_encoding(data), "replace").removeprefix("\ufeff"))
    except orjson.JSONDecodeError as error:
        raise CorruptFileError(
            f"{uri}: not JSON, at line {error.lineno} column {error.colno}", uri=uri
        ) from None
    return [orjson.dumps(record) for record in _records(document)]


def _records(document: object) -> list[object]:
    """The records of a document: the longest array of objects near its root."""
    if isinstance(document, dict):
        for value in document.values():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                return _records(value)
        values = list(document.values())
        if len(values) > 1 and all(isinstance(value, dict) for value in values):
            return values
        return [document]
    if isinstance(document, list):
        return [_record(item) for item in document]
    return [{"column_0": document}]


def _record(item: object) -> object:
    if isinstance(item, dict):
        return item
    if isinstance(item, list):
        return {f"column_{i}": value for i, value in enumerate(item)}
    return {"column_0": item}


def infer_schema(lines: bytes, uri: str) -> pa.Schema:
    """The schema of the first records; strings stay strings."""
    sample = b"\n".join([line for line in lines.splitlines() if line.strip()][:_SAMPLE_LINES])
    return _polars(sample, uri).schema


def parse_lines(block: bytes, request: ReadRequest, uri: str) -> Iterator[pa.RecordBatch]:
    """Parse whole lines."""
    if not block.strip():
        return
    try:
        schema = infer_schema(block[: 1 << 20].rpartition(b"\n")[0] or block, uri)
        table = pa_json.read_json(
            pa.BufferReader(block),
            pa_json.ReadOptions(use_threads=False, block_size=len(block) + 1),
            pa_json.ParseOptions(explicit_schema=schema, newlines_in_values=False),
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        table = _polars(block, uri)
    if request.columns is not None:
        table = table.select([n for n in table.column_names if n in request.columns])
    yield from table.combine_chunks().to_batches()


def _polars(lines: bytes, uri: str) -> pa.Table:
    """Polars finds the common type of every field: text where they differ."""
    try:
        frame = pl.read_ndjson(lines, infer_schema_length=None)
    except pl.exceptions.PolarsError as error:
        raise CorruptFileError(f"{uri}: a line is not a JSON object", uri=uri) from error
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    return table.cast(pa.schema([_small(field) for field in table.schema]))


def _small(field: pa.Field) -> pa.Field:
    """The field with 32-bit offsets: a block has no more."""
    kind = field.type
    if pa.types.is_large_string(kind):
        kind = pa.string()
    elif pa.types.is_large_list(kind):
        kind = pa.list_(_small(kind.value_field))
    elif pa.types.is_struct(kind):
        kind = pa.struct([_small(child) for child in kind])
    return pa.field(field.name, kind)
