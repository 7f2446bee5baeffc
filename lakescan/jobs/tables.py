"""What the columns of a small table hold, judged together, in this process."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from lakescan.connectors import Dataset
from lakescan.jobs.accuracy import decided
from lakescan.jobs.detect import detectors_for
from lakescan.jobs.scan.judge import judge
from lakescan.policy import Policy
from lakescan.reports.model import Classification
from lakescan.udfs.classify import TableProfiler


def judge_columns(
    columns: Sequence[Sequence[str]], names: Sequence[str] | None, policy: Policy
) -> list[tuple[Classification, ...]]:
    """The classifications of each column, best first.

    Args:
        columns: their cells, equally many.
        names: None for a table without headers.
        policy: what to look for.
    """
    rules = decided(policy)
    labels = list(names) if names is not None else [f"column_{i}" for i in range(len(columns))]
    arrays = [pa.array(list(cells), pa.string()) for cells in columns]
    profiler = TableProfiler(detectors_for(rules))
    profiler.update(pa.record_batch(arrays, names=labels))
    shell = Dataset("", "csv", "", (), named=names is not None)
    report = judge(shell, profiler.finish(), len(arrays[0]), rules, whole=True)
    found: list[tuple[Classification, ...]] = [() for _ in columns]
    for column in report.columns:
        found[column.index] = column.classifications
    return found
