"""ORC: splits are ranges of stripes; types stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyarrow import orc

from lakescan.connectors.formats.batches import sliced, spread
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.limits import check_whole
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.source import Source


class OrcFormat:
    """See the module."""

    name = "orc"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Read the footer."""
        with source.random() as file:
            reader = orc.ORCFile(file)
            stripes, rows, schema = reader.nstripes, reader.nrows, reader.schema
        per_split = max(1, selection.split_bytes * stripes // max(source.size, 1))
        pieces = tuple(
            Piece(
                start,
                min(start + per_split, stripes),
                "row_group",
                source.size * (min(start + per_split, stripes) - start) // stripes,
            )
            for start in range(0, stripes, per_split)
        )
        return (
            Layout(
                FileFormat(self.name, compression=source.compression),
                pieces or (Piece(0, 0, "row_group", source.size, 0),),
                schema.remove_metadata(),
                rows=rows,
            ),
        )

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read stripe by stripe: a stripe is the least that can be read."""
        with source.random() as file:
            reader = orc.ORCFile(file)
            stop = reader.nstripes if split.stop is None else split.stop
            columns = None if request.columns is None else list(request.columns)
            if columns is not None:
                columns = [name for name in reader.schema.names if name in columns]
            check_whole(file.size() // max(reader.nstripes, 1), source.uri)
            for index in spread(range(split.start, stop), request.max_row_groups):
                yield from sliced(reader.read_stripe(index, columns), request.batch_bytes)
