"""CSV and its kin: delimiter, quote, encoding and header are detected, all columns are strings."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa

from lakescan.connectors.formats.blocks import record_blocks, text_stream
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.formats.ranges import byte_pieces, next_line, record_range
from lakescan.connectors.formats.record_starts import RecordStarts
from lakescan.connectors.formats.rows import RowParser
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.paths import split_version
from lakescan.connectors.sniff.dialect import Dialect, sniff_dialect
from lakescan.connectors.sniff.encoding import byte_order_mark, one_byte_lines, sniff_encoding
from lakescan.connectors.sniff.header import sniff_header
from lakescan.connectors.source import Source, read_head
from lakescan.errors import CorruptFileError, UsageError

_HEADER_ROWS = 100
#: A header, and enough rows to tell it from them.
_LEAST_LINES = 10
_TRUE = frozenset({"true", "1", "yes"})


class DelimitedFormat:
    """See the module. Options: delimiter, quote, escape, encoding, header, skip."""

    name = "csv"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Sniff the first bytes."""
        head, whole = source.head_of(_LEAST_LINES)
        known = checked_options(selection)
        encoding = known.get("encoding") or sniff_encoding(head)
        text = sample_text(head, encoding, whole=whole)
        newline = "lf" if "\n" in text or "\r" not in text else "cr"
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        dialect = sniff_dialect(text, preferred_delimiter(source.uri), known)
        rows = dialect.rows(text, _HEADER_ROWS)
        if not rows:
            raise CorruptFileError(f"{source.uri}: holds no record", uri=source.uri)
        skip = int(known["skip"]) if "skip" in known else preamble(rows, dialect.columns)
        rows = rows[skip:]
        header = (
            known["header"].lower() in _TRUE
            if "header" in known
            else sniff_header(rows, dialect.columns)
        )
        if not header and rows and rows[0][0].startswith("#"):
            skip += 1
        names = column_names(rows[0] if header and rows else None, dialect.columns)
        options = {
            "delimiter": dialect.delimiter,
            "encoding": encoding,
            "escape": dialect.escape,
            "header": str(header).lower(),
            "newline": newline,
            "quote": dialect.quote,
            "skip": str(skip),
            "space": str(dialect.space).lower(),
            "width": str(dialect.columns),
        }
        cuttable = newline == "lf" and one_byte_lines(encoding)
        pieces = byte_pieces(source, selection.split_bytes) if cuttable else None
        return (
            Layout(
                FileFormat(self.name, tuple(sorted(options.items())), source.compression),
                pieces or (Piece(size=source.size),),
                pa.schema([pa.field(name, pa.string()) for name in names]),
                named=header,
            ),
        )

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Parse block by block."""
        form = split.format
        encoding = form.option("encoding")
        parser = RowParser(_dialect(form), source.uri, encoding, request.damage)
        names = None if split.start == 0 else _names(source, form)
        quotes = parser.quotes
        finder = RecordStarts(parser.dialect, quotes) if quotes else next_line
        with record_range(source, split, finder, request.max_cell_bytes) as stream:
            for block in record_blocks(
                text_stream(stream, form, request.damage),
                parser.cut,
                max(request.batch_bytes // 4, 64 << 10),
                request.max_cell_bytes,
                source.uri,
            ):
                rest = block
                if names is None:
                    names, rest = _head(block, parser, form)
                yield from parser.parse(rest, names, request.columns)


def _dialect(form: FileFormat) -> Dialect:
    return Dialect(
        form.option("delimiter"),
        form.option("quote"),
        form.option("escape"),
        int(form.option("width")),
        form.option("space") == "true",
    )


def _head(block: bytes, parser: RowParser, form: FileFormat) -> tuple[list[str], bytes]:
    """The names of the columns, and the block after the header."""
    header = form.option("header") == "true"
    rows, rest = parser.head(block, int(form.option("skip", "0")) + header)
    return column_names(rows[-1] if header and rows else None, parser.dialect.columns), rest


def _names(source: Source, form: FileFormat) -> list[str]:
    """The names of the columns, for a range that does not hold the header."""
    head, _ = source.head_of(_LEAST_LINES)
    text = text_stream(io.BytesIO(head), form)
    return _head(
        read_head(text, len(head) * 3),
        RowParser(_dialect(form), source.uri, form.option("encoding")),
        form,
    )[0]


def checked_options(selection: Selection) -> dict[str, str]:
    """The options that a caller gave, made sure of.

    Raises:
        UsageError: one of them cannot be.
    """
    known = dict(selection.options)
    if known.get("delimiter") == "\\t":
        known["delimiter"] = "\t"
    for name in ("delimiter", "quote", "escape"):
        if len(known.get(name, "").encode()) > 1:
            raise UsageError(f"option {name}: takes one ASCII character")
    if "encoding" in known:
        try:
            "".encode(known["encoding"])
        except LookupError:
            raise UsageError(f"option encoding: unknown codec {known['encoding']!r}") from None
    if not known.get("skip", "0").isdigit():
        raise UsageError("option skip: takes a number of rows")
    return known


def sample_text(head: bytes, encoding: str, *, whole: bool) -> str:
    """The head as text; unless it is the whole file, without a last line only there in part."""
    mark = byte_order_mark(head)
    if mark and mark[0] == encoding:
        head = head[mark[1] :]
    text = head.decode(encoding, "replace")
    end = max(text.rfind("\n"), text.rfind("\r"))
    return text if whole or end < 0 else text[: end + 1]


def preferred_delimiter(uri: str) -> str:
    """What a file's name says of its delimiter."""
    name = split_version(uri)[0].lower()
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
    names[:1] = [names[0].lstrip("# ")] if names else []
    if len(names) == columns - 1:
        return ["", *names]
    return names + [""] * (columns - len(names))


def preamble(rows: list[list[str]], columns: int) -> int:
    """Leading rows that are no table yet: titles and comments, narrower than the rest."""
    comments = 0
    while comments < len(rows) and rows[comments][0].lstrip().startswith("#"):
        comments += 1
    if 0 < comments < len(rows):
        # The last comment may be the header.
        return comments - (len(rows[comments - 1]) == columns)
    if columns < 3:
        return 0
    for index, row in enumerate(rows[:20]):
        filled = sum(bool(cell.strip()) for cell in row)
        if len(row) >= columns - 1 and filled >= max(2, columns // 3):
            return index
    return 0
