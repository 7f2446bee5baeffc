"""Findings as Presidio tells them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from lakescan.jobs.accuracy import decided
from lakescan.jobs.detect import Finding, detectors_for
from lakescan.policy import Policy
from lakescan.service.adapters.vocabulary import label_of
from lakescan.udfs.detect.describe import describe
from lakescan.udfs.detect.explaining import context_words
from lakescan.udfs.detect.outvoted import Found
from lakescan.udfs.detect.patterns import all_patterns

_PLACES = 4


class Result(TypedDict):
    """One entity; the keys stand in the order of the alphabet."""

    analysis_explanation: dict[str, object] | None
    end: int
    entity_type: str
    score: float
    start: int


def results_of(text: str, findings: Iterable[Finding], *, explained: bool) -> list[Result]:
    """A text's findings under Presidio's names."""
    return [
        Result(
            analysis_explanation=_explanation(text, each) if explained else None,
            end=each.end,
            entity_type=label_of("presidio", each.entity) or each.entity,
            score=round(each.score, _PLACES),
            start=each.start,
        )
        for each in findings
    ]


def ordered(results: Sequence[Result]) -> list[Result]:
    """By score, then by place, then the longer first, as Presidio does."""
    return sorted(results, key=lambda it: (-it["score"], it["start"], it["start"] - it["end"]))


def recognizer_of(detector: str) -> str:
    """``pattern.us_ssn`` as ``UsSsnRecognizer``, the model as ``NerRecognizer``."""
    kind, _, name = detector.partition(".")
    words = [kind] if kind in ("ner", "dictionary") or not name else name.split("_")
    return "".join(word.capitalize() for word in words) + "Recognizer"


def recognizers_of(policy: Policy) -> list[str]:
    """The names of all that look for entities under a policy."""
    names = [recognizer_of(f"pattern.{pattern.name}") for pattern in all_patterns()]
    others = [each.name for each in detectors_for(decided(policy)).every if each.name != "pattern"]
    return list(dict.fromkeys([*names, *(recognizer_of(name) for name in others)]))


def _explanation(text: str, found: Finding) -> dict[str, object]:
    kind, _, name = found.detector.partition(".")
    mine = [p for p in all_patterns() if p.name == name] if kind != "ner" else []
    words = context_words(
        text, Found(found.start, found.end, found.entity, found.score, found.detector)
    )
    score = round(found.score, _PLACES)
    return {
        "recognizer": recognizer_of(found.detector),
        "pattern_name": name if mine else None,
        "pattern": mine[0].regex if mine else None,
        "original_score": score,
        "score": score,
        "textual_explanation": describe(found.detector) or None,
        "score_context_improvement": 0,
        "supportive_context_word": words[0] if words else "",
        "validation_result": True if mine and kind == "pattern" and mine[0].validate else None,
        "regex_flags": None,
    }
