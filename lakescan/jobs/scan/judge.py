"""From merged profiles to what a report shows of a dataset."""

from __future__ import annotations

from collections.abc import Sequence

from lakescan.connectors import Dataset
from lakescan.policy import Policy
from lakescan.reports.model import (
    Classification,
    ColumnReport,
    DatasetReport,
    Evidence,
    Outvoted,
)
from lakescan.udfs.classify import ColumnProfile, ColumnVerdict, EntityVerdict, Reason, verdicts

#: Stands for "far more than were scanned" where nobody counted.
_VERY_MANY = 1 << 50


def judge(
    dataset: Dataset,
    profiles: Sequence[ColumnProfile],
    rows_scanned: int,
    policy: Policy,
    *,
    whole: bool,
) -> DatasetReport:
    """Judge one dataset.

    Args:
        dataset: as planned.
        profiles: of all its columns, merged.
        rows_scanned: rows they were made from.
        policy: which entities to report.
        whole: whether every row was meant to be read and was.
    """
    total = rows_scanned if whole else max(dataset.rows or _VERY_MANY, rows_scanned)
    found = verdicts(
        profiles,
        policy,
        named=dataset.named,
        total_rows=total,
        uri=dataset.uri,
        comments=_comments(dataset),
    )
    return DatasetReport(
        uri=dataset.uri,
        format=dataset.format,
        version=dataset.version,
        rows=max(dataset.rows or 0, rows_scanned),
        rows_scanned=rows_scanned,
        columns=tuple(_column(verdict, named=dataset.named) for verdict in found),
    )


def _comments(dataset: Dataset) -> dict[str, str]:
    """What a database's catalog says of the columns."""
    return {
        field.name: field.metadata[b"comment"].decode("utf-8", "replace")
        for field in dataset.schema or ()
        if field.metadata and b"comment" in field.metadata
    }


def _column(verdict: ColumnVerdict, *, named: bool) -> ColumnReport:
    return ColumnReport(
        column=verdict.path if named else None,
        index=verdict.index,
        type=verdict.type,
        rows=verdict.rows,
        nulls=verdict.nulls,
        distinct=verdict.distinct,
        sensitive=verdict.sensitive,
        type_hint=verdict.type_hint,
        classifications=tuple(_classification(found) for found in verdict.classifications),
        missed_below=verdict.missed_below,
        outvoted=tuple(
            Outvoted(
                each.entity, each.category, each.confidence, each.because, _evidence(each.evidence)
            )
            for each in verdict.outvoted
        ),
    )


def _classification(found: EntityVerdict) -> Classification:
    return Classification(
        entity=found.entity,
        category=found.category,
        domain=found.domain,
        confidence=found.confidence,
        prevalence=found.prevalence,
        interval=found.interval,
        rows_hit=found.rows_hit,
        distinct_hit=found.distinct_hit,
        samples=found.samples,
        evidence=_evidence(found.evidence),
        basis=found.basis,
        because=found.because,
    )


def _evidence(reasons: Sequence[Reason]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(reason.detector, reason.score, reason.rows_hit, reason.weight, reason.samples)
        for reason in reasons
    )
