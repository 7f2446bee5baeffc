"""A sample of a column's values that any split of the column agrees on.

The form of values (`statistics`) is a share, so a few thousand distinct values are enough. They are
chosen by their hash: stratum ``k`` holds the values whose hash ends in exactly ``2k`` to ``2k + 1``
zero bits, a quarter of those before. A column with many distinct values forgets its lowest strata.
How many it forgets follows from its sketch alone, and a sketch only grows, so what a part has
forgotten the whole has forgotten too: the result does not depend on how the table was cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lakescan.udfs.classify.profile.sketch import DistinctSketch, Hashes
from lakescan.udfs.classify.profile.statistics import (
    NumberStats,
    TextStats,
    merge_stats,
    stats_from_record,
    stats_to_record,
)

#: Strata; the last takes all hashes that end in more zeros.
STRATA = 10

#: Distinct values that are kept, at most about; at least a quarter of it where there are as many.
BUDGET = 4096


def strata_of(hashes: Hashes) -> npt.NDArray[np.int8]:
    """The stratum of each hash."""
    lowest = hashes & (~hashes + np.uint64(1))
    bits = (lowest.astype(np.float64).view(np.uint64) >> np.uint64(52)).astype(np.int64) - 1023
    level = np.where(hashes == 0, STRATA - 1, bits // 2)
    return np.minimum(level, STRATA - 1).astype(np.int8)


def places_from(hashes: Hashes, level: int) -> npt.NDArray[np.int64]:
    """Where the hashes of a stratum and of those above it stand."""
    if not level:
        return np.arange(len(hashes))
    return np.flatnonzero(hashes & np.uint64((1 << 2 * level) - 1) == 0)


def first_level(sketch: DistinctSketch) -> int:
    """The lowest stratum that a column with this many distinct values still keeps."""
    distinct, level = sketch.count(), 0
    while distinct > BUDGET and level < STRATA - 1:
        distinct //= 4
        level += 1
    return level


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a column's values: statistics by stratum, lowest first."""

    strata: tuple[tuple[int, TextStats, NumberStats], ...] = ()

    @property
    def text(self) -> TextStats:
        """The strings' form."""
        total = TextStats()
        for _, text, _ in self.strata:
            total = merge_stats(total, text)
        return total

    @property
    def numbers(self) -> NumberStats:
        """The numbers' size."""
        total = NumberStats()
        for _, _, numbers in self.strata:
            total = merge_stats(total, numbers)
        return total

    def merge(self, other: Form, level: int) -> Form:
        """Both together, without the strata below ``level``."""
        merged = {number: (text, numbers) for number, text, numbers in self.strata}
        for number, text, numbers in other.strata:
            if number in merged:
                mine = merged[number]
                merged[number] = (merge_stats(mine[0], text), merge_stats(mine[1], numbers))
            else:
                merged[number] = (text, numbers)
        return Form(tuple((n, *merged[n]) for n in sorted(merged) if n >= level))

    def to_record(self) -> list[dict[str, object]]:
        """Plain values; `from_record` reads them."""
        return [
            {"stratum": n, "text": stats_to_record(text), "numbers": stats_to_record(numbers)}
            for n, text, numbers in self.strata
        ]

    @classmethod
    def from_record(cls, record: list[Mapping[str, object]]) -> Form:
        """Read what `to_record` wrote."""
        strata = []
        for part in record:
            number, text, numbers = part["stratum"], part["text"], part["numbers"]
            assert isinstance(number, int)
            assert isinstance(text, dict)
            assert isinstance(numbers, dict)
            strata.append(
                (
                    number,
                    stats_from_record(TextStats, text),
                    stats_from_record(NumberStats, numbers),
                )
            )
        return cls(tuple(strata))
