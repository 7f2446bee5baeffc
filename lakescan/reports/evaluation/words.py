"""The figures of an evaluation as rows of words, for the table and for Markdown alike."""

from __future__ import annotations

from collections.abc import Iterator

from lakescan.reports.evaluation.model import Evaluation, Level, Measure, Score
from lakescan.reports.legible import legible, plural

Row = tuple[str, ...]

SCORE_HEADER: Row = ("entity", "support", "precision", "recall", "F1", "F2")
CONFUSION_HEADER: Row = ("gold", "predicted", "times")
BIN_HEADER: Row = ("confidence", "columns", "mean confidence", "right")

#: So many confusions are shown; JSON has all.
_CONFUSIONS = 10

_LEVELS = {
    "tokens": "Tokens",
    "spans": "Spans that begin and end in the right place",
    "any": "Tokens, whatever the category",
    "columns": "Columns",
}


def title(evaluation: Evaluation) -> str:
    """What was compared with what."""
    noun = "text" if evaluation.kind == "text" else "column"
    gold, predicted = legible(evaluation.gold), legible(evaluation.predicted)
    return f"{predicted} against {gold}, {plural(evaluation.items, noun)}"


def level_title(level: Level) -> str:
    """What a level counts."""
    return _LEVELS.get(level.name, level.name)


def score_rows(level: Level) -> Iterator[Row]:
    """One row an entity, then all together, then the mean of F1."""
    if level.name != "any":
        for score in level.entities:
            yield _score_row(score)
    yield _score_row(level.micro)
    if level.name != "any":
        yield ("macro", "", "", "", told(level.macro_f1), "")


def _score_row(score: Score) -> Row:
    measures = (score.precision, score.recall, score.f1, score.f2)
    return (legible(score.name), f"{score.support:,}", *map(told, measures))


def confusion_rows(evaluation: Evaluation) -> Iterator[Row]:
    """The most frequent confusions."""
    for each in evaluation.confusions[:_CONFUSIONS]:
        yield legible(each.gold), legible(each.predicted), f"{each.count:,}"


def bin_rows(evaluation: Evaluation) -> Iterator[Row]:
    """How often predictions of each confidence are right."""
    for each in evaluation.calibration:
        bounds = f"{each.low:.2f} to {each.high:.2f}"
        yield bounds, f"{each.count:,}", f"{each.confidence:.3f}", told(each.accuracy)


def sentences(evaluation: Evaluation) -> Iterator[str]:
    """What the tables do not say."""
    if evaluation.false_positive_rate is not None:
        rate = told(evaluation.false_positive_rate)
        yield f"False alarms in columns that hold nothing: {rate}."
    if evaluation.flags is not None:
        flags = evaluation.flags
        yield (
            f"Sensitive: precision {told(flags.precision)} (lenient {told(flags.lenient)}), "
            f"recall {told(flags.recall)}; {flags.gold:,} in the gold, {flags.flagged:,} flagged."
        )
    yield from evaluation.notes
    how = evaluation.resampling
    if how.samples:
        noun = "text" if evaluation.kind == "text" else "unit"
        yield (
            f"In brackets: 95 % bootstrap intervals, {how.samples:,} draws of "
            f"{plural(evaluation.units, noun)}, seed {how.seed}."
        )


def told(measure: Measure) -> str:
    """``0.912 (0.880-0.941)``, or a dash where there is nothing to divide by."""
    if measure.value is None:
        return "-"
    if measure.low is None or measure.high is None:
        return f"{measure.value:.3f}"
    return f"{measure.value:.3f} ({measure.low:.3f}-{measure.high:.3f})"
