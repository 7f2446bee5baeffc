"""What a column's name says for the user's own detectors: their context words stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lakescan.policy import Policy
from lakescan.udfs.classify.header.header import Header
from lakescan.udfs.classify.header.lexicon import singular, words_of
from lakescan.udfs.classify.profile.profile import Hit
from lakescan.udfs.classify.verdict.support import Support

#: What a context word adds, in a header as in a text (`lakescan.udfs.detect.custom`).
LIFT = 0.35


def in_context(found: tuple[Support, ...], header: Header, policy: Policy) -> tuple[Support, ...]:
    """The supports, those of custom detectors raised whose context word the header holds."""
    named = {
        f"custom.{declared.name}"
        for declared in policy.detectors
        if any(_stands_in(words_of(word), header.words) for word in declared.context)
    }
    if not named:
        return found
    return tuple(
        _lifted(support) if any(hit.detector in named for hit in support.hits) else support
        for support in found
    )


def _lifted(support: Support) -> Support:
    hits = tuple(
        _raised(hit) if hit.detector.startswith("custom.") else hit for hit in support.hits
    )
    certainty = min(1.0, support.certainty + LIFT * support.share)
    return replace(support, certainty=certainty, hits=hits, named=True)


def _raised(hit: Hit) -> Hit:
    """The hit with its score as it is with a context word near, never above one."""
    most = 1000 * hit.rows
    return replace(hit, score=min(most, hit.score + round(1000 * LIFT) * hit.rows))


def _stands_in(phrase: Sequence[str], words: Sequence[str]) -> bool:
    size = len(phrase)
    return size > 0 and any(
        all(_same(a, b) for a, b in zip(phrase, words[at:], strict=False))
        for at in range(len(words) - size + 1)
    )


def _same(one: str, other: str) -> bool:
    return bool({one, singular(one)} & {other, singular(other), other.removesuffix("es")})
