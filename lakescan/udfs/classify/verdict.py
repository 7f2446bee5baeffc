"""The verdict: what a column holds, from its merged profile, its header and its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from lakescan.entities import category_of, domain_of, is_known
from lakescan.udfs.classify.forms import Shape, fits
from lakescan.udfs.classify.header import SURE, Header, read_header
from lakescan.udfs.classify.interval import wilson
from lakescan.udfs.classify.profile import HIT_PRECISION, ColumnProfile, Hit
from lakescan.udfs.classify.rules import Rule, rules


class VerdictPolicy(Protocol):
    """What a verdict asks of the policy."""

    def enabled(self, entity: str) -> bool:
        """Whether the user wants to hear of an entity."""

    def threshold(self, entity: str, detector: str | None = None) -> float:
        """The least confidence that is reported."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: a detector's, or the header's (then ``rows_hit`` is None)."""

    detector: str
    score: float
    rows_hit: int | None = None


@dataclass(frozen=True, slots=True)
class EntityVerdict:
    """One entity that a column holds; fields as in the JSON contract (docs/verdict.md)."""

    entity: str
    category: str
    domain: str
    confidence: float
    prevalence: float
    interval: tuple[float, float]
    rows_hit: int
    distinct_hit: int
    samples: tuple[str, ...]
    evidence: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ColumnVerdict:
    """One column; ``classifications`` best first, none meaning that nothing was found.

    Args:
        missed_below: an entity that was not seen at all may stand in this share of the rows at most
            (upper end of the 95 % interval); 0 after a full scan.
    """

    path: str
    index: int
    type: str
    rows: int
    nulls: int
    distinct: int
    sensitive: bool
    type_hint: str | None
    classifications: tuple[EntityVerdict, ...]
    missed_below: float


def verdicts(
    profiles: Sequence[ColumnProfile],
    policy: VerdictPolicy,
    *,
    named: bool = True,
    total_rows: int | None = None,
) -> tuple[ColumnVerdict, ...]:
    """Judge all columns of a dataset; neighbours count, so give them together.

    Args:
        profiles: merged profiles of every leaf.
        policy: which entities to report, from which confidence on.
        named: whether the columns' names are the table's own (False: they are made up).
        total_rows: rows of the dataset; None when unknown. More than were scanned widens intervals.
    """
    return tuple(
        _judge(profile, read_header(profile.path) if named else Header(), policy, total_rows)
        for profile in profiles
    )


def _judge(
    profile: ColumnProfile, header: Header, policy: VerdictPolicy, total_rows: int | None
) -> ColumnVerdict:
    shape = Shape(profile)
    scanned = profile.rows
    total = None if total_rows is None else round(total_rows * profile.filled / max(1, scanned))
    by_entity: dict[str, list[Hit]] = {}
    for hit in profile.hits:
        by_entity.setdefault(hit.entity, []).append(hit)
    found: list[EntityVerdict] = []
    for entity in {*rules(), *by_entity}:
        if not is_known(entity) or not policy.enabled(entity):
            continue
        rule = rules().get(entity, Rule(entity, (), "filled"))
        verdict = _weigh(rule, by_entity.get(entity, []), profile, header, shape, total)
        if verdict is not None and verdict.confidence >= policy.threshold(entity):
            found.append(verdict)
    found.sort(key=lambda v: (-v.confidence, -v.prevalence, v.entity))
    prose = shape.prose >= 0.4 and shape.text.rows > 0
    return ColumnVerdict(
        path=profile.path,
        index=profile.index,
        type=profile.type,
        rows=profile.rows,
        nulls=profile.nulls + profile.blanks,
        distinct=profile.distinct,
        sensitive=any(
            v.category not in ("AMOUNT", "DATETIME", "UUID", "ORGANIZATION", "URL") for v in found
        ),
        type_hint="FREE_TEXT" if prose else None,
        classifications=tuple(found),
        missed_below=wilson(0, profile.filled, total)[1],
    )


def _weigh(
    rule: Rule,
    hits: Iterable[Hit],
    profile: ColumnProfile,
    header: Header,
    shape: Shape,
    total: int | None,
) -> EntityVerdict | None:
    filled = profile.filled
    if filled == 0:
        return None
    hits = sorted(hits, key=lambda h: (-h.score, h.detector))
    said = max((header.sure(concept) for concept in rule.concepts), default=0.0)
    if header.about or header.key:
        said *= 0.3
    best = max((h.whole_rows / filled * h.mean_score for h in hits), default=0.0)
    share = max((h.whole_rows / filled for h in hits), default=0.0)
    confidence = 0.0
    if share >= rule.share:
        confidence = best * rule.values_alone
    if share >= rule.backed_share:
        confidence = max(confidence, 1 - (1 - best) * (1 - said)) if said else confidence
    if rule.header_alone and said >= SURE and fits(rule.form, shape):
        confidence = max(confidence, 0.7)
    if confidence <= 0:
        return None
    rows = max((h.rows for h in hits), default=0)
    reasons = [Reason(h.detector, round(h.mean_score, 3), h.rows) for h in hits]
    if said:
        reasons.append(Reason("header", said))
    base = profile.sketch.fold(HIT_PRECISION).count() or 1
    distinct = max((min(1.0, h.sketch.count() / base) for h in hits), default=0.0)
    return EntityVerdict(
        entity=rule.entity,
        category=category_of(rule.entity),
        domain=domain_of(rule.entity),
        confidence=round(min(confidence, 0.99), 3),
        prevalence=rows / filled,
        interval=wilson(rows, filled, total),
        rows_hit=rows,
        distinct_hit=round(distinct * profile.distinct),
        samples=tuple(text for _, text in hits[0].previews) if hits else (),
        evidence=tuple(reasons),
    )
