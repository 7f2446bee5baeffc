"""CSV and its kin: delimiter, quote, encoding and header are detected, all columns are strings."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from lakescan.connectors.formats.blocks import (
    READ_BYTES,
    CarriageReturnStream,
    Utf8Stream,
    cut_at_newline,
    record_blocks,
)
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.formats.rows import RowParser
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.sniff.dialect import Dialect, sniff_dialect
from lakescan.connectors.sniff.encoding import byte_order_mark, sniff_encoding
from lakescan.connectors.sniff.header import sniff_header
from lakescan.connectors.source import ByteStream, Source
from lakescan.errors import CorruptFileError

#: Bytes at the head of a file that sniffing looks at.
SAMPLE_BYTES = 256 << 10
_HEADER_ROWS = 200


class DelimitedFormat:
    """See the module."""

    name = "csv"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Sniff the first bytes."""
        with source.stream() as stream:
            head = read_head(stream, SAMPLE_BYTES)
        known = dict(selection.options)
        encoding = known.get("encoding") or sniff_encoding(head)
        text = sample_text(head, encoding, len(head) >= SAMPLE_BYTES)
        newline = "lf" if "\n" in text or "\r" not in text else "cr"
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        dialect = sniff_dialect(text, preferred_delimiter(source.uri), known)
        rows = dialect.rows(text, _HEADER_ROWS)
        if not rows:
            raise CorruptFileError(f"{source.uri}: holds no record", uri=source.uri)
        skip = int(known["skip"]) if "skip" in known else preamble(rows, dialect.columns)
        rows = rows[skip:]
        header = (
            known["header"].lower() in ("true", "1", "yes")
            if "header" in known
            else sniff_header(rows, dialect.columns)
        )
        names = column_names(rows[0] if header else None, dialect.columns)
        options = {
            "columns": str(len(names)),
            "delimiter": dialect.delimiter,
            "encoding": encoding,
            "escape": dialect.escape,
            "header": str(header).lower(),
            "newline": newline,
            "quote": dialect.quote,
            "skip": str(skip),
            "space": str(dialect.space).lower(),
        }
        schema = pa.schema([pa.field(name, pa.string()) for name in names])
        return (
            Layout(
                FileFormat(self.name, tuple(sorted(options.items())), source.compression),
                (Piece(size=source.size),),
                schema,
                named=header,
            ),
        )

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Parse block by block."""
        form = split.format
        quote = form.option("quote")
        parser = RowParser(
            Dialect(
                form.option("delimiter"),
                quote,
                form.option("escape"),
                int(form.option("columns")),
                form.option("space") == "true",
            ),
            source.uri,
        )
        header = form.option("header") == "true"
        with source.stream() as stream:
            text = text_stream(stream, form)
            blocks = record_blocks(
                text,
                parser.cut if quote else cut_at_newline,
                max(request.batch_bytes // 4, 64 << 10),
                request.max_cell_bytes,
                source.uri,
            )
            names: list[str] | None = None
            for block in blocks:
                if names is None:
                    first, block = parser.head(block, int(form.option("skip", "0")) + header)
                    names = column_names(
                        first[-1] if header and first else None, parser.dialect.columns
                    )
                yield from parser.parse(block, names, request.columns)


def text_stream(stream: ByteStream, form: FileFormat) -> ByteStream:
    """The stream in UTF-8 without a byte order mark, lines ending in LF."""
    encoding = form.option("encoding", "utf-8")
    stream = _Unmarked(stream, encoding)
    if encoding not in ("utf-8", "ascii"):
        stream = Utf8Stream(stream, encoding)
    return CarriageReturnStream(stream) if form.option("newline") == "cr" else stream


class _Unmarked:
    """A stream without the byte order mark that may stand at its start."""

    def __init__(self, stream: ByteStream, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._started = False

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` more bytes; empty at the end."""
        chunk = self._stream.read(size)
        if self._started:
            return chunk
        self._started = True
        mark = byte_order_mark(chunk)
        if mark and mark[0] == self._encoding:
            return chunk[mark[1] :] or self._stream.read(size)
        return chunk


def read_head(stream: ByteStream, size: int) -> bytes:
    """The first ``size`` bytes, or all there are."""
    parts: list[bytes] = []
    left = size
    while left > 0 and (chunk := stream.read(min(left, READ_BYTES))):
        parts.append(chunk)
        left -= len(chunk)
    return b"".join(parts)


def sample_text(head: bytes, encoding: str, cut: bool) -> str:
    """The head as text, without a last line that is only there in part."""
    mark = byte_order_mark(head)
    if mark and mark[0] == encoding:
        head = head[mark[1] :]
    text = head.decode(encoding, "replace")
    if cut:
        end = max(text.rfind("\n"), text.rfind("\r"))
        text = text[: end + 1] if end >= 0 else text
    return text


def preferred_delimiter(uri: str) -> str:
    """What a file's name says of its delimiter."""
    name = uri.lower()
    for extension, delimiter in ((".csv", ","), (".tsv", "\t"), (".tab", "\t"), (".psv", "|")):
        if name.endswith(extension) or f"{extension}." in name:
            return delimiter
    return ""


def column_names(header: list[str] | None, columns: int) -> list[str]:
    """The header's names, filled up to the width of the rows; ``column_<i>`` without a header.

    Rows one cell wider than the header mean an unnamed first column, as R's write.table does.
    """
    if header is None:
        return [f"column_{i}" for i in range(columns)]
    names = [name.strip() for name in header]
    if len(names) == columns - 1:
        return ["", *names]
    return names + [""] * (columns - len(names))


def preamble(rows: list[list[str]], columns: int) -> int:
    """Leading rows that are no table yet: titles and comments, narrower than the rest."""
    if columns < 3:
        return 0
    for index, row in enumerate(rows[:20]):
        filled = sum(bool(cell.strip()) for cell in row)
        if len(row) >= columns - 1 and filled >= max(2, columns // 3):
            return index
    return 0
