"""From counts to scores with intervals.

Counts are kept for each unit that is drawn again: a text, or a table. The bootstrap (B. Efron and
R. Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3: the percentile interval) draws
as many units as there are, with replacement, and looks at what the scores would have been.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from lakescan.reports.evaluation.model import Level, Measure, Resampling, Score

Floats = npt.NDArray[np.float64]

#: Draws times units that are worked on at once: some 32 MB of weights.
_BLOCK = 4_000_000

_LOW, _HIGH = 2.5, 97.5

HIT, FALSE_ALARM, MISS = 0, 1, 2


class Counts:
    """What happened in each unit, by name.

    Args:
        names: what is counted.
        units: how many units there are.
        kinds: how many kinds of events a name has.
    """

    def __init__(self, names: Sequence[str], units: int, kinds: int = 3) -> None:
        self.names = tuple(names)
        self._place = {name: at for at, name in enumerate(self.names)}
        self.values = np.zeros((units, len(self.names), kinds), np.int64)

    def add(self, unit: int, name: str, kind: int, times: int = 1) -> None:
        """Count an event; of a name that is not counted, nothing."""
        place = self._place.get(name)
        if place is not None:
            self.values[unit, place, kind] += times


def drawn(counts: Counts, how: Resampling) -> Iterator[Floats]:
    """Totals of resampled units: arrays of draws x names x kinds, in all ``how.samples`` draws."""
    units = len(counts.values)
    flat = counts.values.reshape(units, -1).astype(np.float64)
    generator = np.random.default_rng(how.seed)
    left = how.samples
    while left and units:
        size = min(left, max(1, _BLOCK // units))
        weights = generator.multinomial(units, np.full(units, 1 / units), size=size)
        yield (weights @ flat).reshape(size, *counts.values.shape[1:])
        left -= size


def level(name: str, counts: Counts, how: Resampling) -> Level:
    """The scores of every name that the gold or the predictions have, and of all together."""
    totals = counts.values.sum(axis=0).astype(np.float64)
    draws = np.concatenate([totals[None], *drawn(counts, how)])
    scores = tuple(
        _score(each, totals[at], draws[:, at])
        for at, each in enumerate(counts.names)
        if totals[at].any()
    )
    every = draws.sum(axis=1)
    return Level(name, scores, _score("micro", every[0], every), _measure(_macro(draws)))


def share(parts: Floats, wholes: Floats) -> Measure:
    """A share, from its value in the first place and its resampled values behind it."""
    return _measure(_ratio(parts, wholes))


def _score(name: str, total: Floats, draws: Floats) -> Score:
    hits, alarms, misses = draws[:, HIT], draws[:, FALSE_ALARM], draws[:, MISS]
    return Score(
        name=name,
        hits=int(total[HIT]),
        false_alarms=int(total[FALSE_ALARM]),
        misses=int(total[MISS]),
        precision=share(hits, hits + alarms),
        recall=share(hits, hits + misses),
        f1=share(2 * hits, 2 * hits + alarms + misses),
        f2=share(5 * hits, 5 * hits + alarms + 4 * misses),
    )


def _macro(draws: Floats) -> Floats:
    """Mean F1 of the names that the gold has, in each draw."""
    hits, alarms, misses = draws[..., HIT], draws[..., FALSE_ALARM], draws[..., MISS]
    scores = _ratio(2 * hits, 2 * hits + alarms + misses)
    there = hits + misses > 0
    summed = np.where(there, np.nan_to_num(scores), 0.0).sum(axis=1)
    return _ratio(summed, there.sum(axis=1).astype(np.float64))


def _ratio(parts: Floats, wholes: Floats) -> Floats:
    out = np.full(parts.shape, np.nan)
    np.divide(parts, wholes, out=out, where=wholes > 0)
    return out


def _measure(values: Floats) -> Measure:
    value, resampled = values[0], values[1:]
    if np.isnan(value):
        return Measure(None)
    resampled = resampled[~np.isnan(resampled)]
    if not len(resampled):
        return Measure(float(value))
    low, high = np.percentile(resampled, (_LOW, _HIGH))
    return Measure(float(value), float(low), float(high))
