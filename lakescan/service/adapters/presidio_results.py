"""Findings as Presidio tells them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from lakescan.jobs.accuracy import decided
from lakescan.jobs.detect import Finding, detectors_for
from lakescan.policy import Policy
from lakescan.service.adapters.presidio_names import name_asked
from lakescan.udfs.detect.conflicts.outvoted import Found
from lakescan.udfs.detect.describe import describe
from lakescan.udfs.detect.explaining import context_words
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.patterns import all_patterns

_PLACES = 4


class Result(TypedDict):
    """One entity; the keys stand in the order of the alphabet."""

    analysis_explanation: dict[str, object] | None
    end: int
    entity_type: str
    score: float
    start: int


def results_of(
    text: str, findings: Iterable[Finding], names: frozenset[str], *, explained: bool
) -> list[Result]:
    """A text's findings under Presidio's names.

    Args:
        text: the text.
        findings: in it.
        names: that the request asks for; none for all.
        explained: with the reasons.
    """
    return [
        Result(
            analysis_explanation=_explained(text, each) if explained else None,
            end=each.end,
            entity_type=name,
            score=round(each.score, _PLACES),
            start=each.start,
        )
        for each in findings
        if (name := name_asked(each.entity, text[each.start : each.end], names)) is not None
    ]


def ordered(results: Sequence[Result]) -> list[Result]:
    """By score, then by place, then the longer first, as Presidio does."""
    return sorted(results, key=lambda it: (-it["score"], it["start"], it["start"] - it["end"]))


class Covered:
    """Characters that results cover, by entity: whether one result lies within another.

    For each place how far results go that begin there or before, in a tree of sums' shape (Fenwick
    1994) with the furthest end in the place of a sum: a request can bring about very many results.

    Args:
        length: of the text.
    """

    def __init__(self, length: int) -> None:
        self._length = length + 1
        self._ends: dict[tuple[str, int], int] = {}

    def add(self, result: Result) -> None:
        """Cover a result's characters."""
        at = result["start"] + 1
        while at <= self._length:
            key = (result["entity_type"], at)
            self._ends[key] = max(self._ends.get(key, 0), result["end"])
            at += at & -at

    def __contains__(self, result: Result) -> bool:
        at = result["start"] + 1
        while at:
            if self._ends.get((result["entity_type"], at), -1) >= result["end"]:
                return True
            at -= at & -at
        return False


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


def explanation(
    pattern: Pattern | None, detector: str, score: float, word: str = ""
) -> dict[str, object]:
    """Why a result is told.

    Args:
        pattern: the one that found it; None for others than patterns.
        detector: of the finding (``pattern.iban``, ``context.us_passport``, ``ner.standard``).
        score: told.
        word: nearby, that made it credible or surer.
    """
    kind, _, name = detector.partition(".")
    # A form that is believed for a word nearby was worth little without it.
    plain = pattern.score if pattern is not None and kind == "context" else score
    checked = pattern is not None and kind == "pattern" and pattern.validate is not None
    return {
        "recognizer": recognizer_of(detector),
        "pattern_name": name if pattern else None,
        "pattern": pattern.regex if pattern else None,
        "original_score": plain,
        "score": score,
        "textual_explanation": describe(detector) or None,
        "score_context_improvement": round(score - plain, _PLACES),
        "supportive_context_word": word,
        "validation_result": True if checked else None,
        "regex_flags": None,
    }


def _explained(text: str, found: Finding) -> dict[str, object]:
    kind, _, name = found.detector.partition(".")
    mine = [p for p in all_patterns() if p.name == name] if kind != "ner" else []
    seen = Found(found.start, found.end, found.entity, found.score, found.detector)
    words = (*context_words(text, seen), "")
    score = round(found.score, _PLACES)
    return explanation(mine[0] if mine else None, found.detector, score, words[0])
