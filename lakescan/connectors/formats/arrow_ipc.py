"""Arrow IPC files (Feather version 2) and streams: splits are ranges of record batches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pyarrow as pa

from lakescan.connectors.formats.batches import projected, sliced, spread
from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.source import Source
from lakescan.errors import UnsupportedError

#: How an IPC file begins (Arrow columnar format, "IPC File Format"); a stream does not.
_FILE_MAGIC = b"ARROW1"
#: How a Feather version 1 file begins.
FEATHER_1_MAGIC = b"FEA1"


class ArrowFormat:
    """See the module."""

    name = "arrow"

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Read the footer, or the schema at the head of a stream."""
        with source.random() as file:
            magic = file.read_at(len(_FILE_MAGIC), 0)
            file.seek(0)
            if magic.startswith(FEATHER_1_MAGIC):
                raise UnsupportedError(
                    f"{source.uri}: Feather version 1", hint="write it as version 2", uri=source.uri
                )
            if magic == _FILE_MAGIC:
                reader = pa.ipc.open_file(file)
                pieces = _pieces(reader.num_record_batches, source.size, selection.split_bytes)
            else:
                reader = pa.ipc.open_stream(file)
                pieces = (Piece(size=source.size),)
            schema = reader.schema.remove_metadata()
        return (Layout(FileFormat(self.name, compression=source.compression), pieces, schema),)

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read batch by batch. Each is validated: its offsets come from the file."""
        with source.random() as file:
            for batch in _batches(file, split, request):
                batch.validate(full=True)
                yield from sliced(projected(batch, request.columns), request.batch_bytes)


def _batches(file: pa.NativeFile, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
    options = pa.ipc.IpcReadOptions(use_threads=False)
    if split.unit == "row_group":
        reader = pa.ipc.open_file(file, options=options)
        stop = reader.num_record_batches if split.stop is None else split.stop
        for index in spread(range(split.start, stop), request.max_row_groups):
            yield reader.get_batch(index)
    else:
        yield from pa.ipc.open_stream(file, options=options)


def _pieces(count: int, size: int, split_bytes: int) -> tuple[Piece, ...]:
    """Ranges of batches of about even count: their sizes are not in the footer."""
    parts = max(1, min(count, -(-size // split_bytes)))
    edges = [count * i // parts for i in range(parts + 1)]
    return tuple(Piece(start, stop, "row_group", size // parts) for start, stop in pairwise(edges))
