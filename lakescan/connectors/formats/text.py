"""Plain text: a row is a line, null if it is blank, in one column without a name."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from lakescan.connectors.formats.blocks import cut_at_newline, record_blocks, text_stream
from lakescan.connectors.formats.delimited import sample_text
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.formats.ranges import byte_pieces, next_line, record_range
from lakescan.connectors.formats.rows import RowParser
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.sniff.dialect import Dialect
from lakescan.connectors.sniff.encoding import one_byte_lines, sniff_encoding
from lakescan.connectors.source import Source

_NAMES = ("column_0",)


class TextFormat:
    """See the module."""

    name = "text"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Find the encoding."""
        head = source.head()
        encoding = selection.options.get("encoding") or sniff_encoding(head)
        text = sample_text(head, encoding, whole=True)
        newline = "lf" if "\n" in text or "\r" not in text else "cr"
        cuttable = newline == "lf" and one_byte_lines(encoding)
        options = (("encoding", encoding), ("newline", newline))
        return (
            Layout(
                FileFormat(self.name, options, source.compression),
                byte_pieces(source, selection.split_bytes)
                if cuttable
                else (Piece(size=source.size),),
                pa.schema([pa.field(name, pa.string()) for name in _NAMES]),
                named=False,
            ),
        )

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read line by line, in blocks."""
        encoding = split.format.option("encoding")
        parser = RowParser(
            Dialect("", "", "", 1), source.uri, encoding, request.damage, blanks=True
        )
        with record_range(source, split, next_line, request.max_cell_bytes) as stream:
            for block in record_blocks(
                text_stream(stream, split.format, request.damage),
                cut_at_newline,
                max(request.batch_bytes // 4, 64 << 10),
                request.max_cell_bytes,
                source.uri,
            ):
                yield from parser.parse(block, _NAMES, None)
