"""Conflicts between findings: which of several overlapping ones is told.

The rules, in their order:

1. What a model read wins over what lies inside it and is of the same category (the time within a
   date, the postal code within an address), or is the coarser name of it (a date that is a date of
   birth).
2. Else the higher rank wins: what the user named; a checksum or a strict form; context; a model;
   a list; a mere shape. So a model never outvotes a checksum about what something is.
3. Else the longer one, else the surer one, else the one that was found first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan import entities as catalog
from lakescan.udfs.arrays import to_numpy
from lakescan.udfs.detect.findings import chosen, names_of

#: By the first part of a detector's name. What the user named comes first, then what a checksum
#: or a strict form proves, then what context supports, then models, lists and mere shapes.
_RANKS = {"deny": 6, "pattern": 5, "custom": 5, "context": 4, "ner": 3, "dictionary": 2, "shape": 1}
#: Detectors of others' making stand beside the model.
_OTHER_RANK = 3

_MODEL, _DENIED = _RANKS["ner"], _RANKS["deny"]

#: Entities that are the finer name of a category's.
_FINER = {"DATE_OF_BIRTH": "DATETIME"}


def rank_of(detector: str) -> int:
    """How much a detector's word weighs against another's over the same characters."""
    return _RANKS.get(detector.partition(".")[0], _OTHER_RANK)


def resolve(findings: pa.Table) -> pa.Table:
    """Keep, of overlapping findings in one value, the best by the rules of this module.

    Args:
        findings: a table of `FINDINGS_SCHEMA`.

    Returns:
        The findings that remain, none overlapping, ordered by row and start.
    """
    if findings.num_rows == 0:
        return findings
    detectors, codes = names_of(findings, "detector")
    ranks = np.array([rank_of(d) for d in detectors], np.int64)
    entities, entity_codes = names_of(findings, "entity")
    frame = pl.DataFrame(
        {
            "at": np.arange(findings.num_rows),
            "row": to_numpy(findings["row"]),
            "start": to_numpy(findings["start"]),
            "end": to_numpy(findings["end"]),
            "rank": ranks[codes],
            "score": to_numpy(findings["score"]),
            "entity": entity_codes,
        }
    )
    frame = frame.with_columns(size=pl.col("end") - pl.col("start")).sort(
        ["row", "rank", "size", "score", "at"], descending=[False, True, True, True, False]
    )
    alone = frame.filter(pl.len().over("row") == 1)["at"].to_numpy()
    crowded = frame.filter(pl.len().over("row") > 1)
    kept = list(_settled(crowded, entities)) if len(crowded) else []
    told = np.concatenate((alone, np.asarray(kept, np.int64)))
    rows, starts = to_numpy(findings["row"])[told], to_numpy(findings["start"])[told]
    return chosen(findings, told[np.lexsort((starts, rows))])


class _Claim(NamedTuple):
    """A finding's claim to its characters."""

    at: int
    start: int
    end: int
    rank: int
    entity: str


def _settled(frame: pl.DataFrame, entities: Sequence[str]) -> Iterator[int]:
    """The findings that are told, row by row; ``frame`` has the best of each row first."""
    row, claims = -1, list[_Claim]()
    columns = frame.select("row", "at", "start", "end", "rank", "entity")
    for this, at, start, end, rank, entity in columns.iter_rows():
        if this != row:
            yield from _greedy(claims)
            row, claims = this, []
        claims.append(_Claim(at, start, end, rank, entities[entity]))
    yield from _greedy(claims)


def _greedy(claims: list[_Claim]) -> Iterator[int]:
    covered = _covered(claims)
    starts: list[int] = []
    ends: list[int] = []
    for claim in claims:
        if claim.at in covered:
            continue
        place = bisect_left(starts, claim.end)
        # Those taken do not overlap, so only the last that begins before this one's end may.
        if place and ends[place - 1] > claim.start:
            continue
        starts.insert(place, claim.start)
        ends.insert(place, claim.end)
        yield claim.at


def _covered(claims: list[_Claim]) -> set[int]:
    """Findings that lie in what a model read and say less than that."""
    readers = [claim for claim in claims if claim.rank == _MODEL]
    if not readers or len(readers) == len(claims):
        return set()
    above = sorted((c for c in claims if c.rank > _MODEL), key=lambda claim: claim.start)
    starts = [claim.start for claim in above]
    reach = list(accumulate((claim.end for claim in above), max))
    covered: set[int] = set()
    for reader in readers:
        rivals = []
        place = bisect_left(starts, reader.end) - 1
        while place >= 0 and reach[place] > reader.start:
            if above[place].end > reader.start:
                rivals.append(above[place])
            place -= 1
        if rivals and all(_says_less(other, reader) for other in rivals):
            covered.update(other.at for other in rivals)
    return covered


def _says_less(inner: _Claim, outer: _Claim) -> bool:
    inside = outer.start <= inner.start and inner.end <= outer.end
    if not inside or inner.rank == _DENIED:
        return False
    finer = _FINER.get(outer.entity)
    if finer is not None and _category(inner.entity) == finer:
        return True
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and _category(inner.entity) == _category(outer.entity)


@cache
def _category(entity: str) -> str:
    return catalog.entity(entity).category if catalog.is_known(entity) else entity
