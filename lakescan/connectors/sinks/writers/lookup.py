"""A format's name -> its writer, imported when it is first used."""

from __future__ import annotations

from importlib import import_module

import pyarrow as pa

from lakescan.connectors.sinks.writers.protocol import Draft, RowWriter
from lakescan.errors import UnknownNameError, UnsupportedError

_WRITERS = {
    "arrow": ("arrow_ipc", "ArrowWriter"),
    "avro": ("avro", "AvroWriter"),
    "csv": ("delimited", "DelimitedWriter"),
    "excel": ("excel", "SheetWriter"),
    "json": ("jsonlines", "JsonWriter"),
    "jsonl": ("jsonlines", "JsonLinesWriter"),
    "orc": ("orc", "OrcWriter"),
    "parquet": ("parquet", "ParquetRowWriter"),
    "text": ("text", "TextWriter"),
}
#: Every format that lakescan writes.
WRITABLE = tuple(sorted(_WRITERS))
#: How a new file of a format is called.
EXTENSIONS = {name: f".{name}" for name in WRITABLE} | {"text": ".txt", "excel": ".xlsx"}
#: Characters of what Arrow says of a type that are told on.
_TOLD = 200


def open_writer(stream: pa.NativeFile, draft: Draft) -> RowWriter:
    """A writer of ``draft`` into ``stream``.

    Raises:
        UnknownNameError: a format that is not written.
        UnsupportedError: the format cannot hold such columns.
    """
    name = draft.format.name
    if name not in _WRITERS:
        raise UnknownNameError("format to write", name, WRITABLE)
    module, writer = _WRITERS[name]
    try:
        made: RowWriter = getattr(import_module(f"{__package__}.{module}"), writer)(stream, draft)
    except (pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise unfit(draft.uri, name, error) from error
    return made


def unfit(uri: str, form: str, error: Exception) -> UnsupportedError:
    """A format cannot hold a column; of what is not implemented, Arrow names the type alone."""
    named = isinstance(error, pa.ArrowNotImplementedError)
    told = str(error).partition("\n")[0][:_TOLD] if named else type(error).__name__
    return UnsupportedError(
        f"{uri}: a column that {form} cannot hold ({told})",
        hint="name another format to write",
        uri=uri,
    )
