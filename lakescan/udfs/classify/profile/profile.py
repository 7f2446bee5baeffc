"""ColumnProfile: what a scan remembers of a column. Counts and sketches, never a value."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from lakescan.udfs.classify.profile.readings import NO_READINGS, Readings
from lakescan.udfs.classify.profile.sketch import DistinctSketch
from lakescan.udfs.classify.profile.statistics import (
    TimeStats,
    merge_stats,
    stats_from_record,
    stats_to_record,
)
from lakescan.udfs.classify.profile.strata import Form, first_level

#: Registers (log2) of a column's own sketch, and of one evidence's.
COLUMN_PRECISION = 12
HIT_PRECISION = 10

#: Previews kept for one kind of evidence: those with the smallest hash prefix.
PREVIEWS = 3

_LAYOUT = 3


def profile_version() -> str:
    """Names the layout of records and the hash behind the sketches.

    Profiles merge only with those of the same version: Polars does not promise that its hash of a
    string stays the same between releases.
    """
    return f"{_LAYOUT}-polars{pl.__version__}-{platform.machine()}"


@dataclass(frozen=True, slots=True)
class Hit:
    """What one detector found of one entity in a column.

    Args:
        rows: rows with at least one finding.
        whole_rows: rows where a finding is the whole cell, blanks around it aside.
        score: the rows' best scores in thousandths, added up.
        sketch: the distinct values with a finding.
        previews: (16-bit prefix of the value's hash, masked preview), the smallest ones, sorted.
    """

    entity: str
    detector: str
    rows: int
    whole_rows: int
    score: int
    sketch: DistinctSketch
    previews: tuple[tuple[int, str], ...]

    @property
    def mean_score(self) -> float:
        """The mean over rows of the best score, 0..1."""
        return self.score / 1000 / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column, or a part of one, as counts.

    Args:
        path: the leaf's path (`lakescan.udfs.leaves`).
        index: position of its top-level column.
        type: its Arrow type; parts that disagree show them all, joined by ``|``.
        rows: its cells.
        nulls: cells that are null.
        blanks: string cells that are empty or say that nothing is there (``N/A``, ``NULL``, ...).
        documents: cells that were JSON objects and are counted in the ``$`` leaves instead.
        sketch: its distinct filled values.
        form: what its values look like, from a sample of the distinct ones.
        times: typed dates and times.
        hits: what was found, by entity and detector.
        entity_rows: rows with at least one finding of an entity, by whichever detector; sorted.
        readings: what a model read in a sample of the values.
    """

    path: str
    index: int
    type: str
    rows: int
    nulls: int
    blanks: int
    documents: int
    sketch: DistinctSketch
    form: Form
    times: TimeStats
    hits: tuple[Hit, ...] = ()
    entity_rows: tuple[tuple[str, int], ...] = ()
    readings: Readings = NO_READINGS

    @property
    def filled(self) -> int:
        """Cells that hold a value."""
        return self.rows - self.nulls - self.blanks - self.documents

    @property
    def distinct(self) -> int:
        """About how many distinct values there are, never more than filled cells."""
        return min(self.sketch.count(), self.filled)

    def to_record(self) -> dict[str, object]:
        """Plain numbers, strings, lists and dicts, fit for JSON."""
        return {
            "path": self.path,
            "index": self.index,
            "type": self.type,
            "rows": self.rows,
            "nulls": self.nulls,
            "blanks": self.blanks,
            "documents": self.documents,
            "sketch": self.sketch.to_text(),
            "form": self.form.to_record(),
            "times": stats_to_record(self.times),
            "hits": [
                {
                    "entity": hit.entity,
                    "detector": hit.detector,
                    "rows": hit.rows,
                    "whole_rows": hit.whole_rows,
                    "score": hit.score,
                    "sketch": hit.sketch.to_text(),
                    "previews": [list(pair) for pair in hit.previews],
                }
                for hit in self.hits
            ],
            "entity_rows": [list(pair) for pair in self.entity_rows],
            "readings": self.readings.to_record(),
        }

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> ColumnProfile:
        """Read what `to_record` wrote."""
        values = dict(record)
        hits = values.pop("hits")
        assert isinstance(hits, list)
        sketch, form, times = values.pop("sketch"), values.pop("form"), values.pop("times")
        entity_rows, readings = values.pop("entity_rows"), values.pop("readings")
        assert isinstance(entity_rows, list)
        assert isinstance(sketch, str)
        assert isinstance(form, list)
        assert isinstance(times, dict)
        assert isinstance(readings, dict)
        return cls(
            **values,  # type: ignore[arg-type]
            sketch=DistinctSketch.from_text(sketch),
            form=Form.from_record(form),
            times=stats_from_record(TimeStats, times),
            hits=tuple(_hit(hit) for hit in hits),
            entity_rows=tuple((entity, rows) for entity, rows in entity_rows),
            readings=Readings.from_record(readings),
        )


def _hit(record: dict[str, object]) -> Hit:
    values = dict(record)
    sketch, previews = values.pop("sketch"), values.pop("previews")
    assert isinstance(sketch, str)
    assert isinstance(previews, list)
    return Hit(
        **values,  # type: ignore[arg-type]
        sketch=DistinctSketch.from_text(sketch),
        previews=tuple((number, text) for number, text in previews),
    )


def merge(one: ColumnProfile, two: ColumnProfile) -> ColumnProfile:
    """The profile of both parts together: associative and commutative, exactly.

    Both must be parts of one column: the same path and index. Counts add, so a part must be merged
    once; the caller sees to that by the identity of its units.
    """
    hits = {(hit.entity, hit.detector): hit for hit in one.hits}
    for hit in two.hits:
        key = (hit.entity, hit.detector)
        hits[key] = _merge_hit(hits[key], hit) if key in hits else hit
    entity_rows = Counter(dict(one.entity_rows))
    entity_rows.update(dict(two.entity_rows))
    sketch = one.sketch.merge(two.sketch)
    return ColumnProfile(
        path=one.path,
        index=one.index,
        type=_merge_types(one.type, two.type),
        rows=one.rows + two.rows,
        nulls=one.nulls + two.nulls,
        blanks=one.blanks + two.blanks,
        documents=one.documents + two.documents,
        sketch=sketch,
        form=one.form.merge(two.form, first_level(sketch)),
        times=merge_stats(one.times, two.times),
        hits=tuple(hits[key] for key in sorted(hits)),
        entity_rows=tuple(sorted(entity_rows.items())),
        readings=one.readings.merge(two.readings),
    )


def merge_tables(
    parts: Iterable[Iterable[ColumnProfile]],
) -> tuple[ColumnProfile, ...]:
    """Merge the profiles of a table's parts column by column, in the order of the columns."""
    merged: dict[tuple[int, str], ColumnProfile] = {}
    for part in parts:
        for profile in part:
            key = (profile.index, profile.path)
            merged[key] = merge(merged[key], profile) if key in merged else profile
    return tuple(merged[key] for key in sorted(merged))


def _merge_types(one: str, two: str) -> str:
    types = {*one.split("|"), *two.split("|")}
    return "|".join(sorted(types - {"null"} or types))


def keep_previews(*groups: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """The smallest distinct previews of all groups."""
    return tuple(sorted({pair for group in groups for pair in group})[:PREVIEWS])


def _merge_hit(one: Hit, two: Hit) -> Hit:
    return Hit(
        entity=one.entity,
        detector=one.detector,
        rows=one.rows + two.rows,
        whole_rows=one.whole_rows + two.whole_rows,
        score=one.score + two.score,
        sketch=one.sketch.merge(two.sketch),
        previews=keep_previews(one.previews, two.previews),
    )
