"""Arrow IPC files and streams, after the model's kind and codec."""

from __future__ import annotations

import struct

import pyarrow as pa
import pyarrow.compute as pc

from lakescan.connectors.sinks.writers.columns import decoded
from lakescan.connectors.sinks.writers.protocol import Draft
from lakescan.connectors.source import Source

_FILE_MAGIC = b"ARROW1"
#: BodyCompression.codec (Arrow format, Message.fbs).
_CODECS = {0: "lz4", 1: "zstd"}
#: The field of the compression in a RecordBatch (Message.fbs).
_COMPRESSION = 3


class ArrowWriter:
    """See the module.

    A file may hold one dictionary a column, which may grow (Arrow columnar format, "Dictionary
    Messages"): batches are put into the dictionary so far.
    """

    def __init__(self, stream: pa.NativeFile, draft: Draft) -> None:
        is_file, codec = _style(draft.model) if draft.model is not None else (True, "zstd")
        options = pa.ipc.IpcWriteOptions(compression=codec, emit_dictionary_deltas=True)
        make = pa.ipc.new_file if is_file else pa.ipc.new_stream
        self._schema = draft.schema
        self._writer = make(stream, draft.schema, options=options)
        self._words: dict[int, pa.Array] = {}

    def write(self, batch: pa.RecordBatch) -> None:
        """Append one batch."""
        arrays = [
            self._coded(i, column) if pa.types.is_dictionary(column.type) else column
            for i, column in enumerate(batch.columns)
        ]
        if arrays:
            batch = pa.RecordBatch.from_arrays(arrays, schema=self._schema)
        self._writer.write_batch(batch)

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()

    def _coded(self, index: int, column: pa.DictionaryArray) -> pa.DictionaryArray:
        values = decoded(column)
        words = self._words.get(index, pa.array([], values.type))
        new = pc.unique(values.filter(pc.invert(pc.is_in(values, value_set=words)))).drop_null()
        words = self._words[index] = pa.concat_arrays([words, new])
        codes = pc.index_in(values, value_set=words).cast(column.type.index_type)
        return pa.DictionaryArray.from_arrays(codes, words, ordered=column.type.ordered)


def _style(model: Source) -> tuple[bool, str | None]:
    """Whether it is a file rather than a stream, and its codec."""
    with model.random() as file:
        is_file = file.read_at(len(_FILE_MAGIC), 0) == _FILE_MAGIC
        file.seek(8 if is_file else 0)
        codec = None
        for message in pa.ipc.MessageReader.open_stream(file):
            if message.type == "record batch":
                codec = _codec_of(message.metadata.to_pybytes())
                break
    return is_file, codec


def _codec_of(message: bytes) -> str | None:
    """The codec in the metadata of a record batch, by FlatBuffers' layout of tables."""
    table = struct.unpack_from("<I", message, 0)[0]
    header = _field(message, table, 2)
    if header is None:
        return None
    batch = header + struct.unpack_from("<I", message, header)[0]
    compression = _field(message, batch, _COMPRESSION)
    if compression is None:
        return None
    body = compression + struct.unpack_from("<I", message, compression)[0]
    codec = _field(message, body, 0)
    return _CODECS.get(struct.unpack_from("<b", message, codec)[0] if codec is not None else 0)


def _field(data: bytes, table: int, number: int) -> int | None:
    """Where a table's field is; None where it is not there."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    size = struct.unpack_from("<H", data, vtable)[0]
    slot = 4 + 2 * number
    offset = struct.unpack_from("<H", data, vtable + slot)[0] if slot < size else 0
    return table + offset if offset else None
