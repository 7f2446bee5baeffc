"""Votes: what one detector says for one entity, over all cells or over those that were read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lakescan.udfs.classify.profile.profile import HIT_PRECISION, ColumnProfile, Hit
from lakescan.udfs.classify.profile.readings import Read, Reading
from lakescan.udfs.classify.profile.sketch import SketchBuilder

#: A hit inside a cell counts so much of a hit that is the cell; in longer cells it is a mention.
_INSIDE, _MENTION = 0.5, 0.15
_LONG_CELL = 60


@dataclass(frozen=True, slots=True)
class Vote:
    """One detector's word for one entity.

    Args:
        hit: what it found, as it was counted.
        share: of the filled cells, whole cells first.
        whole: share of the cells that are a hit as a whole.
        rows: cells with a hit in the whole column.
        distinct: distinct values with one.
        sampled: values hit and values read, where ``rows`` follows from a sample.
    """

    hit: Hit
    share: float
    whole: float
    rows: int
    distinct: int
    sampled: tuple[int, int] | None = None


def inside_weight(profile: ColumnProfile) -> float:
    """How much of a hit a hit inside a cell is."""
    text = profile.form.text
    return _MENTION if text.chars > _LONG_CELL * text.rows else _INSIDE


def read_votes(profile: ColumnProfile) -> list[Vote]:
    """The model's votes: each distinct value that was read counts once."""
    readings = profile.readings
    by_entity: dict[str, list[tuple[Reading, Read]]] = {}
    for value in readings.values:
        for read in value.found:
            by_entity.setdefault(read.entity, []).append((value, read))
    seen = len(readings.values)
    votes = []
    for entity, found in sorted(by_entity.items()):
        hit = _hit(entity, readings.detector, found)
        whole = sum(read.whole for _, read in found)
        share = (whole + inside_weight(profile) * (len(found) - whole)) / seen
        part = len(found) / seen
        votes.append(
            Vote(
                hit=hit,
                share=share,
                whole=whole / seen,
                rows=hit.rows if readings.complete else max(1, round(part * profile.filled)),
                distinct=len(found) if readings.complete else round(part * profile.distinct),
                sampled=None if readings.complete else (len(found), seen),
            )
        )
    return votes


def _hit(entity: str, detector: str, found: list[tuple[Reading, Read]]) -> Hit:
    sketch = SketchBuilder(HIT_PRECISION)
    sketch.update(np.array([value.hash for value, _ in found], dtype=np.uint64))
    previews = [(value.hash >> 48, read.preview) for value, read in found if read.preview]
    return Hit(
        entity=entity,
        detector=detector,
        rows=sum(value.rows for value, _ in found),
        whole_rows=sum(value.rows for value, read in found if read.whole),
        score=sum(read.score * value.rows for value, read in found),
        sketch=sketch.freeze(),
        previews=tuple(previews),
    )
