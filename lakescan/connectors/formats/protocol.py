"""What a format promises: say what a file holds without reading it all, then read pieces of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from lakescan.connectors.model import FileFormat, ReadRequest, Selection, Split
from lakescan.connectors.source import Source


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file that can be read alone; the fields are those of `Split`."""

    start: int = 0
    stop: int | None = None
    unit: str = "file"
    size: int = 0
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What one table in a file looks like.

    Args:
        format: how to read it again.
        pieces: all of it, in order.
        schema: the columns, as far as they are known before reading.
        named: whether the columns have names.
        rows: where the metadata say so.
        part: the table's name inside the file where that is not the only one (a sheet).
    """

    format: FileFormat
    pieces: tuple[Piece, ...]
    schema: pa.Schema | None = None
    named: bool = True
    rows: int | None = None
    part: str = ""


class Format(Protocol):
    """Reads one kind of file."""

    name: str

    def inspect(self, source: Source, selection: Selection) -> tuple[Layout, ...]:
        """Describe the tables in a file from its footer or its first bytes.

        Raises:
            CorruptFileError: it is not what it seems.
        """

    def read(self, source: Source, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read one piece; see `Connector.read`."""
