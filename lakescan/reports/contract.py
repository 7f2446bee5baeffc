"""The JSON contract: the report as ``--format json`` and ``jsonl`` print it, and back.

The keys and their order are those of the design (section 3). Numbers that are estimates are
rounded to six places: more would be noise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import orjson

from lakescan.reports.model import (
    Classification,
    ColumnReport,
    DatasetReport,
    Evidence,
    ScanReport,
)

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_PLACES = 6


def to_json(report: ScanReport) -> bytes:
    """The whole report as indented JSON, UTF-8, with a newline at its end."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(report_value(report), option=options)


def to_jsonl(report: ScanReport) -> bytes:
    """One line a column: the column's object, led by its dataset's ``uri`` and ``run_id``."""
    return b"".join(
        orjson.dumps(
            {"run_id": report.run_id, "uri": dataset.uri, **column_value(column)},
            option=orjson.OPT_APPEND_NEWLINE,
        )
        for dataset in report.datasets
        for column in dataset.columns
    )


def report_value(report: ScanReport) -> dict[str, Json]:
    """The contract's object."""
    return {
        **totals_value(report),
        "datasets": [
            {**dataset_value(dataset), "columns": [column_value(c) for c in dataset.columns]}
            for dataset in report.datasets
        ],
        **buckets_value(report),
        "errors": [
            {"uri": error.uri, "kind": error.kind, "message": error.message}
            for error in report.errors
        ],
    }


def buckets_value(report: ScanReport) -> dict[str, Json]:
    """How the buckets are protected; nothing where there are none."""
    if not report.buckets:
        return {}
    return {
        "buckets": [
            {
                "uri": bucket.uri,
                "public": bucket.public,
                "encryption": bucket.encryption,
                "versioning": bucket.versioning,
            }
            for bucket in report.buckets
        ]
    }


def totals_value(report: ScanReport) -> dict[str, Json]:
    """The run's facts, which lead the contract's object."""
    return {
        "run_id": report.run_id,
        "status": report.status,
        "engine": report.engine,
        "policy_hash": report.policy_hash,
        "rows_scanned": report.rows_scanned,
        "bytes_scanned": report.bytes_scanned,
        "seconds": round(report.seconds, 3),
    }


def dataset_value(dataset: DatasetReport) -> dict[str, Json]:
    """One dataset's object without its columns."""
    return {
        "uri": dataset.uri,
        "format": dataset.format,
        "version": dataset.version,
        "rows": dataset.rows,
        "rows_scanned": dataset.rows_scanned,
    }


def column_value(column: ColumnReport) -> dict[str, Json]:
    """One column's object; ``missed_below`` stands only in that of a sampled column."""
    value: dict[str, Json] = {
        "column": column.column,
        "index": column.index,
        "type": column.type,
        "rows": column.rows,
        "nulls": column.nulls,
        "distinct": column.distinct,
        "sensitive": column.sensitive,
        "type_hint": column.type_hint,
        "classifications": [_classification_value(c) for c in column.classifications],
    }
    if column.missed_below:
        value["missed_below"] = round(column.missed_below, _PLACES)
    return value


def _classification_value(found: Classification) -> Json:
    return {
        "entity": found.entity,
        "category": found.category,
        "domain": found.domain,
        "confidence": round(found.confidence, _PLACES),
        "prevalence": round(found.prevalence, _PLACES),
        "interval": [round(bound, _PLACES) for bound in found.interval],
        "rows_hit": found.rows_hit,
        "distinct_hit": found.distinct_hit,
        "samples": list(found.samples),
        "evidence": list(_evidence_values(found)),
    }


def _evidence_values(found: Classification) -> Iterator[Json]:
    for reason in found.evidence:
        yield _evidence_value(reason)


def _evidence_value(reason: Evidence) -> Json:
    value: dict[str, Json] = {"detector": reason.detector}
    if reason.rows_hit is not None:
        value["rows_hit"] = reason.rows_hit
    value["score"] = round(reason.score, _PLACES)
    if reason.weight is not None:
        value["weight"] = round(reason.weight, _PLACES)
    return value
