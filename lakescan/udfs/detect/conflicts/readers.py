"""What a model read against what a better proof found in parts of it.

A date against the time within it, an address against its postal code: the model's finding says
more. So it wins over findings that lie inside it and are of the same category, or are of the
category of which it is the finer name (a date that is a date of birth); but only where that holds
for all that it would drop.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from lakescan import entities as catalog
from lakescan.udfs.detect.buffers import BoolArray, IntArray
from lakescan.udfs.detect.conflicts.overlaps import Spans, touched
from lakescan.udfs.detect.conflicts.ranks import DENIED, MODEL

#: Entities that are the finer name of a category's.
_FINER = {"DATE_OF_BIRTH": "DATETIME"}


class _Claim(NamedTuple):
    at: int
    start: int
    end: int
    entity: str


def said_better(
    spans: Spans, ranks: IntArray, entity: IntArray, entities: Sequence[str]
) -> BoolArray:
    """Which findings lie in what a model read and say less than that.

    Args:
        spans: of the findings.
        ranks: of each; those of a better proof than a model's may be dropped.
        entity: of each, as a place among ``entities``.
        entities: names.
    """
    found = np.zeros(len(spans), np.bool_)
    reads = np.flatnonzero(ranks == MODEL)
    proven = np.flatnonzero((ranks > MODEL) & (ranks < DENIED))
    if not len(reads) or not len(proven):
        return found
    reads = reads[touched(spans.take(reads), spans.take(proven))]
    proven = proven[touched(spans.take(proven), spans.take(reads))]

    def claims(places: IntArray) -> list[_Claim]:
        part = spans.take(places)
        columns = (places, part.starts, part.ends)
        names = [entities[code] for code in entity[places].tolist()]
        return [_Claim(*one) for one in zip(*(c.tolist() for c in columns), names, strict=True)]

    above = sorted(claims(proven), key=lambda claim: claim.start)
    found[_covered(claims(reads), above)] = True
    return found


def _covered(readers: list[_Claim], above: list[_Claim]) -> list[int]:
    starts = np.array([claim.start for claim in above], np.int64)
    reach = list(accumulate((claim.end for claim in above), max))
    covered: list[int] = []
    for reader in readers:
        rivals = []
        place = int(np.searchsorted(starts, reader.end)) - 1
        while place >= 0 and reach[place] > reader.start:
            if above[place].end > reader.start:
                rivals.append(above[place])
            place -= 1
        if rivals and all(_says_less(other, reader) for other in rivals):
            covered += [other.at for other in rivals]
    return covered


def _says_less(inner: _Claim, outer: _Claim) -> bool:
    if inner.start < outer.start or inner.end > outer.end:
        return False
    finer = _FINER.get(outer.entity)
    if finer is not None and _category(inner.entity) == finer:
        return True
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and _category(inner.entity) == _category(outer.entity)


@cache
def _category(entity: str) -> str:
    return catalog.entity(entity).category if catalog.is_known(entity) else entity
