"""How much a column's values speak for each entity."""

from __future__ import annotations

from dataclasses import dataclass

from lakescan.policy import ColumnPolicy
from lakescan.udfs.classify.profile import HIT_PRECISION, ColumnProfile, Hit

#: A check digit or a strict form holds by chance once or not at all; when most of many distinct
#: values have it, what a single value left open is settled.
_SETTLED = 0.7
_SETTLING_SHARE, _SETTLING_VALUES = 0.8, 6

#: A bare number with a right check digit is a shape: one in ten has it by chance. Nine tenths of
#: eight or more different numbers have not.
_CHECKED_SCORE, _CHECKED_SHARE, _CHECKED = 0.29, 0.9, 8

#: Shapes that score as high without any check digit.
UNCHECKED = frozenset(
    "shape.us_ssn shape.credit_card shape.phone_national shape.phone_nanp"
    " shape.phone_international shape.bic shape.card_expiration shape.hex_digest shape.iban"
    " shape.date_compact".split()
)

#: A word list scores a single cell low (0.45: "May", "Jordan", "Berlin" are several things); a
#: whole column of such cells is better evidence.
_LIST_GAIN = 1.9

#: A hit inside a longer cell counts so much of a hit that is the cell.
_INSIDE = 0.5


@dataclass(frozen=True, slots=True)
class Support:
    """What the values say for one entity.

    Args:
        entity: which.
        category: its category.
        certainty: 0..1: share of the values times how sure the detectors are of such values.
        share: of the filled cells, rows and distinct values taken together, whole cells first.
        rows: cells with a hit, at most; those of the widest detector.
        distinct: distinct values with one.
        proven: whether a strict form or a check stands behind it, not a list or a mere shape.
        hits: the evidence, most rows first.
    """

    entity: str
    category: str
    certainty: float
    share: float
    rows: int
    distinct: int
    proven: bool
    hits: tuple[Hit, ...]


def kind_of(detector: str) -> str:
    """``pattern``, ``shape``, ``dictionary``, ... : the first part of a detector's name."""
    return detector.partition(".")[0]


def supports(profile: ColumnProfile, policy: ColumnPolicy) -> tuple[Support, ...]:
    """The support of every entity that was found and that the policy wants."""
    by_entity: dict[str, list[Hit]] = {}
    for hit in profile.hits:
        if policy.enabled(hit.entity) and _sure_enough(hit, policy):
            by_entity.setdefault(hit.entity, []).append(hit)
    base = max(1, profile.sketch.fold(HIT_PRECISION).count())
    return tuple(
        _support(entity, policy.policy.category_of(entity), hits, profile, base)
        for entity, hits in sorted(by_entity.items())
    )


def _sure_enough(hit: Hit, policy: ColumnPolicy) -> bool:
    """Whether a detector reaches the threshold that the policy gives to it by name, if any."""
    least = policy.threshold(hit.entity, hit.detector)
    return hit.mean_score >= least or least == policy.threshold(hit.entity)


def _support(
    entity: str, category: str, hits: list[Hit], profile: ColumnProfile, base: int
) -> Support:
    certainty, best, share, proven_share, distinct = 0.0, 0.0, 0.0, 0.0, 0
    for hit in hits:
        known = min(1.0, hit.sketch.count() / base)
        values = max(1, round(known * profile.distinct))
        mine = _share(hit, profile, known)
        strength = _strength(hit, mine, values)
        certainty += mine * strength
        best = max(best, strength)
        share += mine
        distinct = max(distinct, values)
        if kind_of(hit.detector) not in ("shape", "dictionary"):
            proven_share += mine
    share = min(1.0, share)
    return Support(
        entity=entity,
        category=category,
        certainty=min(certainty, best),
        share=share,
        rows=max(hit.rows for hit in hits),
        distinct=distinct,
        proven=proven_share >= share / 2,
        hits=tuple(sorted(hits, key=lambda hit: (-hit.rows, -hit.score, hit.detector))),
    )


def _share(hit: Hit, profile: ColumnProfile, known: float) -> float:
    """Of rows and of distinct values alike: repeating one value makes no evidence."""
    rows = hit.whole_rows + _INSIDE * (hit.rows - hit.whole_rows)
    return (rows / max(1, profile.filled) + known * rows / hit.rows) / 2


def _strength(hit: Hit, share: float, values: int) -> float:
    score = hit.mean_score
    kind = kind_of(hit.detector)
    if kind == "dictionary":
        return min(0.95, score * _LIST_GAIN)
    if kind != "shape" and share >= _SETTLING_SHARE and values >= _SETTLING_VALUES:
        return score + (1 - score) * _SETTLED
    if kind == "shape" and _is_checked(hit) and share >= _CHECKED_SHARE and values >= _CHECKED:
        return score + (1 - score) * _SETTLED
    return score


def _is_checked(hit: Hit) -> bool:
    return hit.mean_score >= _CHECKED_SCORE and hit.detector not in UNCHECKED
