"""What a request to ``/analyze`` brings along: recognizers of its own, and an allow list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from lakescan.errors import UsageError
from lakescan.policy import CustomDetector
from lakescan.policy.regex import compile_regex
from lakescan.service.adapters.presidio_bodies import AdHocRecognizer, AnalyzeRequest
from lakescan.service.adapters.presidio_results import Covered, Result
from lakescan.service.answers import faults_of
from lakescan.udfs.detect import Detector, Values
from lakescan.udfs.detect.custom import RegexDetector, WordsDetector

#: Presidio's least score of a match with a context word.
_FLOOR = 0.4


def adhoc_results(body: AnalyzeRequest, texts: Sequence[str]) -> list[list[Result]]:
    """For each text what the request's own recognizers find.

    Raises:
        UsageError: a regex is none that RE2 takes, or matches everywhere.
    """
    found: list[list[Result]] = [[] for _ in texts]
    if not body.ad_hoc_recognizers:
        return found
    values = Values.of(list(texts))
    for recognizer in body.ad_hoc_recognizers:
        if body.entities is not None and recognizer.supported_entity not in body.entities:
            continue
        words = [*recognizer.context, *(body.context or ())]
        for detector, name, regex, plain in _detectors(recognizer, words, body.regex_flags):
            for row in detector.detect(values).to_pylist():
                score = round(row["score"], 4)
                if score > plain:
                    score = max(score, _FLOOR)
                explanation = {
                    "recognizer": recognizer.name or "PatternRecognizer",
                    "pattern_name": name,
                    "pattern": regex,
                    "original_score": plain,
                    "score": score,
                    "textual_explanation": None,
                    "score_context_improvement": round(score - plain, 4),
                    "supportive_context_word": "",
                    "validation_result": None,
                    "regex_flags": body.regex_flags,
                }
                found[row["row"]].append(
                    Result(
                        analysis_explanation=explanation if body.return_decision_process else None,
                        end=row["end"],
                        entity_type=recognizer.supported_entity,
                        score=score,
                        start=row["start"],
                    )
                )
    return [_without_contained(*each) for each in zip(texts, found, strict=True)]


def _detectors(
    recognizer: AdHocRecognizer, words: Sequence[str], flags: int
) -> Iterator[tuple[Detector, str, str, float]]:
    """The recognizer's detectors, each with a name, its regex and the score without context."""
    ignore_case = bool(flags & re.IGNORECASE)
    switches = ((re.DOTALL, "s"), (re.MULTILINE, "m"))
    inner = "".join(letter for flag, letter in switches if flags & flag)
    for each in recognizer.patterns:
        compile_regex(each.regex, ignore_case=ignore_case)
        declared = _declared(
            f"(?{inner}){each.regex}" if inner else each.regex,
            each.score,
            words,
            ignore_case=ignore_case,
        )
        yield RegexDetector(declared, ""), each.name, each.regex, each.score
    denied = [word for word in recognizer.deny_list if word.strip()]
    if denied:
        score = recognizer.deny_list_score
        whole = WordsDetector("adhoc", "CUSTOM", denied, score, "", ignore_case=ignore_case)
        yield whole, "deny_list", "|".join(map(re.escape, denied)), score


def _declared(
    regex: str, score: float, words: Sequence[str], *, ignore_case: bool
) -> CustomDetector:
    """A pattern as one of a policy's, under a policy's rules.

    Raises:
        UsageError: it breaks one of them, as a regex that matches everywhere does.
    """
    try:
        return CustomDetector(
            name="adhoc",
            entity="CUSTOM",
            regex=regex,
            score=score,
            context=tuple(word for word in words if word.strip()),
            ignore_case=ignore_case,
        )
    except ValidationError as error:
        raise UsageError(f"ad_hoc_recognizers: {faults_of(error.errors())}") from None


def _without_contained(text: str, results: list[Result]) -> list[Result]:
    """Of one entity's results over the same characters the surest; those within it fall."""
    kept: list[Result] = []
    covered = Covered(len(text))
    for each in sorted(results, key=lambda it: (-it["score"], it["start"] - it["end"])):
        if each not in covered:
            kept.append(each)
            covered.add(each)
    return kept


def allowed(body: AnalyzeRequest, text: str, results: list[Result]) -> list[Result]:
    """Without the results that the request's allow list names.

    Raises:
        UsageError: a regex is none that RE2 takes.
    """
    if not body.allow_list:
        return results
    if body.allow_list_match == "exact":
        words = set(body.allow_list)
        return [each for each in results if text[each["start"] : each["end"]] not in words]
    ignore = bool(body.regex_flags & re.IGNORECASE)
    regexes = [compile_regex(regex, ignore_case=ignore) for regex in body.allow_list]
    return [
        each
        for each in results
        if not any(regex.search(text[each["start"] : each["end"]]) for regex in regexes)
    ]
