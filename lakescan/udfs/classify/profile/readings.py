"""What a model read in a sample of a column's values.

A model is slow, so it reads a few of the distinct values: those with the smallest hashes. Two parts
of a column agree on which these are, and what both know of the smallest hashes the whole knows: the
bottom-k sample of E. Cohen and H. Kaplan, "Summarizing Data using Bottom-k Sketches" (2007).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

#: Previews kept for one entity.
_PREVIEWS = 3

#: Of a column so many characters are read for each value that may be: about a second's work.
CHARACTERS = 128

#: All 64-bit hashes are below.
NO_LIMIT = 1 << 64


class Read(NamedTuple):
    """One entity in one value.

    Args:
        entity: which; the surest finding where there are several.
        score: in thousandths.
        whole: whether a finding is the whole value, blanks around it aside.
        preview: masked; empty but for the first values of an entity.
    """

    entity: str
    score: int
    whole: bool
    preview: str


class Reading(NamedTuple):
    """One distinct value.

    Args:
        hash: of the value.
        rows: in which it stands.
        size: characters that were read.
        found: what was read in it, by entity; often nothing.
    """

    hash: int
    rows: int
    size: int
    found: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """The sample, sorted by hash.

    Args:
        detector: who read; empty where nobody did, which says nothing about the values.
        size: values that are kept at most; of long ones fewer, see `CHARACTERS`.
        limit: every distinct value whose hash is below was read; `NO_LIMIT` for all of them.
        values: what was read.
    """

    detector: str = ""
    size: int = 0
    limit: int = NO_LIMIT
    values: tuple[Reading, ...] = ()

    @classmethod
    def of(cls, detector: str, size: int, limit: int, values: Iterable[Reading]) -> Readings:
        """Put a sample in order: one entry a value, no more than fit."""
        joined: dict[int, Reading] = {}
        for each in values:
            before = joined.get(each.hash)
            rows = each.rows + (0 if before is None else before.rows)
            joined[each.hash] = each._replace(rows=rows)
        kept = sorted(value for value in joined.values() if value.hash < limit)
        fitting = fit([value.size for value in kept], size)
        if len(kept) > fitting:
            limit = kept[fitting].hash
            kept = kept[:fitting]
        return cls(detector, size, limit, _with_few_previews(kept))

    @property
    def complete(self) -> bool:
        """Whether every distinct value was read."""
        return self.limit == NO_LIMIT

    def merge(self, other: Readings) -> Readings:
        """The sample of both parts together: associative and commutative, exactly."""
        if not other.detector:
            return self
        if not self.detector:
            return other
        return Readings.of(
            min(self.detector, other.detector),
            min(self.size, other.size),
            min(self.limit, other.limit),
            (*self.values, *other.values),
        )

    def to_record(self) -> dict[str, object]:
        """Plain values; `from_record` reads them."""
        if not self.detector:
            return {}
        return {
            "detector": self.detector,
            "size": self.size,
            # JSON's numbers end at 64 bits.
            "limit": None if self.complete else self.limit,
            "values": [[v.hash, v.rows, v.size, [list(r) for r in v.found]] for v in self.values],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Readings:
        """Read what `to_record` wrote."""
        if not record:
            return cls()
        detector, size, limit = record["detector"], record["size"], record["limit"]
        values = record["values"]
        assert isinstance(detector, str)
        assert isinstance(size, int)
        assert limit is None or isinstance(limit, int)
        assert isinstance(values, list)
        return cls(
            detector,
            size,
            NO_LIMIT if limit is None else limit,
            tuple(
                Reading(number, rows, length, tuple(Read(*read) for read in found))
                for number, rows, length, found in values
            ),
        )


def fit(sizes: Sequence[int], size: int) -> int:
    """How many of the first values fit: ``size``, or fewer where they are long; one at least."""
    count, total = 0, 0
    for length in sizes[:size]:
        total += length
        if count and total > CHARACTERS * size:
            break
        count += 1
    return count


#: Nobody read.
NO_READINGS = Readings()


def _with_few_previews(values: list[Reading]) -> tuple[Reading, ...]:
    """The same values, previews left out but for the first few of each entity."""
    shown: Counter[str] = Counter()
    kept = []
    for value in values:
        found = []
        for read in value.found:
            shown[read.entity] += 1
            keep = shown[read.entity] <= _PREVIEWS
            found.append(read if keep or not read.preview else read._replace(preview=""))
        kept.append(value._replace(found=tuple(found)))
    return tuple(kept)
