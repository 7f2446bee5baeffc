"""JSON Lines, and JSON documents as the records they hold: nested Arrow where types agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import orjson
import pyarrow as pa

from lakescan.connectors.damage import Damage
from lakescan.connectors.formats.batches import projected, sliced
from lakescan.connectors.formats.blocks import cut_at_newline, record_blocks, text_stream
from lakescan.connectors.formats.delimited import sample_text
from lakescan.connectors.formats.json_records import RecordParser, record_of, records_of, schema_of
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.formats.ranges import byte_pieces, next_line, record_range
from lakescan.connectors.limits import bytes_text
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.sniff.encoding import one_byte_lines, sniff_encoding
from lakescan.connectors.source import HEAD_BYTES, ByteStream, Source, read_head
from lakescan.errors import CorruptFileError, LimitExceededError

_SAMPLE_RECORDS = 200
#: The longest document, where a request does not say so.
_DOCUMENT_BYTES = ReadRequest().max_cell_bytes


class JsonLinesFormat:
    """One record a line."""

    name = "jsonl"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Find the types of the first lines."""
        head = source.head()
        encoding = selection.options.get("encoding") or sniff_encoding(head)
        objects = _objects(sample_text(head, encoding, whole=len(head) < HEAD_BYTES))
        size = HEAD_BYTES
        while not objects and len(head) >= size and not head.rstrip().count(b"\n"):
            # The first line is longer than the head.
            if size > _DOCUMENT_BYTES:
                break
            size *= 4
            with source.stream() as stream:
                head = read_head(stream, size)
            objects = _objects(sample_text(head, encoding, whole=len(head) < size))
        if not objects:
            raise CorruptFileError(f"{source.uri}: no line is JSON", uri=source.uri)
        cuttable = one_byte_lines(encoding)
        return (
            Layout(
                FileFormat(self.name, (("encoding", encoding),), source.compression),
                byte_pieces(source, selection.split_bytes)
                if cuttable
                else (Piece(size=source.size),),
                schema_of([record_of(value) for value in objects]),
                named=any(isinstance(value, dict) for value in objects),
            ),
        )

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Parse block by block; blocks may differ in the type of a column.

        Raises:
            CorruptFileError: after all batches, where lines were no JSON and nobody counts them.
        """
        with record_range(source, split, next_line, request.max_cell_bytes) as stream:
            blocks = record_blocks(
                text_stream(stream, split.format, request.damage),
                cut_at_newline,
                max(request.batch_bytes // 4, 64 << 10),
                request.max_cell_bytes,
                source.uri,
            )
            yield from _parsed(blocks, request, source.uri)


class JsonFormat:
    """A document: an array of records, an object that holds one, or a single record."""

    name = "json"

    def inspect(
        self,
        source: Source,
        selection: Selection,  # noqa: ARG002 - nothing to choose
    ) -> tuple[Layout, ...]:
        """Read the document and find the types of its first records."""
        with source.stream() as stream:
            document = _document(stream, _DOCUMENT_BYTES, source.uri)
        records = records_of(document)
        if not records:
            raise CorruptFileError(f"{source.uri}: holds no record", uri=source.uri)
        first = document[0] if isinstance(document, list) else document
        return (
            Layout(
                FileFormat(self.name, compression=source.compression),
                (Piece(size=source.size),),
                schema_of(records[:_SAMPLE_RECORDS]),
                named=isinstance(first, dict),
                rows=len(records),
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
            limit = request.max_cell_bytes
            records = records_of(_document(stream, limit, source.uri, request.damage))
        lines = [orjson.dumps(record) for record in records]
        del records
        yield from _parsed(_joined(lines, request.batch_bytes // 4), request, source.uri)


def _objects(text: str) -> list[object]:
    """The values of the first lines that are JSON."""
    values = [_value(line) for line in islice(_lines(text), _SAMPLE_RECORDS)]
    return [value for value in values if value is not None]


def _lines(text: str) -> list[str]:
    """The lines of JSON Lines: unlike `str.splitlines`, not cut where strings may hold it."""
    return text.replace("\r", "\n").split("\n")


def _parsed(blocks: Iterable[bytes], request: ReadRequest, uri: str) -> Iterator[pa.RecordBatch]:
    """The batches of blocks of whole lines."""
    parser = RecordParser()
    for block in blocks:
        if not block.strip():
            continue
        for batch in parser.parse(block).combine_chunks().to_batches():
            yield from sliced(projected(batch, request.columns), request.batch_bytes)
    if request.damage is not None:
        request.damage.lines += parser.damage.lines
        request.damage.places += parser.damage.places
    elif parser.damage.lines:
        raise parser.damage.error(uri) or AssertionError


def _joined(lines: list[bytes], size: int) -> Iterator[bytes]:
    """Lines in blocks of about ``size`` bytes."""
    block: list[bytes] = []
    length = 0
    for line in lines:
        block.append(line)
        length += len(line)
        if length >= size:
            yield b"\n".join(block)
            block, length = [], 0
    yield b"\n".join(block)


def _document(stream: ByteStream, limit: int, uri: str, damage: Damage | None = None) -> object:
    data = read_head(stream, limit + 1)
    if len(data) > limit:
        raise LimitExceededError(
            f"{uri}: a JSON document of more than {bytes_text(limit)}",
            hint="write it as JSON Lines, one record a line",
            uri=uri,
        )
    try:
        document: object = orjson.loads(
            (damage or Damage()).decoded(data, sniff_encoding(data)).removeprefix("\ufeff")
        )
    except orjson.JSONDecodeError as error:
        raise CorruptFileError(
            f"{uri}: not JSON, at line {error.lineno} column {error.colno}", uri=uri
        ) from None
    return document


def _value(line: str) -> object:
    try:
        return orjson.loads(line) if line.strip() else None
    except orjson.JSONDecodeError:
        return None
