"""CSV in Protegrity's way: classifiers a column, scores that count rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lakescan.jobs.reading import CellEvidence, cell_evidence
from lakescan.jobs.tables import judge_columns
from lakescan.policy import Policy
from lakescan.reports.model import Classification
from lakescan.service.adapters.protegrity_words import CONTEXT, PATTERN, classifier, harmonized

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """A parsed CSV.

    Args:
        names: of the columns; None without headers.
        columns: their cells, as long as each other.
    """

    names: tuple[str, ...] | None
    columns: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.columns[0])


class Rated(NamedTuple):
    """What one classifier says of a column."""

    provider: int
    name: str
    rows_with: int
    total: int
    score: float


def parse(text: str, delimiter: str, quote: str, *, headed: bool) -> Table | None:
    """The table; None where there are no rows. Short rows are filled up, long ones make columns."""
    try:
        rows = [
            row
            for row in csv.reader(io.StringIO(text), delimiter=delimiter, quotechar=quote)
            if row
        ]
    except csv.Error:
        return None
    names = tuple(rows.pop(0)) if headed and rows else None
    if not rows:
        return None
    width = max(len(row) for row in (*rows, names or ()))
    if names is not None:
        names += ("",) * (width - len(names))
    filled = [row + [""] * (width - len(row)) for row in rows]
    return Table(names, tuple(zip(*filled, strict=True)))


def column_classifications(table: Table, policy: Policy, least: float) -> dict[str, list[Json]]:
    """The response's ``classifications``, keys by the first column that has them.

    Args:
        table: parsed.
        policy: what to look for.
        least: classifiers with a lower score are left out.
    """
    value: dict[str, list[Json]] = {}
    verdicts = judge_columns(table.columns, table.names, policy)
    for index, (cells, verdict) in enumerate(zip(table.columns, verdicts, strict=True)):
        rated = _rated(cells, verdict, policy)
        for category, classifiers in rated.items():
            told = [each for each in classifiers if each.score >= least]
            if told:
                value.setdefault(category, []).append(_group(table, index, told))
    return value


def _rated(
    cells: Sequence[str], verdict: Sequence[Classification], policy: Policy
) -> dict[str, list[Rated]]:
    """Per harmonized category what each classifier says of a column."""
    rows = len(cells)
    evidence = cell_evidence(cells, policy)
    rated: dict[str, list[Rated]] = {}
    for each in evidence:
        sure = [
            (score, row)
            for score, row in zip(each.scores, each.rows, strict=True)
            if score >= policy.threshold(each.entity, each.detector)
        ]
        if sure and each.detector.startswith("pattern."):
            score = sum(score for score, _ in sure) / rows
            hit = len({row for _, row in sure})
            found = Rated(PATTERN, classifier(each.detector), hit, len(sure), score)
            rated.setdefault(harmonized(each.entity), []).append(found)
    for said in verdict:
        category = harmonized(said.entity)
        if any(each.rows_with * 2 > rows for each in rated.get(category, ())):
            continue
        hit = _believed(said, evidence)
        total = max(hit, said.rows_hit)
        context = Rated(CONTEXT, "context", total, total, said.confidence * total / rows)
        rated.setdefault(category, []).append(context)
    return rated


def _believed(found: Classification, evidence: Sequence[CellEvidence]) -> int:
    """Rows with the form of what the column is said to hold, whether a check proves it or not."""
    return len({row for each in evidence if each.category == found.category for row in each.rows})


def _group(table: Table, index: int, told: Sequence[Rated]) -> Json:
    rows = table.rows
    return {
        "score": sum(each.score * (each.rows_with / rows) for each in told) / len(told),
        "rows_processed": rows,
        "location": {
            "column_name": table.names[index] if table.names is not None else None,
            "column_index": index,
        },
        "classifiers": [
            {
                "provider_index": each.provider,
                "name": each.name,
                "rows_with_classification": each.rows_with,
                "total_classifications": each.total,
                "score": each.score,
                "details": {},
            }
            for each in told
        ],
    }
