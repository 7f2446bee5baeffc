"""Blocks of delimited records -> Arrow: pyarrow's parser, and the csv module for what it refuses."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import pyarrow as pa
from pyarrow import csv as pa_csv

from lakescan.connectors.formats.quotes import Quotes
from lakescan.connectors.sniff.dialect import Dialect
from lakescan.connectors.sniff.encoding import sniff_encoding


class RowParser:
    """Parses blocks of one dialect.

    Args:
        dialect: how records are cut into cells.
        uri: the file, for errors.
        encoding: ``ascii`` where the head of the file leaves the encoding open.
    """

    def __init__(self, dialect: Dialect, uri: str, encoding: str = "utf-8") -> None:
        self.dialect = dialect
        self.quotes = (
            Quotes(dialect.delimiter.encode(), dialect.quote.encode(), dialect.escape.encode())
            if dialect.quote and dialect.delimiter
            else None
        )
        self._uri = uri
        self._open = encoding == "ascii"

    def head(self, block: bytes, count: int) -> tuple[list[list[str]], bytes]:
        """Take the first ``count`` records off a block: their cells, and the rest."""
        taken: list[list[str]] = []
        position = 0
        while len(taken) < count and position < len(block):
            end = self._record_end(block, position)
            rows = self.dialect.rows(self._text(block[position:end]), 1)
            taken.extend(rows)
            position = end
        return taken, block[position:]

    def parse(
        self, block: bytes, names: Sequence[str], columns: Sequence[str] | None
    ) -> Iterator[pa.RecordBatch]:
        """Parse a block of whole records; rows of an odd length come after the others."""
        if not block.strip():
            return
        keep = [i for i, name in enumerate(names) if columns is None or name in columns]
        kept = [names[i] for i in keep]
        if not self.dialect.delimiter:
            yield _batch([_single(self._text(block))], names[:1])
            return
        table, odd = self._attempt(block, len(names), keep)
        if table is not None:
            for batch in table.to_batches():
                yield _batch(batch.columns, kept)
        if odd:
            rows = self._slow(odd)
            cells = [[(row[i] if i < len(row) else "") or None for row in rows] for i in keep]
            yield _batch([pa.array(c, pa.string()) for c in cells], kept)

    def _attempt(
        self, block: bytes, width: int, keep: Sequence[int]
    ) -> tuple[pa.Table | None, list[str]]:
        """The rows that pyarrow parses, and the text of those that it does not."""
        if self.dialect.space:
            gap = f'{self.dialect.delimiter} "'.encode()
            block = block.replace(gap, gap.replace(b" ", b""))
        try:
            return self._fast(block, width, keep)
        except pa.ArrowInvalid:
            text = self._text(block)  # mostly bytes that are no UTF-8
        try:
            return self._fast(text.encode("utf-8", "replace"), width, keep)
        except pa.ArrowInvalid:
            return None, [text]

    def _text(self, block: bytes) -> str:
        """A block as text, in what it looks like where the file's head left that open."""
        return block.decode(sniff_encoding(block) if self._open else "utf-8", "replace")

    def _fast(self, block: bytes, width: int, keep: Sequence[int]) -> tuple[pa.Table, list[str]]:
        """The rows of one block that have ``width`` cells, and the text of the others."""
        odd: list[str] = []

        def skip(row: pa_csv.InvalidRow) -> str:
            if row.text is not None:
                odd.append(row.text)
            return "skip"

        dialect = self.dialect
        names = [f"c{i}" for i in range(width)]
        table = pa_csv.read_csv(
            pa.BufferReader(block),
            pa_csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            pa_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                escape_char=dialect.escape or False,
                newlines_in_values=bool(dialect.quote),
                invalid_row_handler=skip,
            ),
            pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                include_columns=[names[i] for i in keep],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            ),
        )
        return table, odd

    def _slow(self, texts: Sequence[str]) -> list[list[str]]:
        """The rows of odd texts, by the csv module.

        A text of several lines is a record with quoted line ends only if that makes its width
        right; else a quote was never closed, and each line is a record.
        """
        rows: list[list[str]] = []
        for text in texts:
            whole = self._csv([text])
            lines = text.split("\n")
            if len(lines) > 1 and any(len(row) != self.dialect.columns for row in whole):
                rows.extend(row for line in lines for row in self._csv([line]))
            else:
                rows.extend(whole)
        return rows

    def _csv(self, lines: list[str]) -> list[list[str]]:
        dialect = self.dialect
        text = "\n".join(lines).replace("\0", "")
        csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=dialect.delimiter,
            quotechar=dialect.quote or None,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            escapechar=dialect.escape or None,
            skipinitialspace=dialect.space,
        )
        return [row for row in reader if any(row)]

    def _record_end(self, block: bytes, start: int) -> int:
        """One past the record that begins at ``start``."""
        quote = self.dialect.quote.encode()
        end = block.find(b"\n", start) + 1
        while end and quote and block.count(quote, start, end) % 2:
            end = block.find(b"\n", end) + 1
        return end or len(block)


def _single(text: str) -> pa.Array:
    """One value a line, blank lines left out."""
    lines = [line.strip("\r") for line in text.split("\n")]
    return pa.array([line for line in lines if line.strip()], pa.string())


def _batch(arrays: Sequence[pa.Array], names: Sequence[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        list(arrays),
        schema=pa.schema([pa.field(n, a.type) for n, a in zip(names, arrays, strict=True)]),
    )
