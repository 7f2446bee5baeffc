"""Texts in Protegrity's way: groups of equal spans, mean scores, labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lakescan.jobs.anonymize.exchange import exchange
from lakescan.jobs.detect import Finding
from lakescan.service.adapters.protegrity_words import (
    CONTEXT,
    classifier,
    harmonized,
    original,
    provider_of,
)

Json = dict[str, object]


class Classified(NamedTuple):
    """What one provider's classifier says of a span."""

    provider: int
    name: str
    score: float
    entity: str


class Spotted(NamedTuple):
    """A span, the category that providers agree on, and what each says (the pattern's first)."""

    start: int
    end: int
    category: str
    classifiers: tuple[Classified, ...]

    @property
    def score(self) -> float:
        """The arithmetic mean of the classifiers' scores, in double precision."""
        return sum(each.score for each in self.classifiers) / len(self.classifiers)


def spotted(found: Sequence[Finding], least: float) -> list[Spotted]:
    """Findings in groups of equal start, end and harmonized category.

    Args:
        found: everything, overlapping or not.
        least: classifiers with a lower score are left out.

    Returns:
        What the pattern provider has (with what context adds to it) in the order of the text, then
        what context alone has, in the order of the text.
    """
    groups: dict[tuple[int, int, str], dict[int, Classified]] = {}
    for each in found:
        if each.score < least:
            continue
        provider = provider_of(each.detector)
        said = groups.setdefault((each.start, each.end, harmonized(each.entity)), {})
        before = said.get(provider)
        if before is None or each.score > before.score:
            said[provider] = Classified(
                provider, classifier(each.detector), each.score, original(each.entity, provider)
            )
    spots = [
        Spotted(*span, tuple(said[provider] for provider in sorted(said)))
        for span, said in groups.items()
    ]
    return sorted(spots, key=lambda s: (s.classifiers[0].provider == CONTEXT, s.start, s.end))


def grouped(spots: Sequence[Spotted]) -> dict[str, list[Json]]:
    """The response's ``classifications``; keys by first appearance."""
    value: dict[str, list[Json]] = {}
    for spot in spots:
        value.setdefault(spot.category, []).append(
            {
                "score": spot.score,
                "location": {"start_index": spot.start, "end_index": spot.end},
                "classifiers": [
                    {
                        "provider_index": each.provider,
                        "name": each.name,
                        "score": each.score,
                        "original_entity": each.entity,
                        "details": {},
                    }
                    for each in spot.classifiers
                ],
            }
        )
    return value


class _Piece(NamedTuple):
    """A stretch of text and its label."""

    start: int
    end: int
    labels: tuple[str, ...]


def labelled(text: str, spots: Sequence[Spotted]) -> str:
    """The text with ``[CATEGORY]`` in the place of each span; adjacent ones stay apart.

    Of equal spans the surer one is kept (the first of equals), of a span within another the longer;
    spans that overlap in part have one label over both, ``[A&B]``.
    """
    pieces = joined(settled(spots))
    spans = [(piece.start, piece.end) for piece in pieces]
    return exchange(text, spans, [f"[{'&'.join(piece.labels)}]" for piece in pieces]).text


def settled(spots: Sequence[Spotted]) -> list[Spotted]:
    """Without equal spans and spans within others; what remains overlaps in part at most."""
    best: dict[tuple[int, int], Spotted] = {}
    for spot in spots:
        place = (spot.start, spot.end)
        if place not in best or spot.score > best[place].score:
            best[place] = spot
    kept: list[Spotted] = []
    furthest = -1
    for spot in sorted(best.values(), key=lambda s: (s.start, -s.end)):
        if spot.end > furthest:
            kept.append(spot)
            furthest = spot.end
    return kept


def joined(spots: Sequence[Spotted]) -> list[_Piece]:
    """Spans that overlap in part, as one; labels in the order of the text, each once."""
    pieces: list[_Piece] = []
    for spot in spots:
        last = pieces[-1] if pieces else None
        if last is not None and spot.start < last.end:
            labels = tuple(dict.fromkeys((*last.labels, spot.category)))
            pieces[-1] = _Piece(last.start, max(last.end, spot.end), labels)
        else:
            pieces.append(_Piece(spot.start, spot.end, (spot.category,)))
    return pieces
