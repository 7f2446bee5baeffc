"""Plain text: a row is a line."""

from __future__ import annotations

import pyarrow as pa

from lakescan.connectors.sinks.writers.encoding import TextStyle
from lakescan.connectors.sinks.writers.protocol import Draft


class TextWriter:
    """One column of text, a line a row."""

    def __init__(self, stream: pa.NativeFile, draft: Draft) -> None:
        if len(draft.schema) != 1:
            raise pa.ArrowTypeError("text has one column")
        self._stream = stream
        self._style = TextStyle.of(draft)
        stream.write(self._style.mark)

    def write(self, batch: pa.RecordBatch) -> None:
        """Append lines."""
        cells = batch.column(0).cast(pa.large_string()).fill_null("")
        self._stream.write(self._style.lines(cells))

    def close(self) -> None:
        """Nothing is held."""
