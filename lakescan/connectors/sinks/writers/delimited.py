"""CSV and its kin, in the dialect of the file that it is made after; RFC 4180 else.

A cell is quoted where it has to be: it holds the delimiter, the quote, a line end, the escape,
begins or ends with white space, or begins like a comment.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from lakescan.connectors.sinks.writers.encoding import TextStyle
from lakescan.connectors.sinks.writers.plain import as_text
from lakescan.connectors.sinks.writers.protocol import Draft

#: Rows that are put together at once.
_ROWS = 1 << 15
_TEXT = pa.large_string()


class DelimitedWriter:
    """See the module. Nulls are empty cells."""

    def __init__(self, stream: pa.NativeFile, draft: Draft) -> None:
        form = draft.format
        self._stream = stream
        self._style = TextStyle.of(draft)
        single = not form.option("delimiter", ",")
        self._delimiter = form.option("delimiter", ",") or ","
        self._quote = form.option("quote", '"') or '"'
        self._escape = form.option("escape")
        self._single = single or len(draft.schema) == 1
        unsafe = re.escape(self._delimiter + self._quote + self._escape + "\r\n")
        self._unsafe = rf"[{unsafe}]|^[\s#]|\s$"
        if single and not form.option("quote", '"'):
            # One bare value a line: quotes would be part of it.
            self._unsafe = r"[\r\n]"
        stream.write(self._style.mark)
        if draft.named and form.option("header", "true") == "true":
            self._lines([pa.array([name], _TEXT) for name in draft.schema.names])

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows."""
        for start in range(0, batch.num_rows, _ROWS):
            rows = batch.slice(start, _ROWS)
            self._lines([as_text(column) for column in rows.columns])

    def close(self) -> None:
        """Nothing is held."""

    def _lines(self, columns: list[pa.Array]) -> None:
        if not columns:
            return
        cells = [self._cells(column) for column in columns]
        joined = pc.binary_join_element_wise(*cells, pa.scalar(self._delimiter, _TEXT))
        self._stream.write(self._style.lines(joined))

    def _cells(self, column: pa.Array) -> pa.Array:
        """Cells as they stand in the file."""
        values = column.cast(_TEXT).fill_null("")
        unsafe = pc.match_substring_regex(values, self._unsafe)
        if self._single:
            # An empty line would be no row.
            unsafe = pc.or_(unsafe, pc.equal(values, pa.scalar("", _TEXT)))
        if not pc.any(unsafe).as_py():
            return values
        inner = values
        if self._escape:
            inner = pc.replace_substring(inner, self._escape, self._escape * 2)
        doubled = (self._escape or self._quote) + self._quote
        inner = pc.replace_substring(inner, self._quote, doubled)
        quote = pa.scalar(self._quote, _TEXT)
        quoted = pc.binary_join_element_wise(quote, inner, quote, pa.scalar("", _TEXT))
        return pc.if_else(unsafe, quoted, values)
