"""An evaluation as JSON."""

from __future__ import annotations

from dataclasses import asdict

import orjson

from lakescan.reports.evaluation.model import Bin, Evaluation, Flags, Level, Measure, Score

_PLACES = 4


def to_json(evaluation: Evaluation) -> bytes:
    """All figures, indented, UTF-8, with a newline at the end."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(evaluation_value(evaluation), option=options)


def evaluation_value(evaluation: Evaluation) -> dict[str, object]:
    """The object; what does not apply to its kind is left out."""
    value: dict[str, object] = {
        "kind": evaluation.kind,
        "gold": evaluation.gold,
        "predicted": evaluation.predicted,
        "items": evaluation.items,
        "levels": {level.name: _level(level) for level in evaluation.levels},
        "confusions": [asdict(confusion) for confusion in evaluation.confusions],
    }
    if evaluation.false_positive_rate is not None:
        value["false_positive_rate"] = _measure(evaluation.false_positive_rate)
    if evaluation.flags is not None:
        value["sensitive"] = _flags(evaluation.flags)
    if evaluation.calibration:
        value["calibration"] = [_bin(each) for each in evaluation.calibration]
    value["resampling"] = {**asdict(evaluation.resampling), "units": evaluation.units}
    value["notes"] = list(evaluation.notes)
    return value


def _level(level: Level) -> dict[str, object]:
    value: dict[str, object] = {"micro": _score(level.micro), "macro_f1": _measure(level.macro_f1)}
    if level.name != "any":
        value["entities"] = {score.name: _score(score) for score in level.entities}
    return value


def _score(score: Score) -> dict[str, object]:
    return {
        "support": score.support,
        "hits": score.hits,
        "false_alarms": score.false_alarms,
        "misses": score.misses,
        "precision": _measure(score.precision),
        "recall": _measure(score.recall),
        "f1": _measure(score.f1),
        "f2": _measure(score.f2),
    }


def _flags(flags: Flags) -> dict[str, object]:
    return {
        "gold": flags.gold,
        "flagged": flags.flagged,
        "precision": _measure(flags.precision),
        "lenient_precision": _measure(flags.lenient),
        "recall": _measure(flags.recall),
    }


def _bin(each: Bin) -> dict[str, object]:
    return {
        "low": each.low,
        "high": each.high,
        "count": each.count,
        "confidence": round(each.confidence, _PLACES),
        "accuracy": _measure(each.accuracy),
    }


def _measure(measure: Measure) -> dict[str, object]:
    parts = {"value": measure.value, "low": measure.low, "high": measure.high}
    return {name: None if part is None else round(part, _PLACES) for name, part in parts.items()}
