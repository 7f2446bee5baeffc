"""``lakescan.spark.classify``: what the columns of a DataFrame hold; no cell leaves the workers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan import __version__
from lakescan.jobs.accuracy import asked, decided
from lakescan.jobs.ledger.book import new_run_id
from lakescan.jobs.result import ScanResult
from lakescan.jobs.scan.fold import empty_report
from lakescan.jobs.scan.judge import judge
from lakescan.jobs.scan.unit import pack_profiles, unpack_profiles
from lakescan.policy import AccuracyMode, Policy
from lakescan.reports.model import DatasetReport, ScanReport
from lakescan.spark.tables import SparkTable, spark_table
from lakescan.spark.worker import detectors_here, guarded, memory_here
from lakescan.udfs.classify import TableProfiler, merge_tables
from lakescan.udfs.detect import build_detectors

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

#: Of a partition, or of some: sketches and counts of its columns, never a value.
_PARTIAL = pa.schema([("rows", pa.int64()), ("bytes", pa.int64()), ("profiles", pa.binary())])
_PARTIAL_DDL = "rows long, bytes long, profiles binary"
#: Partials are merged by so many tasks before the driver takes them.
_MERGERS = 16


def classify(
    data: DataFrame | str,
    policy: Policy | str | Path | None = None,
    *,
    name: str | None = None,
    accuracy_mode: AccuracyMode | None = None,
) -> ScanResult:
    """Say what the columns of a DataFrame hold.

    Each partition becomes counts and sketches where it lies; only these travel.

    Args:
        data: a DataFrame of any column types that Arrow has, nested ones too; or the name of a
            table of the session's catalog.
        policy: a policy or the path of one; None for the default. Columns that it ignores are not
            read. Its sampling is not heeded: give ``frame.sample(...)``.
        name: what the report calls the DataFrame.
        accuracy_mode: which model reads values, instead of what the policy says.

    Returns:
        One dataset. ``bytes_scanned`` counts Arrow bytes.

    Raises:
        UsageError: the policy is wrong, or its model is not there.
        NotFoundError: the catalog has no such table.
        UnsupportedError: a column's type has no Arrow form.
    """
    rules = asked(loaded(policy), accuracy_mode)
    started, when = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    settled = decided(rules)
    table = spark_table(data, name)
    rows, size, dataset = _judged(table, settled)
    versions = sorted(build_detectors(settled).versions.items())
    return ScanResult(
        ScanReport(
            run_id=new_run_id(),
            status="complete",
            engine="spark",
            policy_hash=rules.hash,
            rows_scanned=rows,
            bytes_scanned=size,
            seconds=time.monotonic() - started,
            datasets=(dataset,),
            versions=(
                ("lakescan", __version__),
                ("accuracy_mode", str(settled.accuracy_mode)),
                *versions,
            ),
            started=when,
        )
    )


def loaded(policy: Policy | str | Path | None) -> Policy:
    """The policy that was given."""
    if policy is None:
        return Policy.default()
    return policy if isinstance(policy, Policy) else Policy.load(policy)


def _judged(table: SparkTable, policy: Policy) -> tuple[int, int, DatasetReport]:
    """Rows, Arrow bytes and the report."""
    wanted = _wanted(table, policy)
    frame = table.frame.drop(*(set(table.schema.names) - set(wanted.names)))
    if not wanted.names:
        return 0, 0, empty_report(table.dataset, policy)
    partials = frame.mapInArrow(Profile(policy, wanted), _PARTIAL_DDL)
    merged = partials.repartition(_MERGERS).mapInArrow(merge_partials, _PARTIAL_DDL).toArrow()
    rows, size = sum(merged["rows"].to_pylist()), sum(merged["bytes"].to_pylist())
    if not rows:
        return 0, 0, empty_report(table.dataset, policy)
    profiles = merge_tables(unpack_profiles(each) for each in merged["profiles"].to_pylist())
    return rows, size, judge(table.dataset, profiles, rows, policy, whole=True)


def _wanted(table: SparkTable, policy: Policy) -> pa.Schema:
    """The columns that the policy does not ignore."""
    return pa.schema(
        [
            field
            for field in table.schema
            if (rule := policy.column_rule(table.dataset.uri, field.name)) is None
            or not rule.ignore
        ]
    )


class Profile:
    """Profiles one partition.

    Args:
        policy: what to look for.
        schema: of its batches, with times in UTC: Spark's are in the session's zone.
    """

    def __init__(self, policy: Policy, schema: pa.Schema) -> None:
        self._policy = policy
        self._schema = schema

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """One partial, if there are rows."""
        with guarded():
            profiler = TableProfiler(detectors_here(self._policy), memory=memory_here(self._policy))
            rows = size = 0
            for batch in batches:
                rows += batch.num_rows
                size += batch.nbytes
                profiler.update(batch.cast(self._schema))
            if rows:
                yield _partial(rows, size, pack_profiles(profiler.finish()))


def merge_partials(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """One partial of many."""
    with guarded():
        rows = size = 0
        profiles = merge_tables(())
        for batch in batches:
            rows += sum(batch.column("rows").to_pylist())
            size += sum(batch.column("bytes").to_pylist())
            parts = [unpack_profiles(each) for each in batch.column("profiles").to_pylist()]
            profiles = merge_tables([profiles, *parts])
        if rows:
            yield _partial(rows, size, pack_profiles(profiles))


def _partial(rows: int, size: int, profiles: bytes) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {"rows": [rows], "bytes": [size], "profiles": [profiles]}, schema=_PARTIAL
    )
