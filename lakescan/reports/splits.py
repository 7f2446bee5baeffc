"""``splits.parquet``: what became of every split of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from lakescan.reports.tables import table_of

#: How a split ended: read by this run, taken over from an earlier one, passed over, or left for a
#: later run because the budget was spent.
STATUSES = ("complete", "reused", "failed", "left")

SPLITS_SCHEMA = pa.schema(
    [
        pa.field("unit", pa.string(), nullable=False),
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("uri", pa.string(), nullable=False),
        pa.field("version", pa.string(), nullable=False),
        pa.field("format", pa.string(), nullable=False),
        pa.field("range", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("seconds", pa.float64(), nullable=False),
        pa.field("attempts", pa.int32(), nullable=False),
        pa.field("error_kind", pa.string()),
        pa.field("error", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class SplitReport:
    """One split.

    Args:
        unit: the work unit's id: equal for equal bytes read in the same way, in any run.
        dataset: the URI of the dataset it belongs to.
        uri: the object.
        version: its version token (ETag, generation, size and time, ...).
        format: the format's name.
        range: what of the object: empty for all of it, else ``row_group:0-4`` or ``byte:0-65536``.
        status: one of `STATUSES`.
        rows: rows scanned.
        bytes: bytes in storage that it covers.
        seconds: time a worker spent on it; that of the run that read it.
        attempts: how often it was tried.
        error_kind: why it was passed over (``CorruptFile``), or what of it was though the rest was
            read; None where nothing was.
        error: the same as a sentence.
    """

    unit: str
    dataset: str
    uri: str
    version: str
    format: str
    range: str
    status: str
    rows: int
    bytes: int
    seconds: float
    attempts: int = 1
    error_kind: str | None = None
    error: str | None = None


def splits_table(splits: Iterable[SplitReport]) -> pa.Table:
    """The splits as a table of `SPLITS_SCHEMA`."""
    names = SPLITS_SCHEMA.names
    rows = [{name: getattr(split, name) for name in names} for split in splits]
    return table_of(rows, SPLITS_SCHEMA)


def splits_from_table(table: pa.Table) -> tuple[SplitReport, ...]:
    """The values of a table that `splits_table` made; unknown columns are left out."""
    known = table.select([name for name in SPLITS_SCHEMA.names if name in table.column_names])
    return tuple(SplitReport(**row) for row in known.to_pylist())
