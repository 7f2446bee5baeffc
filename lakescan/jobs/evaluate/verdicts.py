"""Counts how well columns were judged.

A prediction is right if it is the gold category or one of those that are right ``also``. Where the
gold leaves it open whether the column holds anything (``NONE`` is among the right ones), saying
nothing is neither hit nor miss, and so is naming one of the others where the gold says ``NONE``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import numpy as np

from lakescan.jobs.evaluate.columns import ColumnLabel
from lakescan.jobs.evaluate.labels import NONE
from lakescan.jobs.evaluate.tally import FALSE_ALARM, HIT, MISS, Counts, Floats, drawn, share
from lakescan.reports.evaluation.model import Bin, Flags, Measure, Resampling

#: With fewer tables than this, columns are drawn one by one.
_FEWEST_TABLES = 10

_BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)

#: Of what `_facts` counts in each unit.
_EMPTY, _ALARMS, _GOLD, _FLAGGED, _TRUE, _LENIENT = range(6)
_FACTS = 6


@dataclass(frozen=True, slots=True)
class Judged:
    """A gold column and what was predicted for it; None where nothing was."""

    gold: ColumnLabel
    found: ColumnLabel | None
    category: str

    @property
    def right(self) -> bool:
        """Whether the prediction is one of the right ones."""
        return self.category == self.gold.category or self.category in self.gold.also


def matched(
    gold: Sequence[ColumnLabel], found: Sequence[ColumnLabel], scored: frozenset[str]
) -> list[Judged]:
    """Pair each scored gold column with its prediction.

    A table is found by the end of its path; a column by its name where one column of the table has
    it, else by its position. Of several predictions for a column the surest counts.
    """
    tables = _by_table(found)
    pairs = []
    for label in gold:
        if label.empty or label.category is None:
            continue
        prediction = _find(label, tables)
        category = prediction.category if prediction is not None else NONE
        if category is None or category not in scored:
            category = NONE
        pairs.append(Judged(label, prediction, category))
    return pairs


def units_of(judged: Sequence[Judged]) -> list[int]:
    """The unit of each column: its table, or the column itself where tables are few."""
    tables: dict[str, int] = {}
    numbers = [tables.setdefault(each.gold.table, len(tables)) for each in judged]
    return numbers if len(tables) >= _FEWEST_TABLES else list(range(len(judged)))


def count_columns(
    judged: Sequence[Judged], units: Sequence[int], names: Sequence[str]
) -> tuple[Counts, Counter[tuple[str, str]]]:
    """Hits, false alarms and misses by category and unit; and the confusions."""
    counts = Counts(names, max(units, default=-1) + 1)
    confusions: Counter[tuple[str, str]] = Counter()
    for each, unit in zip(judged, units, strict=True):
        gold, seen = str(each.gold.category), each.category
        if each.right:
            if NONE not in (seen, gold):
                counts.add(unit, gold, HIT)
            continue
        counts.add(unit, gold, MISS)
        counts.add(unit, seen, FALSE_ALARM)
        confusions[gold, seen] += 1
    return counts, confusions


def facts(
    judged: Sequence[Judged], units: Sequence[int], how: Resampling
) -> tuple[Measure, Flags | None]:
    """The rate of false alarms in columns that hold nothing, and how right ``sensitive`` is."""
    counts = Counts(["all"], max(units, default=-1) + 1, _FACTS)
    for each, unit in zip(judged, units, strict=True):
        for kind in _facts(each):
            counts.add(unit, "all", kind)
    total = counts.values.sum(axis=0).astype(np.float64)
    draws: Floats = np.concatenate([total[None], *drawn(counts, how)])[:, 0]
    rate = share(draws[:, _ALARMS], draws[:, _EMPTY])
    if not any(each.gold.sensitive is not None for each in judged):
        return rate, None
    if all(each.found is None or each.found.sensitive is None for each in judged):
        return rate, None
    flags = Flags(
        gold=int(total[0, _GOLD]),
        flagged=int(total[0, _FLAGGED]),
        precision=share(draws[:, _TRUE], draws[:, _FLAGGED]),
        lenient=share(draws[:, _LENIENT], draws[:, _FLAGGED]),
        recall=share(draws[:, _TRUE], draws[:, _GOLD]),
    )
    return rate, flags


def _facts(each: Judged) -> Iterator[int]:
    if each.gold.category == NONE:
        yield _EMPTY
        if not each.right:
            yield _ALARMS
    flagged = each.found is not None and bool(each.found.sensitive)
    if each.gold.sensitive:
        yield _GOLD
    if flagged:
        yield _FLAGGED
        if each.gold.sensitive:
            yield _TRUE
        if each.gold.sensitive or each.right:
            yield _LENIENT


def calibration(judged: Sequence[Judged], units: Sequence[int], how: Resampling) -> tuple[Bin, ...]:
    """How often predictions of each confidence are right; those of nothing have none."""
    sure = [
        (each, unit, each.found.confidence)
        for each, unit in zip(judged, units, strict=True)
        if each.found is not None and each.found.confidence is not None and each.category != NONE
    ]
    names = [str(low) for low in _BINS[:-1]]
    counts = Counts(names, max(units, default=-1) + 1, 2)
    summed = [0.0] * len(names)
    for each, unit, confidence in sure:
        at = max(at for at, low in enumerate(_BINS[:-1]) if confidence >= low or at == 0)
        counts.add(unit, names[at], 0)
        if each.right:
            counts.add(unit, names[at], 1)
        summed[at] += confidence
    totals = counts.values.sum(axis=0).astype(np.float64)
    draws = np.concatenate([totals[None], *drawn(counts, how)])
    return tuple(
        Bin(
            _BINS[at],
            _BINS[at + 1],
            int(totals[at, 0]),
            float(summed[at] / totals[at, 0]),
            share(draws[:, at, 1], draws[:, at, 0]),
        )
        for at in range(len(names))
        if totals[at, 0]
    )


class _Table:
    """The predictions for one table."""

    def __init__(self) -> None:
        self.names: defaultdict[str, list[ColumnLabel]] = defaultdict(list)
        self.places: defaultdict[int, list[ColumnLabel]] = defaultdict(list)

    def add(self, label: ColumnLabel) -> None:
        if label.column is not None:
            self.names[label.column].append(label)
        if label.index is not None:
            self.places[label.index].append(label)

    def find(self, column: str | None, index: int | None) -> ColumnLabel | None:
        named = self.names.get(column, []) if column is not None else []
        if len({label.index for label in named}) == 1:
            return _surest(named)
        placed = self.places.get(index, []) if index is not None else []
        if len({label.column for label in placed}) == 1:
            return _surest(placed)
        return None


def _surest(labels: Sequence[ColumnLabel]) -> ColumnLabel:
    return max(labels, key=lambda label: 1.0 if label.confidence is None else label.confidence)


def _parts(path: str) -> tuple[str, ...]:
    return tuple(
        part for part in unquote(path).replace("\\", "/").split("/") if part not in ("", ".")
    )


def _by_table(found: Sequence[ColumnLabel]) -> dict[str, dict[tuple[str, ...], _Table]]:
    """Tables by the last part of their path, then by the whole path."""
    tables: dict[str, dict[tuple[str, ...], _Table]] = defaultdict(dict)
    for label in found:
        parts = _parts(label.table)
        last = parts[-1] if parts else ""
        tables[last].setdefault(parts, _Table()).add(label)
    return tables


def _find(
    label: ColumnLabel, tables: dict[str, dict[tuple[str, ...], _Table]]
) -> ColumnLabel | None:
    parts = _parts(label.table)
    near = tables.get(parts[-1] if parts else "", {})
    for path, table in near.items():
        shorter = min(len(path), len(parts))
        if path[-shorter:] == parts[-shorter:]:
            found = table.find(label.column, label.index)
            if found is not None:
                return found
    return None
