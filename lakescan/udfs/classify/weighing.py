"""Weighs one rule of the evidence table against one column."""

from __future__ import annotations

from dataclasses import dataclass

from lakescan.udfs.classify.forms import fits
from lakescan.udfs.classify.lexicon import HINT
from lakescan.udfs.classify.rules import Rule
from lakescan.udfs.classify.support import Support, pooled
from lakescan.udfs.classify.table import PLAIN, Column, members

#: A plain header over values of the right form, when no detector knows the values.
HEADER_CONFIDENCE = 0.72

#: Values that hold the entity in this share of the cells let the header count in full.
_FULL_AGREEMENT = 0.5

#: In fewer cells the values are no agreement.
_LEAST_AGREEMENT = 0.2

#: A header that plainly names something else leaves so much of what lists and shapes say,
#: and so much of what strict forms and check digits say.
_CONTRADICTED, _CONTRADICTED_PROVEN = 0.45, 0.9

#: So few values, in so many times as many rows, are repeated over and over.
_HANDFUL, _OVER_AND_OVER = 12, 4

#: A header that rules an entity out leaves so much.
_RULED_OUT = 0.3

#: Values so sure of something else keep a doubtful header, and a plain one, from deciding.
_RIVAL, _RIVAL_TO_PLAIN = 0.4, 0.8

#: What has a strict form or a check may stand in fewer of the values than the rule's share.
_STRICT_SHARE, _STRICT_SCORE = 0.4, 0.85

#: No verdict is surer.
_CEILING = 0.99


@dataclass(frozen=True, slots=True)
class Weighed:
    """How sure it is that a column holds an entity, and by what.

    Args:
        said: what the header contributed, 0..1.
        support: what the values contributed; None where no detector found it.
    """

    entity: str
    confidence: float
    said: float
    support: Support | None


def weigh(rule: Rule, column: Column, concepts: dict[str, float], other: float) -> Weighed | None:
    """Confidence in one rule.

    Args:
        rule: the row of the evidence table.
        column: header, form and supports.
        concepts: the header's concepts as the table sees them.
        other: how plainly the header names something of another rule.

    Returns:
        None where neither header nor values say anything for it.
    """
    own = _own(rule, column)
    lent = _best([s for s in column.supports if {s.entity, s.category} & set(rule.lends)])
    said = max((concepts.get(concept, 0.0) for concept in rule.concepts), default=0.0)
    if own is None and not said:
        return None
    confidence = 0.0
    if own is not None and own.share >= _least_share(rule, own):
        # One value may be anything; a strict form is half an argument by itself.
        chance = 1 - 0.5 ** (own.distinct + own.proven)
        confidence = own.certainty * rule.values_alone * chance
        if rule.many and _repeats(column):
            confidence *= _CONTRADICTED
        if any(column.header.sure(concept) >= PLAIN for concept in rule.against):
            confidence *= _RULED_OUT
        if said < HINT and (other >= PLAIN or column.header.key or column.header.about):
            confidence *= _CONTRADICTED_PROVEN if own.proven else _CONTRADICTED
    if said >= HINT:
        agreeing = max(
            (s for s in (own, lent) if s is not None), key=lambda s: s.certainty, default=None
        )
        if agreeing is not None and agreeing.share >= _LEAST_AGREEMENT:
            part = min(1.0, agreeing.share / _FULL_AGREEMENT)
            joint = 1 - (1 - agreeing.certainty) * (1 - said * part)
            if said < PLAIN and not agreeing.proven:
                joint *= 1 - 0.5**agreeing.distinct
            confidence = max(confidence, joint)
        if said >= PLAIN and _header_may_decide(rule, column):
            confidence = max(confidence, HEADER_CONFIDENCE * min(1.0, said / 0.9))
    if confidence <= 0:
        return None
    named = own is not None and (own.certainty >= 0.2 or not rule.concepts)
    entity = own.entity if named and own is not None else rule.entity
    return Weighed(entity, min(confidence, _CEILING), said, own or (lent if said else None))


def _repeats(column: Column) -> bool:
    """Whether a handful of values fills many rows."""
    shape = column.shape
    return shape.distinct <= _HANDFUL and shape.profile.filled >= _OVER_AND_OVER * shape.distinct


def _header_may_decide(rule: Rule, column: Column) -> bool:
    """Whether the values have the form that the header promises, and nothing else is in them."""
    plain = column.header.sure(*rule.concepts) >= PLAIN
    form = rule.form if plain else rule.doubtful_form or rule.form
    if not rule.header_alone or not fits(form, column.shape):
        return False
    mine = {id(s) for s in members(rule, column.supports)}
    least = _RIVAL_TO_PLAIN if plain else _RIVAL
    return not any(
        s.certainty >= least
        for s in column.supports
        if id(s) not in mine and not {s.entity, s.category} & set(rule.lends)
    )


def _least_share(rule: Rule, own: Support) -> float:
    strict = own.proven and any(hit.mean_score >= _STRICT_SCORE for hit in own.hits)
    return min(rule.share, _STRICT_SHARE) if strict else rule.share


def _own(rule: Rule, column: Column) -> Support | None:
    """The best support for a rule, or several countries' numbers together where that is more."""
    found = members(rule, column.supports)
    best = _best(found)
    together = pooled(found, rule.entity, rule.entity) if rule.pooled else None
    if together is not None and best is not None and best.share < _STRICT_SHARE <= together.share:
        return together
    return best


def _best(found: list[Support]) -> Support | None:
    return max(found, key=lambda s: (s.certainty, s.share, s.entity), default=None)
