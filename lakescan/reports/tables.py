"""Rows of a report -> an Arrow table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa


def table_of(rows: Sequence[Mapping[str, object]], schema: pa.Schema) -> pa.Table:
    """A table of ``schema``; what a row does not name is null.

    By way of Polars: ``pa.Table.from_pylist`` would import pandas, where it is installed, just to
    ask whether a column is one of its series; that takes longer than a small scan.
    """
    import polars as pl

    empty = pl.from_arrow(pa.Table.from_batches([], schema))
    assert isinstance(empty, pl.DataFrame)
    return pl.DataFrame(rows, schema=empty.schema).to_arrow().cast(schema)
