"""Why a verdict is what it is: the evidence behind it, and what was outvoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lakescan.policy import ColumnPolicy
from lakescan.udfs.classify.header.lexicon import HINT
from lakescan.udfs.classify.profile.profile import ColumnProfile, Hit
from lakescan.udfs.classify.verdict.support import kind_of
from lakescan.udfs.classify.verdict.table import Column
from lakescan.udfs.classify.verdict.weighing import Weighed
from lakescan.udfs.detect.allow import ALLOWED
from lakescan.udfs.detect.conflicts.disputes import LOST

#: So many are told of what is outvoted, and none with less evidence than this.
_MOST, _LEAST_CERTAINTY = 5, 0.05


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: a detector's, or the header's (then ``rows_hit`` is None).

    Args:
        weight: what it brought to the confidence, 0..1; None where nothing was weighed.
        samples: masked previews of what the detector found.
    """

    detector: str
    score: float
    rows_hit: int | None = None
    weight: float | None = None
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entity for which something spoke, and which is not told.

    Args:
        confidence: what the evidence came to.
        because: why it is not told, a sentence each.
    """

    entity: str
    category: str
    confidence: float
    because: tuple[str, ...]
    evidence: tuple[Reason, ...]


def reasons_of(weighed: Weighed) -> Iterator[Reason]:
    """The detectors' part of the evidence, most rows first."""
    support = weighed.support
    for hit, weight in support.weighed if support is not None else ():
        yield Reason(
            hit.detector,
            round(hit.mean_score, 3),
            hit.rows,
            None if weight is None else round(weight, 3),
            tuple(text for _, text in hit.previews),
        )


def rejected(
    every: Sequence[Weighed], told: Sequence[Weighed], policy: ColumnPolicy
) -> tuple[Rejected, ...]:
    """What was weighed and is not told, with the reasons."""
    names = {weighed.entity for weighed in told}
    return _surest(
        Rejected(
            weighed.entity,
            policy.policy.category_of(weighed.entity),
            round(weighed.confidence, 3),
            (*_short(weighed, policy), *weighed.against),
            (*reasons_of(weighed), *_header(weighed)),
        )
        for weighed in every
        if weighed.entity not in names and _spoke(weighed)
    )


def rejected_inside(
    column: Column, every: Sequence[Weighed], told: Sequence[Weighed], policy: ColumnPolicy
) -> tuple[Rejected, ...]:
    """What has evidence in a column of prose, and is not told."""
    names = {weighed.entity for weighed in told}
    weighed_inside = {weighed.entity: weighed for weighed in every}
    found = []
    for support in column.supports:
        if support.entity in names or support.certainty < _LEAST_CERTAINTY:
            continue
        weighed = weighed_inside.get(support.entity) or Weighed(support.entity, 0.0, 0.0, support)
        kinds = {kind_of(hit.detector) for hit in support.hits}
        if weighed.confidence:
            why = _short(weighed, policy)
        elif kinds <= {"shape", "dictionary"}:
            why = ("lists and mere shapes do not count inside prose",)
        else:
            why = ("in too few of the rows",)
        category = policy.policy.category_of(support.entity)
        found.append(
            Rejected(
                support.entity, category, round(weighed.confidence, 3), why,
                tuple(reasons_of(weighed)),
            )
        )  # fmt: skip
    return _surest(found)


def by_policy(profile: ColumnProfile, policy: ColumnPolicy) -> tuple[Rejected, ...]:
    """What is not told by the policy's word: its allow list, its rule for conflicts."""
    allowed = "values on the policy's allow list, in {} of the rows"
    lost = f"loses to what overlaps it by the rule `{policy.policy.conflicts}`, in {{}} of the rows"
    return (*_without(profile, policy, ALLOWED, allowed), *_without(profile, policy, LOST, lost))


def _without(
    profile: ColumnProfile, policy: ColumnPolicy, kind: str, because: str
) -> tuple[Rejected, ...]:
    hits: dict[str, list[Hit]] = {}
    for hit in profile.hits:
        if kind_of(hit.detector) == kind and policy.enabled(hit.entity):
            hits.setdefault(hit.entity, []).append(hit)
    found = []
    for entity, each in hits.items():
        rows = max(hit.rows for hit in each)
        why = because.format(rows)
        evidence = tuple(
            Reason(hit.detector, round(hit.mean_score, 3), hit.rows, None,
                   tuple(text for _, text in hit.previews))
            for hit in sorted(each, key=lambda hit: (-hit.rows, hit.detector))
        )  # fmt: skip
        found.append(Rejected(entity, policy.policy.category_of(entity), 0.0, (why,), evidence))
    return _surest(found)


def _short(weighed: Weighed, policy: ColumnPolicy) -> tuple[str, ...]:
    if not weighed.confidence:
        return ()
    least = policy.threshold(weighed.entity)
    return (*weighed.argument.because, f"{weighed.confidence:.2f} is below the threshold {least:g}")


def _header(weighed: Weighed) -> tuple[Reason, ...]:
    if not weighed.said:
        return ()
    weight = round(weighed.argument.header, 3)
    return (Reason("header", round(weighed.said, 3), weight=weight),)


def _spoke(weighed: Weighed) -> bool:
    certainty = weighed.support.certainty if weighed.support is not None else 0.0
    return certainty >= _LEAST_CERTAINTY or weighed.said >= HINT


def _surest(found: Iterator[Rejected] | list[Rejected]) -> tuple[Rejected, ...]:
    ordered = sorted(found, key=lambda each: (-each.confidence, -_weight(each), each.entity))
    return tuple(ordered[:_MOST])


def _weight(each: Rejected) -> float:
    return max((reason.weight or 0.0 for reason in each.evidence), default=0.0)
