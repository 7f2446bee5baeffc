"""Making record batches and cutting them down to a size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa

#: Rows of one batch at most, however narrow they are.
MAX_BATCH_ROWS = 1 << 17


def batch_rows(size: int, rows: int, batch_bytes: int) -> int:
    """How many rows of ``size / rows`` bytes make a batch of ``batch_bytes``."""
    width = max(size / max(rows, 1), 1.0)
    return max(1, min(int(batch_bytes / width), MAX_BATCH_ROWS))


def sliced(batch: pa.RecordBatch, batch_bytes: int) -> Iterator[pa.RecordBatch]:
    """The batch in pieces of about ``batch_bytes``; they share its memory."""
    step = batch_rows(batch.nbytes, batch.num_rows, batch_bytes)
    for start in range(0, batch.num_rows, step):
        yield batch.slice(start, step)


def texts(cells: Sequence[str | None]) -> pa.StringArray:
    """Strings as an Arrow array.

    By way of Polars: ``pa.array`` would import pandas, where it is installed, just to ask whether
    this is one of its series; that takes longer than a small file.
    """
    return pl.Series(cells, dtype=pl.String).to_arrow().cast(pa.string())


def spread(groups: range, most: int | None) -> list[int]:
    """At most ``most`` of ``groups``, evenly spaced, the first among them."""
    if most is None or len(groups) <= most:
        return list(groups)
    return [groups[i * len(groups) // most] for i in range(most)]


def projected(batch: pa.RecordBatch, columns: tuple[str, ...] | None) -> pa.RecordBatch:
    """Only the named columns, by position: names may repeat."""
    if columns is None:
        return batch
    keep = [i for i, name in enumerate(batch.schema.names) if name in columns]
    return pa.RecordBatch.from_arrays(
        [batch.column(i) for i in keep], schema=pa.schema([batch.schema.field(i) for i in keep])
    )
