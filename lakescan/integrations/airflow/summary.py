"""What a task hands on to others: counts and places, never a value, never a sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import orjson

from lakescan.errors import CorruptFileError
from lakescan.reports.model import ScanReport
from lakescan.reports.summary import totals

#: What Airflow keeps of a task (XCom), and what an asset's event carries: plain JSON.
Summary: TypeAlias = dict[str, Any]
#: A job's own report, read from its JSON.
Report: TypeAlias = Mapping[str, Any]


def scan_summary(report: ScanReport, run_folder: str | None) -> Summary:
    """A scan in numbers."""
    total = totals(report)
    entities = Counter(
        column.classifications[0].entity
        for dataset in report.datasets
        for column in dataset.columns
        if column.sensitive and column.classifications
    )
    return {
        "run_id": report.run_id,
        "status": report.status,
        "engine": report.engine,
        "policy_hash": report.policy_hash,
        "run_folder": run_folder,
        "rows_scanned": report.rows_scanned,
        "bytes_scanned": report.bytes_scanned,
        "seconds": round(report.seconds, 3),
        "datasets": total.datasets,
        "columns": total.columns,
        "sensitive_datasets": total.sensitive_datasets,
        "sensitive_columns": total.sensitive_columns,
        "entities": dict(sorted(entities.items())),
        "errors": len(report.errors),
    }


def anonymize_summary(report: Report) -> Summary:
    """An anonymize in numbers, of its report as JSON."""
    columns = [column for table in report["tables"] for column in table["columns"]]
    kept = ("run_id", "status", "engine", "policy_hash", "scan_id", "version", "key_id")
    return {
        **{name: report[name] for name in (*kept, "source", "target", "rows", "bytes", "seconds")},
        "tables": len(report["tables"]),
        "columns_changed": len(
            {
                (table["uri"], column["index"], column["column"])
                for table in report["tables"]
                for column in table["columns"]
                if column["operator"] != "keep"
            }
        ),
        "unfit": sum(column["unfit"] for column in columns),
        "errors": len(report["errors"]),
    }


def verify_summary(report: Report) -> Summary:
    """A verify in numbers, of its report as JSON."""
    joins = report["joins"]
    kept = ("status", "source", "target", "policy_hash", "leaks", "seconds")
    return {
        **{name: report[name] for name in kept},
        "tables": len(report["tables"]),
        "different_tables": sum(bool(table["differences"]) for table in report["tables"]),
        "columns": len(report["columns"]),
        "joins": len(joins),
        "joins_kept": sum(join["before"] == join["after"] for join in joins),
        "smallest_group": min((risk["k"] for risk in report["risks"]), default=None),
    }


def answer_in(words: str) -> Report:
    """The JSON document that a job printed, among its other words.

    Raises:
        CorruptFileError: there is none.
    """
    lines = [line.rstrip("\r") for line in words.split("\n")]  # not at what else ends a line
    for last in _places(lines, "}"):
        for first in _places(lines[:last], "{"):
            try:
                found = orjson.loads("\n".join(lines[first : last + 1]))
            except orjson.JSONDecodeError:
                continue
            assert isinstance(found, dict)
            return found
    raise CorruptFileError("the job printed no report", hint="see its log")


def _places(lines: Sequence[str], mark: str) -> list[int]:
    """Where a line is just this, the last first."""
    return [place for place in reversed(range(len(lines))) if lines[place] == mark]
