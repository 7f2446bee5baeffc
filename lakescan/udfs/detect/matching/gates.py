"""Which of many patterns could match values of which byte classes and length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.grammar import ANY, Facts


class Gates:
    """The facts of many patterns, asked all at once.

    Args:
        facts: one for each pattern.
    """

    def __init__(self, facts: Sequence[Facts]) -> None:
        most = max((len(f.needs) for f in facts), default=0)
        self._only = np.array([f.only for f in facts], np.uint8)[:, None]
        self._shortest = np.array([f.shortest for f in facts], np.uint8)[:, None]
        self._longest = np.array([f.longest for f in facts], np.uint8)[:, None]
        self._empty = np.array([not f.needs for f in facts], np.bool_)[:, None]
        needs = [sorted(f.needs) + [ANY] * (most - len(f.needs)) for f in facts]
        self._needs = np.array(needs, np.uint8).reshape(len(facts), most)

    def admitting(self, layout: Layout) -> Iterator[tuple[int, list[int]]]:
        """The number of each pattern that some value may match wholly, and the signatures."""
        present = np.array(layout.present, np.int64).reshape(-1, 3)
        masks, lengths = present[:, 1].astype(np.uint8), present[:, 2].astype(np.uint8)
        fits = ((masks & ~self._only) == 0) & (lengths >= self._shortest)
        fits &= lengths <= self._longest
        for need in self._needs.T:
            # An empty value has no class at all, so a filled-up need must not be asked of it.
            fits &= ((masks & need[:, None]) != 0) | (self._empty & (masks == 0))
        for number in np.flatnonzero(fits.any(axis=1)).tolist():
            yield number, present[fits[number], 0].tolist()
