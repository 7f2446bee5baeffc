"""Parts: files of the ledger, each with the partial results of a few seconds of work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from lakescan.errors import CorruptFileError
from lakescan.jobs.scan.unit import Partial
from lakescan.reports.splits import SPLITS_SCHEMA, SplitReport, splits_from_table, splits_table

_SCHEMA = SPLITS_SCHEMA.append(pa.field("profiles", pa.large_binary(), nullable=False))


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit that was done: the report of its split, and its partial result."""

    split: SplitReport
    partial: Partial

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, about."""
        return len(self.partial.profiles) + 512


def part_name(entries: Sequence[Entry]) -> str:
    """A name that depends on the units in it and on nothing else."""
    units = "\n".join(sorted(entry.split.unit for entry in entries))
    return f"{hashlib.sha256(units.encode()).hexdigest()[:32]}.arrow"


def write_part(entries: Sequence[Entry]) -> bytes:
    """A part as an Arrow IPC file; the profiles in it are compressed already."""
    table = splits_table(entry.split for entry in entries).append_column(
        _SCHEMA.field("profiles"),
        pl.Series([e.partial.profiles for e in entries], dtype=pl.Binary).to_arrow(),
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def read_part(data: bytes, uri: str) -> Iterator[Entry]:
    """The entries of a part.

    Raises:
        CorruptFileError: it is none.
    """
    try:
        table = pa.ipc.open_file(pa.BufferReader(data)).read_all()
        profiles = table.column("profiles").to_pylist()
        splits = splits_from_table(table)
    except (pa.ArrowException, KeyError, TypeError) as error:
        raise CorruptFileError(
            "not a part of a ledger", hint="scan without --resume and --incremental", uri=uri
        ) from error
    for split, packed in zip(splits, profiles, strict=True):
        yield Entry(split, Partial(split.unit, split.rows, packed))
