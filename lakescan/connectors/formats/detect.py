"""Which format a file is in: its first bytes decide, its name where they leave a choice."""

from __future__ import annotations

import os
import re

from lakescan.connectors.paths import split_version
from lakescan.connectors.sniff.dialect import is_prose, sniff_dialect
from lakescan.connectors.sniff.encoding import is_text, sniff_encoding
from lakescan.errors import CorruptFileError, UnsupportedError

_MAGIC = (
    (b"PAR1", "parquet"),
    (b"Obj\x01", "avro"),
    (b"ORC", "orc"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "excel"),
)
#: Formats by extension, for text and for naming what a file should have been.
_EXTENSIONS = {
    ".parquet": "parquet", ".parq": "parquet", ".pq": "parquet",
    ".avro": "avro", ".orc": "orc",
    ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow", ".arrows": "arrow",
    ".xlsx": "excel", ".xls": "excel", ".xlsm": "excel", ".xlsb": "excel",
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".psv": "csv",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonlines": "jsonl",
    ".json": "json", ".geojson": "json",
    ".md": "text", ".rst": "text", ".html": "text", ".htm": "text", ".xml": "text",
}  # fmt: skip
#: Formats that only their magic number makes.
_BINARY = frozenset({"parquet", "avro", "orc", "arrow", "excel"})
COMPRESSIONS = {".gz": "gzip", ".gzip": "gzip", ".bz2": "bzip2", ".zst": "zstd", ".zstd": "zstd"}
_COMPRESSION_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_RECORD = re.compile(r"\s*\{")


def compression_of(head: bytes) -> str | None:
    """The codec that the first bytes name: RFC 1952, bzip2's and RFC 8878's magic numbers."""
    for magic, name in _COMPRESSION_MAGIC:
        if head.startswith(magic):
            return name
    return None


def extension_of(uri: str) -> str:
    """A file name's extension in lower case, that of a compression left out."""
    name = split_version(uri)[0].rsplit("/", 1)[-1].lower()
    stem, extension = os.path.splitext(name)
    return os.path.splitext(stem)[1] if extension in COMPRESSIONS else extension


def zip_format(names: list[str], uri: str) -> str:
    """Name the format of a file that is a zip archive inside but not by its name.

    Raises:
        UnsupportedError: a document, a program, or an archive under another name.
    """
    if any(name.startswith("xl/") for name in names):
        return "excel"
    what = "a text document" if any(n.startswith("word/") for n in names) else "a zip archive"
    raise UnsupportedError(f"{uri}: {what} that is not read as a table", hint="exclude it", uri=uri)


def detect(uri: str, head: bytes) -> str:
    """Name the format of a file.

    Args:
        uri: its name.
        head: its first bytes, decompressed: some tens of KiB.

    Raises:
        CorruptFileError: it is empty, or not what its name says.
        UnsupportedError: it is binary, of no format that lakescan reads.
    """
    if not head:
        raise CorruptFileError(f"{uri}: the file is empty", uri=uri)
    extension = extension_of(uri)
    named = _EXTENSIONS.get(extension)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if named in _BINARY:
        raise CorruptFileError(f"{uri}: its name says {named}, but its content does not", uri=uri)
    if not is_text(head):
        raise UnsupportedError(
            f"{uri}: a binary file of an unknown format",
            hint="exclude it, or name its format",
            uri=uri,
        )
    text = head.decode(sniff_encoding(head), "replace").lstrip("\ufeff \t\r\n")
    if not text:
        raise CorruptFileError(f"{uri}: the file holds only white space", uri=uri)
    if text.startswith(("{", "[")) and named != "text":
        return _json(text, named)
    if named in ("csv", "text"):
        return named
    if named:
        raise CorruptFileError(f"{uri}: its name says {named}, but its content does not", uri=uri)
    return _plain(text)


def _json(text: str, named: str | None) -> str:
    """Lines that each begin an object are JSON Lines; what the name says breaks the tie."""
    # Not splitlines: strings may hold what else it takes for a line end.
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    whole = [line for line in lines[:20] if _RECORD.match(line) and line.rstrip().endswith("}")]
    if len(lines) > 1 and len(whole) >= min(len(lines) - 1, 20):
        return "jsonl"
    if named in ("csv", None) and text.startswith("["):
        return "json" if re.match(r"\[\s*[\[{\"\d\]-]", text) and named is None else "csv"
    return named or "json"


def _plain(text: str) -> str:
    """A table if a delimiter makes regular columns of it, else lines."""
    end = text.rfind("\n") + 1 or len(text)
    sample = text[:end].replace("\r\n", "\n").replace("\r", "\n")
    dialect = sniff_dialect(sample)
    return "csv" if dialect.columns > 1 and not is_prose(sample, dialect) else "text"
