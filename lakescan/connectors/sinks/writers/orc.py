"""ORC, with the codec of the file that it is made after."""

from __future__ import annotations

import pyarrow as pa
from pyarrow import orc

from lakescan.connectors.sinks.writers.columns import decoded_columns
from lakescan.connectors.sinks.writers.protocol import Draft
from lakescan.connectors.source import Source

_NEW_CODEC = "zstd"
_WRITTEN = frozenset({"uncompressed", "snappy", "zlib", "lz4", "zstd"})


class OrcWriter:
    """See the module. It has no dictionaries and no names of zones but UTC."""

    def __init__(self, stream: pa.NativeFile, draft: Draft) -> None:
        codec = _codec(draft.model) if draft.model is not None else _NEW_CODEC
        self._writer = orc.ORCWriter(stream, compression=codec)
        self._schema = draft.schema
        self._rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows."""
        self._rows += batch.num_rows
        self._writer.write(pa.Table.from_batches([decoded_columns(batch)]))

    def close(self) -> None:
        """Write the footer."""
        if not self._rows:
            empty = [pa.array([], f.type) for f in self._schema]
            rows = pa.RecordBatch.from_arrays(empty, schema=self._schema)
            self._writer.write(pa.Table.from_batches([decoded_columns(rows)]))
        self._writer.close()


def _codec(model: Source) -> str:
    with model.random() as file:
        codec = str(orc.ORCFile(file).compression).lower()
    return codec if codec in _WRITTEN else _NEW_CODEC
