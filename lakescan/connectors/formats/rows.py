"""Blocks of delimited records -> Arrow: pyarrow's parser, and the csv module for what it refuses."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from pyarrow import csv as pa_csv

from lakescan.connectors.sniff.dialect import Dialect

_NEWLINE, _CR = 0x0A, 0x0D


class RowParser:
    """Parses blocks of one dialect.

    Args:
        dialect: how records are cut into cells.
        uri: the file, for errors.
    """

    def __init__(self, dialect: Dialect, uri: str) -> None:
        self.dialect = dialect
        self._uri = uri

    def cut(self, block: bytes) -> int:
        """The end of the last whole record: the last line end outside of quotes."""
        quote = self.dialect.quote.encode()
        if quote not in block:
            return block.rfind(b"\n") + 1
        data = np.frombuffer(block, np.uint8)
        quotes = np.flatnonzero(data == ord(quote))
        end = block.rfind(b"\n") + 1
        while end:
            if not np.searchsorted(quotes, end) % 2:
                return end
            inside = int(quotes[np.searchsorted(quotes, end) - 1])
            end = block.rfind(b"\n", 0, inside) + 1
        return 0

    def head(self, block: bytes, count: int) -> tuple[list[list[str]], bytes]:
        """Take the first ``count`` records off a block: their cells, and the rest."""
        taken: list[list[str]] = []
        position = 0
        while len(taken) < count and position < len(block):
            end = self._record_end(block, position)
            rows = self.dialect.rows(_text(block[position:end]), 1)
            taken.extend(rows)
            position = end
        return taken, block[position:]

    def parse(
        self, block: bytes, names: Sequence[str], columns: Sequence[str] | None
    ) -> Iterator[pa.RecordBatch]:
        """Parse a block of whole records; rows of an odd length come after the others."""
        if not block.strip():
            return
        width = len(names)
        keep = [i for i, name in enumerate(names) if columns is None or name in columns]
        odd: list[str] = []
        if not self.dialect.delimiter:
            yield _batch([_single(block)], [names[0]])
            return
        try:
            table = self._fast(block, width, keep, odd)
        except pa.ArrowInvalid:
            text = _text(block)
            table = None
            try:
                table = self._fast(text.encode("utf-8", "replace"), width, keep, odd)
            except pa.ArrowInvalid:
                odd = [text]
        if table is not None:
            for batch in table.to_batches():
                yield _batch(batch.columns, [names[i] for i in keep])
        if odd:
            rows = self._slow("\n".join(odd))
            cells = [[(row[i] if i < len(row) else "") or None for row in rows] for i in keep]
            yield _batch([pa.array(c, pa.string()) for c in cells], [names[i] for i in keep])

    def _fast(self, block: bytes, width: int, keep: Sequence[int], odd: list[str]) -> pa.Table:
        """pyarrow's parser over one block; the text of odd rows goes to ``odd``."""
        odd.clear()

        def skip(row: pa_csv.InvalidRow) -> str:
            if row.text is not None:
                odd.append(row.text)
            return "skip"

        dialect = self.dialect
        names = [f"c{i}" for i in range(width)]
        return pa_csv.read_csv(
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

    def _slow(self, text: str) -> list[list[str]]:
        """The csv module, row by row."""
        dialect = self.dialect
        csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
        reader = csv.reader(
            io.StringIO(text.replace("\0", ""), newline=""),
            delimiter=dialect.delimiter,
            quotechar=dialect.quote or None,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            escapechar=dialect.escape or None,
            skipinitialspace=dialect.space,
        )
        return [row for row in reader if row]

    def _record_end(self, block: bytes, start: int) -> int:
        """One past the record that begins at ``start``."""
        quote = self.dialect.quote.encode()
        end = block.find(b"\n", start) + 1
        while end and quote and block.count(quote, start, end) % 2:
            end = block.find(b"\n", end) + 1
        return end or len(block)


def _text(block: bytes) -> str:
    return block.decode("utf-8", "replace")


def _single(block: bytes) -> pa.Array:
    """One value a line, blank lines left out."""
    lines = [line.strip("\r") for line in _text(block).split("\n")]
    return pa.array([line for line in lines if line.strip()], pa.string())


def _batch(arrays: Sequence[pa.Array], names: Sequence[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        list(arrays),
        schema=pa.schema([pa.field(n, a.type) for n, a in zip(names, arrays, strict=True)]),
    )
