"""Blocks of delimited records -> Arrow: pyarrow's parser, and the csv module for the rest."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as pa_csv

from lakescan.connectors.damage import Damage
from lakescan.connectors.formats.batches import texts
from lakescan.connectors.formats.quotes import Quotes
from lakescan.connectors.sniff.dialect import Dialect
from lakescan.connectors.sniff.encoding import sniff_encoding

#: Lines before the end of a block that are tried as records.
_LINES_TRIED = 100
#: The ASCII unit separator: it is not in text that has no delimiter, or the line is an odd row.
_NO_DELIMITER = "\x1f"

#: A record of another width than the usual: its place among the records of a block, and its text.
_Odd = tuple[int, str]


class RowParser:
    """Parses blocks of one dialect.

    Args:
        dialect: how records are cut into cells.
        uri: the file, for errors.
        encoding: ``ascii`` where the head of the file leaves the encoding open.
        damage: counts bytes that are no text.
        blanks: whether a blank line is a row, too.
    """

    def __init__(
        self,
        dialect: Dialect,
        uri: str,
        encoding: str = "utf-8",
        damage: Damage | None = None,
        *,
        blanks: bool = False,
    ) -> None:
        self._damage = damage or Damage()
        self._blanks = blanks
        self.dialect = dialect
        self.quotes = (
            Quotes(
                dialect.delimiter.encode(),
                dialect.quote.encode(),
                dialect.escape.encode(),
                dialect.space,
            )
            if dialect.quote and dialect.delimiter
            else None
        )
        self._uri = uri
        self._open = encoding == "ascii"

    def cut(self, block: bytes) -> int:
        """The end of the last whole record of a block that begins with one; 0 if there is none.

        Quotes come in pairs up to there, and the line before it is a record by itself: so it is
        outside of quotes. Only where no such line is near is each quote looked at.
        """
        end = block.rfind(b"\n") + 1
        if self.quotes is None or self.quotes.quote not in block:
            return end
        quote, delimiter = self.quotes.quote, self.quotes.delimiter
        even = block.count(quote, 0, end) % 2 == 0
        for _ in range(_LINES_TRIED):
            start = block.rfind(b"\n", 0, max(end - 1, 0)) + 1
            line = block[start:end]
            odd = line.count(quote) % 2
            if even and not odd and end:
                regular = line.count(delimiter) == self.dialect.columns - 1
                if regular or self._width(line) == self.dialect.columns:
                    return end
            even, end = even != bool(odd), start
        return self.quotes.cut(block)

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
        """Parse a block of whole records, in their order."""
        if not block.strip() and not self._blanks:
            return
        width = self.dialect.columns
        keep = [i for i, name in enumerate(names) if columns is None or name in columns]
        kept = [names[i] for i in keep]
        table, odd = self._attempt(block, [i for i in keep if i < width])
        regular = [self._regular(table, keep, kept)] if table is not None else []
        if not odd:
            yield from (batch for part in regular for batch in part.to_batches())
            return
        rows = [(at, row) for at, text in odd for row in self._slow(text, len(names))]
        cells = [[(row[i] if i < len(row) else "") or None for _, row in rows] for i in keep]
        parts = [*regular, pa.Table.from_batches([_batch([texts(c) for c in cells], kept)])]
        places = [_other_places(part.num_rows, odd) for part in regular]
        places.append(np.array([at for at, _ in rows], np.int64))
        order = np.argsort(np.concatenate(places), kind="stable")
        # ``pa.array`` of numpy's would import pandas.
        places_in_order = pa.Array.from_buffers(pa.int64(), len(order), [None, pa.py_buffer(order)])
        yield from pa.concat_tables(parts).take(places_in_order).to_batches()

    def _regular(self, table: pa.Table, keep: Sequence[int], kept: Sequence[str]) -> pa.Table:
        """Rows of the usual width with the columns beyond it, all null."""
        nothing = pa.nulls(table.num_rows, pa.string())
        wide = [nothing for i in keep if i >= self.dialect.columns]
        return pa.table([*table.columns, *wide], names=list(kept))

    def _fitted(self, row: list[str], width: int) -> list[str]:
        """A row that is too long with what is left over in its last cell."""
        if len(row) <= width:
            return row
        return [*row[: width - 1], self.dialect.delimiter.join(row[width - 1 :])]

    def _attempt(self, block: bytes, keep: Sequence[int]) -> tuple[pa.Table | None, list[_Odd]]:
        """The rows that pyarrow parses, and the text of those that it does not."""
        if self.dialect.space:
            gap = f'{self.dialect.delimiter} "'.encode()
            block = block.replace(gap, gap.replace(b" ", b""))
        try:
            table, odd = self._fast(block, keep)
        except pa.ArrowInvalid:
            # Mostly bytes that are no UTF-8.
            block = self._damage.decoded(block, self._encoding(block)).encode("utf-8", "replace")
            table, odd = self._try(block, keep)
        if self.quotes and (odd or block.count(self.quotes.quote) % 2):
            repaired = self.quotes.repaired(block)
            if repaired is not block:
                return self._try(repaired, keep)
        return table, odd

    def _try(self, block: bytes, keep: Sequence[int]) -> tuple[pa.Table | None, list[_Odd]]:
        try:
            return self._fast(block, keep)
        except pa.ArrowInvalid:
            return None, [(0, self._text(block))]

    def _text(self, block: bytes) -> str:
        """A block as text, in what it looks like where the file's head left that open."""
        return block.decode(self._encoding(block), "replace")

    def _encoding(self, block: bytes) -> str:
        return sniff_encoding(block) if self._open else "utf-8"

    def _width(self, line: bytes) -> int:
        """Cells in the record that a line is by itself."""
        rows = self._csv([self._text(line)])
        return len(rows[0]) if len(rows) == 1 else 0

    def _fast(self, block: bytes, keep: Sequence[int]) -> tuple[pa.Table, list[_Odd]]:
        """The rows of one block that have the usual width, and the others."""
        odd: list[_Odd] = []

        def skip(row: pa_csv.InvalidRow) -> str:
            if row.text is not None:
                odd.append((row.number - 1, row.text))
            return "skip"

        dialect = self.dialect
        names = [f"c{i}" for i in range(dialect.columns)]
        table = pa_csv.read_csv(
            pa.BufferReader(block),
            pa_csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            pa_csv.ParseOptions(
                delimiter=dialect.delimiter or _NO_DELIMITER,
                quote_char=dialect.quote or False,
                escape_char=dialect.escape or False,
                newlines_in_values=bool(dialect.quote),
                invalid_row_handler=skip,
                ignore_empty_lines=not self._blanks,
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

    def _slow(self, text: str, width: int) -> list[list[str]]:
        """The rows of an odd text, by the csv module.

        A text of several lines is a record with quoted line ends only if that makes its width
        right; else a quote was never closed, and each line is a record.
        """
        quote, delimiter = self.dialect.quote, self.dialect.delimiter
        plain = not (self.dialect.escape or self.dialect.space)
        if not delimiter:
            rows = [[line] for line in text.split("\n") if line]
        elif plain and "\n" not in text and (not quote or quote not in text):
            rows = [text.rstrip("\r").split(delimiter)]
        else:
            rows = self._csv([text])
            lines = text.split("\n")
            if len(lines) > 1 and any(len(row) != self.dialect.columns for row in rows):
                rows = [row for line in lines for row in self._csv([line])]
        return [self._fitted(row, width) for row in rows]

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


def _other_places(count: int, odd: Sequence[_Odd]) -> npt.NDArray[np.int64]:
    """The places of ``count`` rows among all, of which the odd ones have theirs."""
    every = np.arange(count + len(odd), dtype=np.int64)
    return np.delete(every, [at for at, _ in odd])


def _batch(arrays: Sequence[pa.Array], names: Sequence[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        list(arrays),
        schema=pa.schema([pa.field(n, a.type) for n, a in zip(names, arrays, strict=True)]),
    )
