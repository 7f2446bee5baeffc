"""Folds the findings of one batch into the hits of a column."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lakescan.udfs.classify.masking import mask
from lakescan.udfs.classify.profile import HIT_PRECISION, PREVIEWS, Hit, keep_previews
from lakescan.udfs.classify.sketch import Hashes, SketchBuilder
from lakescan.udfs.detect.values import Values

_Ints = npt.NDArray[np.int64]


class _Running:
    def __init__(self) -> None:
        self.rows = 0
        self.whole_rows = 0
        self.score = 0
        self.sketch = SketchBuilder(HIT_PRECISION)
        self.previews: tuple[tuple[int, str], ...] = ()


class HitCounter:
    """The running hits of one column."""

    def __init__(self) -> None:
        self._hits: dict[tuple[str, str], _Running] = {}

    def add(self, findings: pa.Table, values: Values, counts: _Ints, hashes: Hashes) -> None:
        """Count findings.

        Args:
            findings: of `FINDINGS_SCHEMA`; ``row`` indexes ``values``.
            values: the strings that were searched.
            counts: for each value, in how many rows it stands.
            hashes: each value's hash.
        """
        if findings.num_rows == 0:
            return
        findings = findings.combine_chunks().unify_dictionaries()
        rows = findings["row"].to_numpy()
        starts, ends = findings["start"].to_numpy(), findings["end"].to_numpy()
        scores = np.rint(findings["score"].to_numpy().astype(np.float64) * 1000).astype(np.int64)
        whole = _whole(values, rows, starts, ends)
        entities, entity_codes = _codes(findings["entity"])
        detectors, detector_codes = _codes(findings["detector"])
        kinds = entity_codes.astype(np.int64) * len(detectors) + detector_codes
        order = np.lexsort((-scores, rows, kinds))
        kinds_sorted = kinds[order]
        bounds = np.flatnonzero(np.diff(kinds_sorted)) + 1
        for part in np.split(order, bounds):
            kind = int(kinds[part[0]])
            key = (entities[kind // len(detectors)], detectors[kind % len(detectors)])
            hit = self._hits.setdefault(key, _Running())
            # Sorted by row, best score first: the first of each row carries the row's score.
            found, first = np.unique(rows[part], return_index=True)
            hit.rows += int(counts[found].sum())
            hit.whole_rows += int(counts[np.unique(rows[part[whole[part]]])].sum())
            hit.score += int(scores[part[first]] @ counts[found])
            hit.sketch.update(hashes[found])
            hit.previews = keep_previews(
                hit.previews, _previews(values, hashes, rows, starts, ends, part[first])
            )

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


def _codes(column: pa.ChunkedArray) -> tuple[list[str], _Ints]:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0)
    return array.dictionary.to_pylist(), array.indices.to_numpy().astype(np.int64)


def _whole(values: Values, rows: _Ints, starts: _Ints, ends: _Ints) -> npt.NDArray[np.bool_]:
    """Which findings are the whole cell, blanks around it aside."""
    lengths = values.lengths.to_numpy().astype(np.int64)[rows]
    flags: npt.NDArray[np.bool_] = (starts == 0) & (ends == lengths)
    open_ends = np.flatnonzero(~flags & (ends - starts + 8 >= lengths))
    if len(open_ends):
        texts = values.series.gather(rows[open_ends])
        left = texts.str.strip_chars_start().str.len_chars().to_numpy().astype(np.int64)
        right = texts.str.strip_chars_end().str.len_chars().to_numpy().astype(np.int64)
        first = lengths[open_ends] - left
        flags[open_ends] = (starts[open_ends] <= first) & (ends[open_ends] >= right)
    return flags


def _previews(
    values: Values, hashes: Hashes, rows: _Ints, starts: _Ints, ends: _Ints, places: _Ints
) -> list[tuple[int, str]]:
    """Masked previews of the values with the smallest hash prefixes, with ties."""
    prefixes = (hashes[rows[places]] >> np.uint64(48)).astype(np.int64)
    if len(prefixes) > PREVIEWS:
        limit = np.partition(np.unique(prefixes), min(PREVIEWS, len(np.unique(prefixes))) - 1)
        bound = limit[min(PREVIEWS, len(limit)) - 1]
        chosen = np.flatnonzero(prefixes <= bound)
    else:
        chosen = np.arange(len(prefixes))
    previews = []
    for i in chosen.tolist():
        place = int(places[i])
        text = str(values.series[int(rows[place])])[int(starts[place]) : int(ends[place])]
        previews.append((int(prefixes[i]), mask(text)))
    return previews
