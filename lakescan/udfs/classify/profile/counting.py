"""Folds the findings of one batch into the hits of a column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lakescan.udfs.classify.profile.masking import mask
from lakescan.udfs.classify.profile.profile import HIT_PRECISION, PREVIEWS, Hit, keep_previews
from lakescan.udfs.classify.profile.sketch import Hashes, Ranks, SketchBuilder
from lakescan.udfs.detect.allow import ALLOWED
from lakescan.udfs.detect.collect import Group
from lakescan.udfs.detect.conflicts.disputes import LOST
from lakescan.udfs.detect.values import Values

_Ints = npt.NDArray[np.int64]


#: Values looked at first for previews.
_TRIED = 32


class _Running:
    def __init__(self) -> None:
        self.rows = 0
        self.whole_rows = 0
        self.score = 0
        self.sketch = SketchBuilder(HIT_PRECISION)
        self.previews: tuple[tuple[int, str], ...] = ()


#: Findings that add no row to those of an entity: a form whose check fails is none beside others.
_UNCOUNTED = frozenset([ALLOWED, LOST, "shape"])


class HitCounter:
    """The running hits of one column."""

    def __init__(self) -> None:
        self._hits: dict[tuple[str, str], _Running] = {}
        self._rows: dict[str, int] = {}

    def add(self, groups: list[Group], values: Values, counts: _Ints, hashes: Hashes) -> None:
        """Count findings.

        Args:
            groups: the findings; their rows index ``values``.
            values: the strings that were searched.
            counts: for each value, in how many rows it stands.
            hashes: each value's hash.
        """
        if not groups:
            return
        ranks = Ranks(hashes, HIT_PRECISION)
        kinds: dict[tuple[str, str], list[Group]] = {}
        for group in groups:
            kinds.setdefault((group.entity, group.detector), []).append(group)
        holding: dict[str, list[_Ints]] = {}
        for key, parts in kinds.items():
            best = _best(parts, values)
            found = best.rows
            if key[1].partition(".")[0] not in _UNCOUNTED:
                holding.setdefault(key[0], []).append(found)
            hit = self._hits.setdefault(key, _Running())
            weights = counts[found]
            hit.rows += int(weights.sum())
            hit.whole_rows += int(weights[best.whole].sum())
            hit.score += int(best.scores @ weights)
            hit.sketch.update_ranked(ranks, found)
            hit.previews = keep_previews(
                hit.previews, _previews(values, hashes[found], found, best.starts, best.ends)
            )
        for entity, each in holding.items():
            rows = int(counts[_union(each, len(values))].sum())
            self._rows[entity] = self._rows.get(entity, 0) + rows

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """Rows in which an entity was found, by any detector but of mere shapes; by entity."""
        return tuple(sorted(self._rows.items()))

    def freeze(self) -> tuple[Hit, ...]:
        """The hits so far, sorted by entity and detector."""
        return tuple(
            Hit(
                entity=key[0],
                detector=key[1],
                rows=hit.rows,
                whole_rows=hit.whole_rows,
                score=hit.score,
                sketch=hit.sketch.freeze(),
                previews=hit.previews,
            )
            for key, hit in sorted(self._hits.items())
        )


def _union(found: list[_Ints], length: int) -> _Ints:
    """The rows that stand in any of the lists, each of which has a row once."""
    if len(found) == 1:
        return found[0]
    flags = np.zeros(length, np.bool_)
    for rows in found:
        flags[rows] = True
    return np.flatnonzero(flags)


@dataclass(frozen=True, slots=True)
class _Best:
    """One finding a row, the one with the best score, and whether any of the row's is the cell."""

    rows: _Ints
    starts: _Ints
    ends: _Ints
    scores: _Ints
    whole: npt.NDArray[np.bool_]


def _best(parts: list[Group], values: Values) -> _Best:
    rows, starts, ends = (
        np.concatenate([getattr(part, name) for part in parts])
        if len(parts) > 1
        else getattr(parts[0], name)
        for name in ("rows", "starts", "ends")
    )
    thousandths = [round(float(np.float32(part.score)) * 1000) for part in parts]
    scores = np.repeat(np.array(thousandths, np.int64), [len(part.rows) for part in parts])
    if all(part.whole for part in parts):
        whole = np.ones(len(rows), np.bool_)
    else:
        whole = values.whole(rows, starts, ends)
    if not _rises(rows):
        # By row, best score first: the first of each row carries the row's score.
        order = np.lexsort((-scores, rows))
        first = _first_of_runs(rows[order])
        at = order[first]
        whole = np.logical_or.reduceat(whole[order], first)
        return _Best(rows[at], starts[at], ends[at], scores[at], whole)
    return _Best(rows, starts, ends, scores, whole)


def _rises(rows: _Ints) -> bool:
    """Whether each number is greater than the one before."""
    return bool(np.all(rows[1:] > rows[:-1]))


def _first_of_runs(sorted_rows: _Ints) -> _Ints:
    """Where each run of equal numbers begins."""
    if len(sorted_rows) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], sorted_rows[1:] != sorted_rows[:-1])))


def _smallest(prefixes: npt.NDArray[np.uint16]) -> _Ints:
    """Where the smallest prefixes stand, `PREVIEWS` distinct ones, ties included."""
    # By chance so many are below it; where they are too few, all are looked at.
    bound = min(_TRIED * 65_536 // max(len(prefixes), 1), 65_535)
    few = np.flatnonzero(prefixes <= bound)
    least = np.unique(prefixes[few])
    if len(least) < PREVIEWS:
        few = np.arange(len(prefixes))
        least = np.unique(prefixes)
    found: _Ints = few[prefixes[few] <= least[:PREVIEWS][-1]]
    return found


def _previews(
    values: Values, hashes: Hashes, rows: _Ints, starts: _Ints, ends: _Ints
) -> list[tuple[int, str]]:
    """Masked previews of the values with the smallest hash prefixes, ties included."""
    prefixes = (hashes >> np.uint64(48)).astype(np.uint16)
    chosen = _smallest(prefixes)
    _, distinct = np.unique(hashes[chosen], return_index=True)
    previews = []
    for i in chosen[distinct].tolist():
        text = str(values.series[int(rows[i])])[int(starts[i]) : int(ends[i])]
        previews.append((int(prefixes[i]), mask(text)))
    return previews
