"""Batches as a table's rows: every column has a name, and all batches have the same columns."""

from __future__ import annotations

import pyarrow as pa

from lakescan.connectors.sinks.model import OutputUnit
from lakescan.connectors.sinks.writers.columns import conformed, decoded_columns


def shaped(
    batch: pa.RecordBatch, unit: OutputUnit, schema: pa.Schema | None = None
) -> pa.RecordBatch:
    """A batch without dictionaries, with names, in the columns of the first one.

    Args:
        batch: as it was read and rewritten.
        unit: what it is of.
        schema: of the first batch, shaped; None for that itself.

    Raises:
        UnsupportedError: it has other columns.
    """
    plain = decoded_columns(batch)
    if not unit.named:
        names = [f"column_{place}" for place in range(plain.num_columns)]
        plain = pa.RecordBatch.from_arrays(plain.columns, names=names)
    return plain if schema is None else conformed(plain, schema, unit.output)
