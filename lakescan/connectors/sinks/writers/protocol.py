"""What a writer promises, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from lakescan.connectors.model import FileFormat
from lakescan.connectors.source import Source


class ByteSink(Protocol):
    """Where a writer's bytes go: a `pyarrow.NativeFile` is one."""

    def write(self, data: bytes | pa.Buffer, /) -> object:
        """Append."""


class RowWriter(Protocol):
    """Writes one file. Batches come with exactly the draft's schema."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows."""

    def close(self) -> None:
        """Write what is held, and the footer; the stream stays open."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written, and after which model.

    Args:
        format: the format and its options.
        schema: the columns.
        named: whether they have names.
        model: the file whose style is kept (codec, row groups, line ends); None for a new one.
        uri: the output, for errors.
    """

    format: FileFormat
    schema: pa.Schema
    named: bool = True
    model: Source | None = None
    uri: str = ""
