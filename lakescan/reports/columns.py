"""``columns.parquet``: one row per dataset, column and entity found.

A column in which nothing was found has one row whose ``entity`` is null, so that the table tells
what was looked at and not only what was found, and a report can be made again from it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import pyarrow as pa

from lakescan.reports.model import (
    Classification,
    ColumnReport,
    DatasetReport,
    Evidence,
    Outvoted,
)
from lakescan.reports.tables import table_of

EVIDENCE_TYPE = pa.struct(
    [
        pa.field("detector", pa.string(), nullable=False),
        pa.field("rows_hit", pa.int64()),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("weight", pa.float64()),
        pa.field("samples", pa.list_(pa.string())),
    ]
)

OUTVOTED_TYPE = pa.struct(
    [
        pa.field("entity", pa.string(), nullable=False),
        pa.field("category", pa.string(), nullable=False),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("because", pa.list_(pa.string())),
        pa.field("evidence", pa.list_(EVIDENCE_TYPE)),
    ]
)

#: ``rank`` counts a column's classifications from 0, the verdict. ``outvoted`` stands in a column's
#: first row only.
COLUMNS_SCHEMA = pa.schema(
    [
        pa.field("uri", pa.string(), nullable=False),
        pa.field("format", pa.string(), nullable=False),
        pa.field("version", pa.string(), nullable=False),
        pa.field("column", pa.string()),
        pa.field("index", pa.int32(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("nulls", pa.int64(), nullable=False),
        pa.field("distinct", pa.int64(), nullable=False),
        pa.field("sensitive", pa.bool_(), nullable=False),
        pa.field("type_hint", pa.string()),
        pa.field("missed_below", pa.float64(), nullable=False),
        pa.field("rank", pa.int32()),
        pa.field("entity", pa.string()),
        pa.field("category", pa.string()),
        pa.field("domain", pa.string()),
        pa.field("confidence", pa.float64()),
        pa.field("prevalence", pa.float64()),
        pa.field("interval_low", pa.float64()),
        pa.field("interval_high", pa.float64()),
        pa.field("rows_hit", pa.int64()),
        pa.field("distinct_hit", pa.int64()),
        pa.field("samples", pa.list_(pa.string())),
        pa.field("evidence", pa.list_(EVIDENCE_TYPE)),
        pa.field("basis", pa.string()),
        pa.field("because", pa.list_(pa.string())),
        pa.field("outvoted", pa.list_(OUTVOTED_TYPE)),
    ]
)


def columns_table(datasets: Iterable[DatasetReport]) -> pa.Table:
    """The columns of all datasets as a table of `COLUMNS_SCHEMA`, in their order."""
    rows = [row for dataset in datasets for row in _dataset_rows(dataset)]
    return table_of(rows, COLUMNS_SCHEMA)


def _dataset_rows(dataset: DatasetReport) -> Iterator[dict[str, object]]:
    for column in dataset.columns:
        about: dict[str, object] = {
            "uri": dataset.uri,
            "format": dataset.format,
            "version": dataset.version,
            "column": column.column,
            "index": column.index,
            "type": column.type,
            "rows": column.rows,
            "nulls": column.nulls,
            "distinct": column.distinct,
            "sensitive": column.sensitive,
            "type_hint": column.type_hint,
            "missed_below": column.missed_below,
        }
        outvoted = {"outvoted": [_outvoted_row(each) for each in column.outvoted]}
        if not column.classifications:
            yield about | outvoted
        for rank, found in enumerate(column.classifications):
            first = {} if rank else outvoted
            yield about | {"rank": rank} | _classification_row(found) | first


def _classification_row(found: Classification) -> dict[str, object]:
    return {
        "entity": found.entity,
        "category": found.category,
        "domain": found.domain,
        "confidence": found.confidence,
        "prevalence": found.prevalence,
        "interval_low": found.interval[0],
        "interval_high": found.interval[1],
        "rows_hit": found.rows_hit,
        "distinct_hit": found.distinct_hit,
        "samples": list(found.samples),
        "evidence": _evidence_rows(found.evidence),
        "basis": found.basis,
        "because": list(found.because),
    }


def _outvoted_row(found: Outvoted) -> dict[str, object]:
    return {
        "entity": found.entity,
        "category": found.category,
        "confidence": found.confidence,
        "because": list(found.because),
        "evidence": _evidence_rows(found.evidence),
    }


def _evidence_rows(evidence: Iterable[Evidence]) -> list[dict[str, object]]:
    return [
        {
            "detector": each.detector,
            "rows_hit": each.rows_hit,
            "score": each.score,
            "weight": each.weight,
            "samples": list(each.samples),
        }
        for each in evidence
    ]


def columns_by_dataset(table: pa.Table) -> dict[tuple[str, str], tuple[ColumnReport, ...]]:
    """The columns of a table that `columns_table` made, by dataset URI and version.

    Rows of one column stand together, in the order of their rank.
    """
    columns: dict[tuple[str, str], list[ColumnReport]] = {}
    rows = table.to_pylist()
    for start, stop in _runs(rows):
        first = rows[start]
        found = tuple(_classification(row) for row in rows[start:stop] if row["entity"] is not None)
        column = ColumnReport(
            column=first["column"],
            index=first["index"],
            type=first["type"],
            rows=first["rows"],
            nulls=first["nulls"],
            distinct=first["distinct"],
            sensitive=first["sensitive"],
            type_hint=first["type_hint"],
            classifications=found,
            missed_below=first["missed_below"],
            outvoted=tuple(map(_outvoted, first.get("outvoted") or ())),
        )
        columns.setdefault((first["uri"], first["version"]), []).append(column)
    return {key: tuple(value) for key, value in columns.items()}


def _runs(rows: list[dict[str, object]]) -> Iterator[tuple[int, int]]:
    """Where each column's rows begin and end: a column begins at rank 0 or null."""
    starts = [at for at, row in enumerate(rows) if not row["rank"]]
    yield from itertools.pairwise([*starts, len(rows)])


def _classification(row: dict[str, object]) -> Classification:
    samples = row["samples"]
    assert isinstance(samples, list)
    return Classification(
        entity=str(row["entity"]),
        category=str(row["category"]),
        domain=str(row["domain"]),
        confidence=_real(row["confidence"]),
        prevalence=_real(row["prevalence"]),
        interval=(_real(row["interval_low"]), _real(row["interval_high"])),
        rows_hit=int(_real(row["rows_hit"])),
        distinct_hit=int(_real(row["distinct_hit"])),
        samples=tuple(samples),
        evidence=_evidence(row["evidence"]),
        basis=str(row.get("basis") or ""),
        because=_texts(row.get("because")),
    )


def _outvoted(row: dict[str, object]) -> Outvoted:
    return Outvoted(
        entity=str(row["entity"]),
        category=str(row["category"]),
        confidence=_real(row["confidence"]),
        because=_texts(row["because"]),
        evidence=_evidence(row["evidence"]),
    )


def _evidence(rows: object) -> tuple[Evidence, ...]:
    """Evidence of a run folder; those of earlier versions have no weights and samples."""
    assert isinstance(rows, list)
    return tuple(
        Evidence(
            row["detector"],
            row["score"],
            row["rows_hit"],
            row.get("weight"),
            _texts(row.get("samples")),
        )
        for row in rows
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _real(value: object) -> float:
    assert isinstance(value, int | float)
    return value
