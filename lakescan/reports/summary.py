"""What a run found, counted: by entity, by dataset, in all."""

from __future__ import annotations

from dataclasses import dataclass

from lakescan.reports.catalog import DOMAIN_ORDER
from lakescan.reports.model import DatasetReport, ScanReport


@dataclass(frozen=True, slots=True)
class Totals:
    """A report in numbers.

    Args:
        columns: all that were looked at.
        sensitive_columns: those with personal data about a person.
        other_columns: those that were recognized and are not sensitive.
        datasets: all that were looked at.
        sensitive_datasets: those with a sensitive column.
    """

    columns: int
    sensitive_columns: int
    other_columns: int
    datasets: int
    sensitive_datasets: int


@dataclass(frozen=True, slots=True)
class EntityTotal:
    """One entity over the whole run.

    Args:
        entity: its name.
        domain: ``PII``, ...
        columns: whose verdict it is.
        also: more columns in which it was found besides their verdict.
        sensitive: of ``columns``, the sensitive ones.
        datasets: in which it is a column's verdict.
        rows_hit: values found, in all these columns.
        confidence: the highest of any of them.
    """

    entity: str
    domain: str
    columns: int
    also: int
    sensitive: int
    datasets: int
    rows_hit: int
    confidence: float


def totals(report: ScanReport) -> Totals:
    """Count the report's columns and datasets."""
    columns = [column for dataset in report.datasets for column in dataset.columns]
    return Totals(
        columns=len(columns),
        sensitive_columns=sum(column.sensitive for column in columns),
        other_columns=sum(bool(c.classifications) and not c.sensitive for c in columns),
        datasets=len(report.datasets),
        sensitive_datasets=sum(map(_is_sensitive, report.datasets)),
    )


def _is_sensitive(dataset: DatasetReport) -> bool:
    return any(column.sensitive for column in dataset.columns)


@dataclass(slots=True)
class _Count:
    domain: str
    columns: int = 0
    also: int = 0
    sensitive: int = 0
    rows_hit: int = 0
    confidence: float = 0.0


def entity_totals(report: ScanReport) -> list[EntityTotal]:
    """Count by entity; sensitive ones first, then by how grave and how frequent they are."""
    counts: dict[str, _Count] = {}
    datasets: dict[str, set[int]] = {}
    for at, dataset in enumerate(report.datasets):
        for column in dataset.columns:
            for rank, found in enumerate(column.classifications):
                count = counts.setdefault(found.entity, _Count(found.domain))
                count.rows_hit += found.rows_hit
                count.confidence = max(count.confidence, found.confidence)
                datasets.setdefault(found.entity, set()).add(at)
                if rank:
                    count.also += 1
                else:
                    count.columns += 1
                    count.sensitive += column.sensitive
    made = [
        EntityTotal(
            entity=entity,
            domain=count.domain,
            columns=count.columns,
            also=count.also,
            sensitive=count.sensitive,
            datasets=len(datasets[entity]),
            rows_hit=count.rows_hit,
            confidence=count.confidence,
        )
        for entity, count in counts.items()
    ]
    return sorted(made, key=_order)


def _order(total: EntityTotal) -> tuple[bool, int, int, str]:
    known = total.domain in DOMAIN_ORDER
    domain = DOMAIN_ORDER.index(total.domain) if known else len(DOMAIN_ORDER)
    return not total.sensitive, domain, -(total.columns + total.also), total.entity
