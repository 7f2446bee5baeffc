"""What a run found, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

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
