"""How right each detector is by itself, on labelled columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lakescan.jobs.evaluate.columns import ColumnLabel
from lakescan.jobs.evaluate.labels import NONE, Labels
from lakescan.jobs.evaluate.tally import Counts, drawn, share
from lakescan.jobs.evaluate.verdicts import matched, units_of
from lakescan.reports.evaluation.model import Measure, Resampling
from lakescan.reports.model import ColumnReport, Evidence, ScanReport

#: A detector speaks for a column when it fires in this share of its filled cells.
LEAST = 0.5

#: Evidence that is no detector: it looks at no value.
_NO_DETECTOR = frozenset(["header", "policy", "type"])


@dataclass(frozen=True, slots=True)
class DetectorScore:
    """One detector over all columns for which it speaks.

    Args:
        name: ``pattern.email``, ``dictionary.city``, ...
        category: of what it finds.
        columns: for which it speaks.
        precision: the share of them whose gold is that category, or has it among the right ones.
        told: in how many of them its category was the verdict.
        verdicts: the share of those that is right.
    """

    name: str
    category: str
    columns: int
    precision: Measure
    told: int
    verdicts: Measure


def detector_scores(
    report: ScanReport, gold: Sequence[ColumnLabel], labels: Labels, how: Resampling
) -> list[DetectorScore]:
    """Precision of every detector before and after the verdict has weighed it, by its name."""
    found = [
        ColumnLabel(dataset.uri, column.column, column.index, f"{at} {place}")
        for at, dataset in enumerate(report.datasets)
        for place, column in enumerate(dataset.columns)
    ]
    names = frozenset(str(each.category) for each in found)
    judged = [each for each in matched(gold, found, names) if each.found is not None]
    units = units_of(judged)
    counts: defaultdict[tuple[str, str], Counts] = defaultdict(
        lambda: Counts(["all"], max(units, default=-1) + 1, 4)
    )
    for each, unit in zip(judged, units, strict=True):
        at, place = map(int, each.category.split())
        column = report.datasets[at].columns[place]
        verdict = _verdict(column, labels)
        right = each.gold.also | {str(each.gold.category)}
        for detector, category in set(_speaking(column, labels)):
            told = category == verdict
            facts = (True, category in right, told, told and category in right)
            for kind, holds in enumerate(facts):
                counts[detector, category].add(unit, "all", kind, int(holds))
    return [
        _score(detector, category, each, how)
        for (detector, category), each in sorted(counts.items())
    ]


def _score(detector: str, category: str, counts: Counts, how: Resampling) -> DetectorScore:
    total = counts.values.sum(axis=0).astype(np.float64)
    draws = np.concatenate([total[None], *drawn(counts, how)])[:, 0]
    return DetectorScore(
        name=detector,
        category=category,
        columns=int(total[0, 0]),
        precision=share(draws[:, 1], draws[:, 0]),
        told=int(total[0, 2]),
        verdicts=share(draws[:, 3], draws[:, 2]),
    )


def _verdict(column: ColumnReport, labels: Labels) -> str:
    if not column.classifications or column.type_hint == "SPARSE":
        return NONE
    return labels.category(column.classifications[0].category) or NONE


def _speaking(column: ColumnReport, labels: Labels) -> Iterator[tuple[str, str]]:
    """The detectors that fire in enough of a column's cells, outvoted ones among them."""
    filled = max(1, column.rows - column.nulls)
    every: list[tuple[str, Sequence[Evidence]]] = [
        *((each.category, each.evidence) for each in column.classifications),
        *((each.category, each.evidence) for each in column.outvoted),
    ]
    for name, evidence in every:
        category = labels.category(name) or NONE
        for each in evidence:
            rows = each.rows_hit or 0
            if each.detector not in _NO_DETECTOR and rows >= LEAST * filled:
                yield each.detector, category
