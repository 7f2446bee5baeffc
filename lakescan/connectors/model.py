"""The values that connectors hand out: datasets, splits, and what to read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from lakescan.connectors.damage import Damage
from lakescan.errors import LakescanError


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How to read a file: a format's name and the options that were detected or given.

    Args:
        name: ``parquet``, ``csv``, ``jsonl``, ``json``, ``avro``, ``orc``, ``excel``, ``arrow`` or
            ``text``.
        options: sorted pairs, all strings (``delimiter``, ``quote``, ``encoding``, ``header``,
            ``sheet``, ...).
        compression: ``gzip``, ``bzip2``, ``zstd`` or None.
    """

    name: str
    options: tuple[tuple[str, str], ...] = ()
    compression: str | None = None

    def option(self, name: str, default: str = "") -> str:
        """One option's value."""
        return dict(self.options).get(name, default)


class Hidden(str):
    """A text that is not shown: what a split needs to be reached, a password maybe among it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'" if self else "''"


NOTHING_HIDDEN = Hidden()


@dataclass(frozen=True, slots=True)
class Split:
    """A piece of a dataset that one worker reads: small, picklable, versioned.

    Args:
        uri: the object (``s3://bucket/key``, an absolute ``/path``; a zip member is
            ``...zip!/member``).
        version: ETag, size and mtime, generation, ...: what must still hold when it is read.
        format: how to read it.
        start: first row group or first byte of the range, by ``unit``.
        stop: one past the last, or None for the end.
        unit: what ``start`` and ``stop`` count: ``file``, ``row_group``, ``byte`` or ``range``
            (a range of keys of a database's table, by its number).
        size: bytes in storage that this split covers.
        rows: rows in it where the metadata say so.
        access: how it is reached this time (a login, a snapshot); no part of what it is.
    """

    uri: str
    version: str
    format: FileFormat
    start: int = 0
    stop: int | None = None
    unit: str = "file"
    size: int = 0
    rows: int | None = None
    access: Hidden = NOTHING_HIDDEN

    @property
    def token(self) -> str:
        """A string that names this very piece of this very version."""
        stop = "" if self.stop is None else self.stop
        return f"{self.uri}|{self.version}|{self.unit}:{self.start}-{stop}|{self.format}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table: one file, or the files of one directory or partition tree that share a schema.

    Args:
        uri: the file's, or the common prefix's (ending in ``/``).
        format: the format's name.
        version: a digest over the splits' versions.
        splits: all of them, in order; of a long listing they are on disk, to be gone through.
        schema: as the first file has it; None where a format has none before it is read.
        named: whether the columns have names (False for a CSV without a header).
        partitions: Hive partition columns, in path order.
        size: bytes in storage.
        rows: where the metadata say so.
    """

    uri: str
    format: str
    version: str
    splits: Sequence[Split]
    schema: pa.Schema | None = None
    named: bool = True
    partitions: tuple[str, ...] = ()
    size: int = 0
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """An object that could not be planned: reported, never fatal to its neighbours."""

    uri: str
    error: LakescanError


class Misfits(StrEnum):
    """What becomes of a database's values that Arrow's type of their column cannot hold.

    Such as a date that is infinity. ``null``: they are read as null, which does for a scan.
    ``kept``: each table is looked through first, and a column that has some is read as texts.
    """

    NULL = "null"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a source to take, and how to cut it.

    Args:
        include: globs over the path below the URI; empty means everything.
        exclude: globs taken out again.
        group: ``auto``, ``file`` or ``prefix``.
        format: a format's name that overrides detection.
        options: overrides of detected format options, such as ``{"delimiter": ";"}``.
        split_bytes: how large a split should be, bytes in storage.
        storage: connection properties: ``endpoint``, ``region``, ``profile``, ``anonymous``, ...
        misfits: what becomes of a database's values that Arrow cannot hold.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    group: str = "auto"
    format: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    split_bytes: int = 64 << 20
    storage: Mapping[str, str] = field(default_factory=dict)
    misfits: Misfits = Misfits.NULL


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What a worker wants of a split.

    Args:
        columns: top-level columns to read; None for all.
        batch_bytes: an upper bound for one record batch in memory.
        max_rows: stop after so many rows of the split; None for all.
        max_row_groups: read at most so many row groups, evenly spaced; None for all.
        max_cell_bytes: a longer cell is a ``LimitExceededError``.
        storage: as in `Selection`.
        damage: counts what cannot be read as it stands while the rest is; with None, lines that
            are no records are an error after all batches, and other damage is not told.
    """

    columns: tuple[str, ...] | None = None
    batch_bytes: int = 32 << 20
    max_rows: int | None = None
    max_row_groups: int | None = None
    max_cell_bytes: int = 64 << 20
    storage: Mapping[str, str] = field(default_factory=dict)
    damage: Damage | None = field(default=None, compare=False)
