"""The run folder: which files a run leaves, and reading them back.

Where the folder lies is none of this module's business: it is given a function that writes a
named file, or one that reads it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from itertools import islice
from typing import IO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from lakescan.errors import CorruptFileError
from lakescan.reports.columns import columns_by_dataset, columns_table
from lakescan.reports.contract import Json, buckets_value, dataset_value, totals_value
from lakescan.reports.model import BucketReport, DatasetReport, ErrorReport, ScanReport
from lakescan.reports.sarif import to_sarif
from lakescan.reports.splits import SPLITS_SCHEMA, SplitReport, splits_from_table, splits_table
from lakescan.reports.summary import totals

RUN_FILE = "run.json"
COLUMNS_FILE = "columns.parquet"
SPLITS_FILE = "splits.parquet"
HTML_FILE = "report.html"
SARIF_FILE = "report.sarif"

#: Of what ``run.json`` and the tables look like; a reader refuses a later one.
FOLDER_VERSION = 1

#: Rows of a row group of the splits.
_ROW_GROUP = 65_536

ReadFile = Callable[[str], bytes]
WriteFile = Callable[[str, bytes], object]


def write_run(report: ScanReport, write: WriteFile) -> None:
    """Write a run's files but for its splits, ``run.json`` last: a folder with it is whole.

    Args:
        report: what the run found.
        write: stores bytes under a name in the run folder.
    """
    from lakescan.reports.html.page import to_html  # the templates: not for runs without a folder

    write(COLUMNS_FILE, _parquet(columns_table(report.datasets), report))
    write(SARIF_FILE, to_sarif(report))
    write(HTML_FILE, to_html(report))
    write(RUN_FILE, run_json(report))


def write_splits(report: ScanReport, splits: Iterable[SplitReport], sink: IO[bytes]) -> None:
    """Write ``splits.parquet``, of which no more is held than a row group.

    Args:
        report: of the run.
        splits: what became of each split.
        sink: takes its bytes.
    """
    schema = SPLITS_SCHEMA.with_metadata(_about(report))
    left = iter(splits)
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        while some := list(islice(left, _ROW_GROUP)):
            writer.write_table(splits_table(some).replace_schema_metadata(_about(report)))


def run_json(report: ScanReport) -> bytes:
    """``run.json``: the contract's object without columns, totals, throughput and versions."""
    total = totals(report)
    seconds = report.seconds or 1.0
    value: dict[str, Json] = {
        "folder_version": FOLDER_VERSION,
        "started": report.started,
        **totals_value(report),
        "totals": {
            "datasets": total.datasets,
            "columns": total.columns,
            "sensitive_columns": total.sensitive_columns,
            "errors": len(report.errors),
        },
        "throughput": {
            "rows_per_second": round(report.rows_scanned / seconds, 1),
            "bytes_per_second": round(report.bytes_scanned / seconds, 1),
        },
        "versions": dict(report.versions),
        "datasets": [dataset_value(dataset) for dataset in report.datasets],
        **buckets_value(report),
        "errors": [
            {"uri": error.uri, "kind": error.kind, "message": error.message}
            for error in report.errors
        ],
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_run(read: ReadFile) -> ScanReport:
    """The report of a run folder.

    Args:
        read: answers the bytes of a named file in the run folder.

    Raises:
        NotFoundError: as ``read`` raises it; there is no run here, or it did not end.
        CorruptFileError: the files are not what a run writes.
    """
    try:
        run = orjson.loads(read(RUN_FILE))
        version = run["folder_version"]
        if version > FOLDER_VERSION:
            raise CorruptFileError(
                f"the run folder has layout {version}, this lakescan reads up to {FOLDER_VERSION}",
                hint="read it with the lakescan that wrote it, or a later one",
            )
        columns = columns_by_dataset(_table(read(COLUMNS_FILE)))
        return ScanReport(
            run_id=run["run_id"],
            status=run["status"],
            engine=run["engine"],
            policy_hash=run["policy_hash"],
            rows_scanned=run["rows_scanned"],
            bytes_scanned=run["bytes_scanned"],
            seconds=run["seconds"],
            datasets=tuple(
                DatasetReport(**facts, columns=columns.get((facts["uri"], facts["version"]), ()))
                for facts in run["datasets"]
            ),
            errors=tuple(ErrorReport(**error) for error in run["errors"]),
            versions=tuple(run["versions"].items()),
            started=run["started"],
            buckets=tuple(BucketReport(**bucket) for bucket in run.get("buckets", ())),
        )
    except (orjson.JSONDecodeError, pa.ArrowInvalid, KeyError, TypeError) as error:
        raise CorruptFileError(
            f"not a run folder: {type(error).__name__} while reading it",
            hint="give the folder that `lakescan scan --output` wrote",
        ) from error


def read_splits(read: ReadFile) -> tuple[SplitReport, ...]:
    """The splits of a run folder."""
    return splits_from_table(_table(read(SPLITS_FILE)))


def _parquet(table: pa.Table, report: ScanReport) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(_about(report)), sink, compression="zstd")
    return sink.getvalue()


def _about(report: ScanReport) -> dict[str, str]:
    return {"lakescan.folder_version": str(FOLDER_VERSION), "lakescan.run_id": report.run_id}


def _table(data: bytes) -> pa.Table:
    # No thread of Arrow may hold these bytes when the process ends: Python would abort.
    return pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)
