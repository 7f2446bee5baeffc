"""Findings: the Arrow table that every detector answers with."""

from __future__ import annotations

import pyarrow as pa

#: row: index into the values given; start, end: half-open code points; score: 0..1.
FINDINGS_SCHEMA = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("entity", pa.dictionary(pa.int16(), pa.string()), nullable=False),
        pa.field("score", pa.float32(), nullable=False),
        pa.field("detector", pa.dictionary(pa.int16(), pa.string()), nullable=False),
    ]
)


def no_findings() -> pa.Table:
    """An empty findings table."""
    return FINDINGS_SCHEMA.empty_table()
