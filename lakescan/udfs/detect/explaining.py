"""Why a text's findings are told, and why others are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.policy import Policy
from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.collect import Group, table_of
from lakescan.udfs.detect.conflicts.outvoted import Found, Winners
from lakescan.udfs.detect.context import AFTER, BEFORE
from lakescan.udfs.detect.detector_set import DetectorSet
from lakescan.udfs.detect.matching.regexes import compiled
from lakescan.udfs.detect.matching.searcher import is_free
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.patterns import all_patterns
from lakescan.udfs.detect.values import Values

#: Forms without a word nearby are looked for in so many bytes, and so many are told.
_LONGEST, _MOST_FORMS = 200_000, 20


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
    policy = detectors.policy
    sifted = detectors.sift(Values.of([text]))
    seen = table_of(sifted.found)
    told = _rows(detectors.settled(seen))
    rejected = [_because(f, "the policy does not look for it") for f in _of(sifted.unwanted)]
    rejected += [_because(f, "on the policy's allow list") for f in _of(sifted.allowed)]
    winners = Winners(told, policy.conflicts)
    for finding in _rows(seen).keys() - told.keys():
        least = policy.threshold(finding.entity, finding.detector)
        if finding.score < np.float32(least):
            why = f"{finding.score:.2f} is below the threshold {least:g}"
        else:
            why = winners.over(finding)
        rejected.append(_because(finding, why))
    rejected.sort(key=lambda f: (f.start, f.end, f.entity, f.detector))
    return list(told), rejected


def _because(finding: Found, why: str) -> Found:
    return replace(finding, why=why)


def context_words(text: str, finding: Found, policy: Policy | None = None) -> tuple[str, ...]:
    """The words near a finding that made its form credible or surer, as they stand there.

    Args:
        text: in which it was found.
        finding: which.
        policy: with the user's own detectors, whose words are known from nowhere else.
    """
    kind, _, name = finding.detector.partition(".")
    own = () if policy is None else policy.detectors
    if kind == "context":
        words = [word for each in all_patterns() if each.name == name for word in each.context]
    elif kind == "custom":
        declared = [word for each in own if each.name == name for word in each.context]
        words = [re.escape(word) for word in declared]
    else:
        return ()
    before = text[max(0, finding.start - BEFORE) : finding.start].encode()[-BEFORE:]
    after = text[finding.end : finding.end + AFTER].encode()[:AFTER]
    found = []
    for word in dict.fromkeys(words):
        regex = compiled(rf"\b(?i:{word})" if word[0].isascii() else f"(?i:{word})")
        for piece in (before, after):
            match = regex.search(piece)
            if match is not None:
                found.append(match.group().decode("utf-8", "replace").lower())
    return tuple(dict.fromkeys(found))


def bare_forms(text: str, told: Sequence[Found], detectors: DetectorSet) -> list[Form]:
    """What has the form of something, and would be told if a word nearby said so."""
    data = text[:_LONGEST].encode()[:_LONGEST]
    # Of each byte, the code points up to it.
    points = np.cumsum((np.frombuffer(data, np.uint8) & 0xC0) != 0x80)
    taken = Winners(told, detectors.policy.conflicts)
    names: dict[tuple[int, int], list[str]] = {}
    for pattern in all_patterns():
        if not (pattern.shape and pattern.context and pattern.search):
            continue
        if not detectors.policy.enabled(pattern.entity):
            continue
        spans = (
            (int(points[start]) - 1, int(points[end - 1])) for start, end in _matches(pattern, data)
        )
        free = (span for span in spans if not taken.overlapping(*span))
        for span in islice(free, _MOST_FORMS):
            names.setdefault(span, []).append(pattern.detector)
    forms = [Form(*span, tuple(dict.fromkeys(each))) for span, each in sorted(names.items())]
    return forms[:_MOST_FORMS]


def _matches(pattern: Pattern, data: bytes) -> Iterator[tuple[int, int]]:
    regex, beyond = compiled(pattern.source), compiled("[^0-9A-Za-z_]")
    at = 0
    while at < len(data) and (match := regex.search(data, at)) is not None:
        start, end = match.span()
        if end > start and not is_free(data, start, end, pattern.edge):
            # Any match that begins in the same word has the same neighbour: go on after it.
            edge = beyond.search(data, start + 1)
            at = len(data) if edge is None else edge.start()
            continue
        at = max(end, start + 1)
        if end > start:
            piece = data[start:end].decode("utf-8", "replace")
            candidates = Candidates(pl.Series([piece], dtype=pl.String))
            if pattern.validate is None or bool(pattern.validate(candidates)[0]):
                yield start, end


def _rows(findings: pa.Table) -> dict[Found, None]:
    """Findings in their order; none twice."""
    columns = ("start", "end", "entity", "score", "detector")
    lists = (findings[name].to_pylist() for name in columns)
    return dict.fromkeys(Found(*one) for one in zip(*lists, strict=True))


def _of(groups: list[Group]) -> dict[Found, None]:
    return _rows(table_of(groups))
