"""Waves: what goes into one Spark job, and what becomes of a wave that was lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

#: The driver takes the results of a job at once, so that a job is bounded.
_MOST_BUNDLES = 1024
_MOST_UNITS = 16_384


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, by its index, and how often it was tried."""

    index: int
    tries: int = 0

    @property
    def again(self) -> Place:
        """The same, tried once more."""
        return Place(self.index, self.tries + 1)


Bundle = tuple[Place, ...]
Wave = tuple[Bundle, ...]


class Waves:
    """Hands out waves until every unit has ended.

    Args:
        bundles: of indices, in order; taken as they are needed.
        width: bundles of a wave, if they are small enough.
    """

    def __init__(self, bundles: Iterator[Sequence[int]], width: int) -> None:
        self._fresh = bundles
        self._width = min(width, _MOST_BUNDLES)
        self._again: deque[Wave] = deque()

    def take(self) -> Wave | None:
        """The next wave: fresh ones first, so that a deadly unit does least harm."""
        wave: list[Bundle] = []
        units = 0
        for bundle in islice(self._fresh, self._width):
            wave.append(tuple(Place(index) for index in bundle))
            units += len(bundle)
            if units >= _MOST_UNITS:
                break
        if wave:
            return tuple(wave)
        return self._again.popleft() if self._again else None

    def alone(self, places: Sequence[Place]) -> None:
        """Have units run again, each in a bundle of its own."""
        singles = [(place,) for place in places]
        for start in range(0, len(singles), self._width):
            self._again.append(tuple(singles[start : start + self._width]))

    def lost(self, wave: Wave, missing: frozenset[int]) -> None:
        """Have what is missing of a wave whose job failed run again, in jobs of its parts.

        A wave's bundles each in a job of its own; of one bundle, its units.
        """
        parts = wave if len(wave) > 1 else tuple((place,) for bundle in wave for place in bundle)
        for bundle in parts:
            left = tuple(place.again for place in bundle if place.index in missing)
            if left:
                self._again.append((left,))
