"""A format's name -> its reader, imported when it is first used."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from lakescan.connectors.formats.protocol import Format
from lakescan.errors import UnknownNameError

_READERS = {
    "arrow": ("arrow_ipc", "ArrowFormat"),
    "avro": ("avro", "AvroFormat"),
    "csv": ("delimited", "DelimitedFormat"),
    "excel": ("excel", "ExcelFormat"),
    "json": ("jsonlines", "JsonFormat"),
    "jsonl": ("jsonlines", "JsonLinesFormat"),
    "orc": ("orc", "OrcFormat"),
    "parquet": ("parquet", "ParquetFormat"),
    "text": ("text", "TextFormat"),
}
#: Every format that lakescan reads.
FORMAT_NAMES = tuple(sorted(_READERS))


@lru_cache(maxsize=len(_READERS))
def format_named(name: str) -> Format:
    """The reader of a format.

    Raises:
        UnknownNameError: there is none of that name.
    """
    if name not in _READERS:
        raise UnknownNameError("format", name, FORMAT_NAMES)
    module, reader = _READERS[name]
    made: Format = getattr(import_module(f"lakescan.connectors.formats.{module}"), reader)()
    return made
