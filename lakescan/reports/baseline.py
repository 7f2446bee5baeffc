"""Findings that can be compared between runs: what is new since a baseline."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lakescan.reports.model import Classification, ScanReport


@dataclass(frozen=True, slots=True)
class Finding:
    """One entity in one column of one dataset.

    Args:
        uri: the dataset's.
        column: the column's path; None where the table has no names.
        index: its position.
        sensitive: whether the column holds personal data about a person.
        verdict: whether this is the column's first classification.
        classification: what was found.
        fingerprint: names the finding in any run: 16 hex digits that depend on nothing counted.
    """

    uri: str
    column: str | None
    index: int
    sensitive: bool
    verdict: bool
    classification: Classification
    fingerprint: str

    @property
    def entity(self) -> str:
        """The entity's name."""
        return self.classification.entity

    @property
    def column_name(self) -> str:
        """The column's path, or its position as ``#3``."""
        return column_name(self.column, self.index)


def findings(report: ScanReport) -> Iterator[Finding]:
    """All findings of a report, in its order."""
    for dataset in report.datasets:
        seen: Counter[str] = Counter()
        for column in dataset.columns:
            name = column_name(column.column, column.index)
            # Two columns of a table may share a name: the second is told by its number.
            key = f"{name}\x1e{seen[name]}" if seen[name] else name
            seen[name] += 1
            for rank, found in enumerate(column.classifications):
                yield Finding(
                    uri=dataset.uri,
                    column=column.column,
                    index=column.index,
                    sensitive=column.sensitive,
                    verdict=rank == 0,
                    classification=found,
                    fingerprint=_fingerprint(dataset.uri, key, found.entity),
                )


def fingerprints(report: ScanReport) -> frozenset[str]:
    """The fingerprints of all findings of a report."""
    return frozenset(finding.fingerprint for finding in findings(report))


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two runs: findings that came, and findings that went."""

    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]


def changes(report: ScanReport, baseline: ScanReport) -> Changes:
    """Compare a report with an earlier one."""
    now, before = fingerprints(report), fingerprints(baseline)
    return Changes(
        new=tuple(f for f in findings(report) if f.fingerprint not in before),
        gone=tuple(f for f in findings(baseline) if f.fingerprint not in now),
    )


def column_name(column: str | None, index: int) -> str:
    """How a column is called: its path, ``#3`` where it has none, ``""`` where that is empty."""
    return f"#{index}" if column is None else column or '""'


def _fingerprint(uri: str, column: str, entity: str) -> str:
    text = f"{uri}\x1f{column}\x1f{entity}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
