"""Findings: the Arrow table that every detector answers with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lakescan.udfs.arrays import to_numpy

Codes = npt.NDArray[np.int16]

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
    return pa.Table.from_batches([], FINDINGS_SCHEMA)


def names_of(findings: pa.Table, column: str) -> tuple[list[str], Codes]:
    """The words of a dictionary column and each finding's index into them."""
    if not findings.num_rows:
        return [], np.zeros(0, np.int16)
    coded = findings[column].unify_dictionaries().combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.chunk(0)
    return coded.dictionary.to_pylist(), to_numpy(coded.indices)


def chosen(findings: pa.Table, rows: npt.NDArray[np.int64]) -> pa.Table:
    """Some of the findings, by number."""
    return findings.take(pa.Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(rows)]))
