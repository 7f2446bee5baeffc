"""The figures of an evaluation, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A share and where it would lie if other texts or tables of the kind had been labelled.

    Args:
        value: 0..1; None where there is nothing to divide by.
        low, high: 95 % bootstrap interval (Efron's percentile interval), None where ``value`` is.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How well one entity, or all of them, was found.

    Args:
        name: the category; ``micro`` for the counts of all categories added up.
        hits, false_alarms, misses: true positives, false positives, false negatives.
        f2: the F measure that counts a miss four times as much as a false alarm.
    """

    name: str
    hits: int
    false_alarms: int
    misses: int
    precision: Measure
    recall: Measure
    f1: Measure
    f2: Measure

    @property
    def support(self) -> int:
        """How many there are in the gold."""
        return self.hits + self.misses


@dataclass(frozen=True, slots=True)
class Level:
    """Scores of one way to count.

    Args:
        name: ``tokens``, ``spans`` or ``columns``; ``any`` asks only whether a token is personal.
        entities: by category, in the order of their names.
        micro: over all of them together.
        macro_f1: the mean of the categories' F1; categories that the gold lacks do not count.
    """

    name: str
    entities: tuple[Score, ...]
    micro: Score
    macro_f1: Measure


@dataclass(frozen=True, slots=True)
class Confusion:
    """What was taken for what; ``NONE`` stands for nothing."""

    gold: str
    predicted: str
    count: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of about the same confidence.

    Args:
        low, high: the confidences in it, ``low`` <= confidence < ``high`` (the last holds 1, too).
        count: predictions.
        confidence: their mean confidence.
        accuracy: the share of them that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: Measure


@dataclass(frozen=True, slots=True)
class Flags:
    """How right ``sensitive`` is, over columns.

    Args:
        gold, flagged: how many columns are sensitive, and how many were called so.
        precision: of those flagged, the share that is sensitive.
        lenient: as ``precision``, but a flagged column whose category is right counts as well.
        recall: of those that are sensitive, the share that was flagged.
    """

    gold: int
    flagged: int
    precision: Measure
    lenient: Measure
    recall: Measure


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: texts, or whole tables, are drawn again with replacement.

    Args:
        samples: how many times.
        seed: of the random numbers; the same seed gives the same intervals.
    """

    samples: int = 1000
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Predictions held against gold.

    Args:
        kind: ``text`` or ``columns``.
        gold, predicted: what was compared.
        items: texts or columns.
        levels: for text ``tokens``, ``spans`` and ``any``, for columns ``columns``.
        confusions: most frequent first; of tokens for text.
        resampling: how the intervals were made, and ``units``: out of how many texts or tables.
        false_positive_rate: of columns that hold nothing, the share in which something was seen.
        flags: of columns, where gold and predictions tell what is sensitive.
        calibration: of columns, where predictions have a confidence.
        notes: what else a reader has to know, a sentence each.
    """

    kind: str
    gold: str
    predicted: str
    items: int
    levels: tuple[Level, ...]
    confusions: tuple[Confusion, ...]
    resampling: Resampling
    units: int
    false_positive_rate: Measure | None = None
    flags: Flags | None = None
    calibration: tuple[Bin, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def main(self) -> Level:
        """The first way to count: tokens, or columns."""
        return self.levels[0]

    def level(self, name: str) -> Level:
        """One way to count, by its name."""
        return next(level for level in self.levels if level.name == name)

    def to_json(self) -> str:
        """The figures as JSON, as ``lakescan evaluate --format json`` prints them."""
        from lakescan.reports.evaluation.contract import to_json

        return to_json(self).decode()
