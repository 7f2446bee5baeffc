"""Why a text's findings are told, and why others are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from lakescan.policy import ConflictRule
from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.context import AFTER, BEFORE
from lakescan.udfs.detect.detector_set import DetectorSet, merged
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.patterns import all_patterns
from lakescan.udfs.detect.ranks import DENIED, rank_of, specificity_of
from lakescan.udfs.detect.regexes import compiled
from lakescan.udfs.detect.resolve import CRITERIA
from lakescan.udfs.detect.text import is_free
from lakescan.udfs.detect.values import Values

#: Forms without a word nearby are looked for in so many bytes, and so many are told.
_LONGEST, _MOST_FORMS = 200_000, 20


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, before or after the conflicts.

    Args:
        why: nothing for one that is told; else why it is not.
    """

    start: int
    end: int
    entity: str
    score: float
    detector: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Characters that look like something, with no word nearby that says so."""

    start: int
    end: int
    detectors: tuple[str, ...]


def judge_text(detectors: DetectorSet, text: str) -> tuple[list[Found], list[Found]]:
    """All findings of a text: those that are told, and those that are not with the reason.

    Args:
        detectors: set up.
        text: not empty.
    """
    values = Values.of([text])
    every = _rows(merged([d.detect(values) for d in detectors.every]))
    policy = detectors.policy
    seen = detectors.detect(values)
    if detectors.model is not None:
        seen = merged([seen, detectors.read(values)])
    kept = set(_rows(seen))
    told = _rows(detectors.detect_texts(values))
    sure = [f for f in kept if f.score >= policy.threshold(f.entity, f.detector)]
    rejected = []
    for finding in dict.fromkeys([*every, *kept]):
        if finding in told:
            continue
        if finding not in kept:
            why = "on the policy's allow list"
            if not policy.enabled(finding.entity):
                why = "the policy does not look for it"
        elif finding not in sure:
            least = policy.threshold(finding.entity, finding.detector)
            why = f"{finding.score:.2f} is below the threshold {least:g}"
        else:
            why = _beaten(finding, told, policy.conflicts)
        rejected.append(_because(finding, why))
    return told, sorted(rejected, key=lambda f: (f.start, f.end, f.entity, f.detector))


def _because(finding: Found, why: str) -> Found:
    return Found(finding.start, finding.end, finding.entity, finding.score, finding.detector, why)


#: By what a finding outvotes another: what is compared, and what it is called.
_BY: dict[str, tuple[Callable[[Found], float], str]] = {
    "proof": (lambda f: rank_of(f.detector), "better proof"),
    "length": (lambda f: f.end - f.start, "longer"),
    "score": (lambda f: f.score, "higher score"),
    "name": (lambda f: specificity_of(f.entity), "finer name"),
}


def _beaten(finding: Found, told: Sequence[Found], rule: ConflictRule) -> str:
    """By what, and on which of the rules of `resolve`."""
    over = [f for f in told if f.start < finding.end and f.end > finding.start]
    if not over:
        return "it overlaps others that were weighed first"
    if rule in ("protegrity", "presidio"):
        over = [f for f in over if f.start <= finding.start and f.end >= finding.end] or over
    if rule == "presidio":
        over = [f for f in over if f.entity == finding.entity] or over
    criteria = [_BY[name] for name in CRITERIA[rule]]
    best = max(over, key=lambda f: [rank_of(f.detector) == DENIED, *(of(f) for of, _ in criteria)])
    name = f"outvoted by {best.entity} ({best.detector}) at {best.start}-{best.end}"
    if rank_of(best.detector) == DENIED:
        return f"{name}: the policy denies it"
    if rule == "protegrity" and best.end - best.start > finding.end - finding.start:
        return f"{name}: it lies within that"
    for of, called in criteria:
        if of(best) > of(finding):
            return f"{name}: {called}"
        if of(best) < of(finding):
            return f"{name}: it says more of the same"
    return f"{name}: it comes first"


def context_words(text: str, finding: Found) -> tuple[str, ...]:
    """The words near a finding that made its form credible, as they stand there."""
    if not finding.detector.startswith("context."):
        return ()
    name = finding.detector.partition(".")[2]
    words = dict.fromkeys(w for p in all_patterns() if p.name == name for w in p.context)
    before = text[: finding.start].encode()[-BEFORE:]
    after = text[finding.end :].encode()[:AFTER]
    found = []
    for word in words:
        regex = compiled(rf"\b(?i:{word})" if word[0].isascii() else f"(?i:{word})")
        for piece in (before, after):
            match = regex.search(piece)
            if match is not None:
                found.append(match.group().decode("utf-8", "replace").lower())
    return tuple(dict.fromkeys(found))


def bare_forms(text: str, told: Sequence[Found], detectors: DetectorSet) -> list[Form]:
    """What has the form of something, and would be told if a word nearby said so."""
    data = text.encode()[:_LONGEST]
    taken = [(f.start, f.end) for f in told]
    names: dict[tuple[int, int], list[str]] = {}
    for pattern in all_patterns():
        if not (pattern.shape and pattern.context and pattern.search):
            continue
        if not detectors.policy.enabled(pattern.entity):
            continue
        for start, end in _matches(pattern, data):
            low = len(data[:start].decode("utf-8", "replace"))
            high = low + len(data[start:end].decode("utf-8", "replace"))
            if all(high <= a or low >= b for a, b in taken):
                names.setdefault((low, high), []).append(pattern.detector)
    forms = [Form(*span, tuple(dict.fromkeys(each))) for span, each in sorted(names.items())]
    return forms[:_MOST_FORMS]


def _matches(pattern: Pattern, data: bytes) -> Iterator[tuple[int, int]]:
    regex = compiled(pattern.source)
    at = 0
    while at < len(data) and (match := regex.search(data, at)) is not None:
        start, end = match.span()
        at = max(end, start + 1)
        if end > start and is_free(data, start, end, pattern.edge):
            piece = data[start:end].decode("utf-8", "replace")
            candidates = Candidates(pl.Series([piece], dtype=pl.String))
            if pattern.validate is None or bool(pattern.validate(candidates)[0]):
                yield start, end


def _rows(findings: pa.Table) -> list[Found]:
    return [
        Found(row["start"], row["end"], row["entity"], row["score"], row["detector"])
        for row in findings.to_pylist()
    ]
