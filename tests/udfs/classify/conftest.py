"""Detectors for real: the shipped ones, set up once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import pytest

from lakescan.policy import Policy
from lakescan.udfs.classify import ColumnProfile, ColumnVerdict, TableProfiler, verdicts
from lakescan.udfs.detect import DetectorSet, build_detectors

Columns = Mapping[str, Sequence[object]]
Judge = Callable[..., dict[str, ColumnVerdict]]
Profile = Callable[..., tuple[ColumnProfile, ...]]


@pytest.fixture(scope="session")
def detectors() -> DetectorSet:
    """The default policy's detectors."""
    found = build_detectors(Policy.default())
    found.setup()
    return found


@pytest.fixture(scope="session")
def profile(detectors: DetectorSet) -> Profile:
    """Profiles of a table in one go."""

    def run(table: pa.Table) -> tuple[ColumnProfile, ...]:
        profiler = TableProfiler(detectors)
        none = pa.RecordBatch.from_pylist([], schema=table.schema)
        for batch in table.combine_chunks().to_batches() or [none]:
            profiler.update(batch)
        return profiler.finish()

    return run


@pytest.fixture(scope="session")
def judge(profile: Profile) -> Judge:
    """Verdicts of a table by column, given as lists of values."""

    def run(
        columns: Columns | pa.Table,
        *,
        uri: str = "",
        policy: Policy | None = None,
        named: bool = True,
        total_rows: int | None = None,
    ) -> dict[str, ColumnVerdict]:
        table = columns if isinstance(columns, pa.Table) else pa.table(dict(columns))
        found = verdicts(
            profile(table),
            policy or Policy.default(),
            named=named,
            total_rows=total_rows if total_rows is not None else table.num_rows,
            uri=uri,
        )
        return {verdict.path: verdict for verdict in found}

    return run
