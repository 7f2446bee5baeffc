"""Weighs one rule of the evidence table against one column."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lakescan.udfs.classify.header.lexicon import HINT
from lakescan.udfs.classify.verdict.forms import MOST, accounts, fits
from lakescan.udfs.classify.verdict.rules import Rule
from lakescan.udfs.classify.verdict.support import Support, pooled
from lakescan.udfs.classify.verdict.table import PLAIN, Column, members

#: A plain header over values of the right form, when no detector knows the values.
HEADER_CONFIDENCE = 0.72

#: A plain header over no values at all.
NAME_CONFIDENCE = 0.6

#: Values that hold the entity in this share of the cells let the header count in full.
_FULL_AGREEMENT = 0.5

#: In fewer cells the values are no agreement.
_LEAST_AGREEMENT = 0.2

#: What says so little is none for a doubtful header: any digits have the form of a licence.
_LEAST_SAID = 0.1

#: A header that plainly names something else leaves so much of what lists and shapes say,
#: and so much of what strict forms and check digits say.
_CONTRADICTED, _CONTRADICTED_PROVEN = 0.45, 0.9

#: So few values, in so many times as many rows, are repeated over and over.
_HANDFUL, _OVER_AND_OVER = 12, 4

#: Of a handful, as good as all.
_EACH = 0.95

#: A header that rules an entity out leaves so much.
_RULED_OUT = 0.3

#: Values so sure of something else keep a doubtful header, and a plain one, from deciding.
_RIVAL, _RIVAL_TO_PLAIN = 0.4, 0.8

#: What has a strict form or a check may stand in fewer of the values than the rule's share.
_STRICT_SHARE, _STRICT_SCORE = 0.4, 0.85

#: From so many distinct values on, which list knows most of them tells more than how sure it is of
#: one; where no other list of words knows this share of as many; and then it is so sure.
_CROWD, _FAR_FEWER, _TOLD_APART = 30, 0.7, 0.8

#: No verdict is surer.
_CEILING = 0.99


@dataclass(frozen=True, slots=True)
class Argument:
    """One way in which the evidence adds up.

    Args:
        basis: ``values``, ``header``, ``values and header``, ...: what it rests on.
        confidence: what it comes to; 0 where it does not hold.
        because: how, a sentence each. They name shares and entities, never a value.
        header: what the header brought to it.
    """

    basis: str
    confidence: float
    because: tuple[str, ...] = ()
    header: float = 0.0


_NOTHING = Argument("values", 0.0)
_HINT_ALONE = Argument("header", 0.0, ("the header only hints at it, and no value shows it",))


@dataclass(frozen=True, slots=True)
class Weighed:
    """How sure it is that a column holds an entity, and by what.

    Args:
        said: what the header said, 0..1.
        support: what the values contributed; None where no detector found it.
        argument: the one that decided.
        against: what kept other arguments from holding.
    """

    entity: str
    confidence: float
    said: float
    support: Support | None
    argument: Argument = _NOTHING
    against: tuple[str, ...] = ()


def weigh(rule: Rule, column: Column, concepts: dict[str, float], other: float) -> Weighed | None:
    """Confidence in one rule: the best of what values, header, and both together come to.

    Args:
        rule: the row of the evidence table.
        column: header, form and supports.
        concepts: the header's concepts as the table sees them.
        other: how plainly the header names something of another rule.

    Returns:
        None where neither header nor values say anything for it.
    """
    own = _own(rule, column)
    said = max((concepts.get(concept, 0.0) for concept in rule.concepts), default=0.0)
    lends = () if rule.lends_plainly and said < PLAIN else rule.lends
    lent = _best([s for s in column.supports if {s.entity, s.category} & set(lends)])
    if own is None and not said:
        return None
    arguments = []
    if own is not None:
        arguments.append(_by_values(rule, column, own, said, other))
        if _tells_apart(rule, column, own, other):
            arguments.append(_by_contrast(rule, own))
    if said >= PLAIN or (said >= HINT and not (rule.many and _repeats(column))):
        agreeing = max(
            (s for s in (own, lent) if s is not None), key=lambda s: s.certainty, default=None
        )
        if agreeing is not None and not _few_of_a_handful(rule, column, agreeing):
            arguments.append(_by_both(agreeing, said))
        elif said < PLAIN:
            arguments.append(_HINT_ALONE)
        if said >= PLAIN:
            arguments.append(_by_header(rule, column, said))
    best = max(arguments, key=lambda each: (each.confidence, each.header), default=_NOTHING)
    named = own is not None and (own.certainty >= 0.2 or not rule.concepts)
    backed = _backed(rule, column, said)
    return Weighed(
        entity=own.entity if named and own is not None else rule.entity,
        confidence=min(best.confidence, _CEILING),
        said=said,
        support=own or (lent if said else None),
        argument=replace(best, because=(*backed, *best.because)) if best.header else best,
        against=tuple(why for each in arguments if not each.confidence for why in each.because),
    )


def by_name(rule: Rule, concepts: dict[str, float]) -> Weighed | None:
    """Confidence in one rule where there is no value to look at: the name's word alone."""
    said = max((concepts.get(concept, 0.0) for concept in rule.concepts), default=0.0)
    if said < PLAIN:
        return None
    confidence = NAME_CONFIDENCE * min(1.0, said / 0.9)
    because = (f"the header says so ({said:.2f}); no value was read",)
    argument = Argument("header", confidence, because, confidence)
    return Weighed(rule.entity, confidence, said, None, argument)


def _by_values(rule: Rule, column: Column, own: Support, said: float, other: float) -> Argument:
    """What the values say for themselves."""
    needed = _least_share(rule, own)
    if own.share < needed:
        why = f"in {_percent(own.share)} of the values, {_percent(needed)} are needed"
        return Argument("values", 0.0, (why,))
    # One value may be anything; a strict form is half an argument by itself.
    enough = 0 < rule.kinds <= own.distinct
    chance = 1.0 if enough else 1 - 0.5 ** (own.distinct + own.proven)
    confidence = own.certainty * rule.values_alone * chance
    because = [f"the values: {own.certainty:.2f}"]
    if rule.values_alone < 1:
        because.append(f"without a header they count for {rule.values_alone:g} of that")
    if chance < 0.99:
        because.append(f"few distinct values ({own.distinct}): times {chance:.2f}")
    if rule.many and _repeats(column) and not _is_each(rule, own):
        confidence *= _CONTRADICTED
        because.append(f"a handful of values fills many rows: times {_CONTRADICTED:g}")
    if any(column.header.sure(concept) >= PLAIN for concept in rule.against):
        confidence *= _RULED_OUT
        because.append(f"the header rules it out: times {_RULED_OUT:g}")
    if own.named:
        because.append("the header holds a context word of the detector")
    elif said < HINT and (other >= PLAIN or column.header.key or column.header.about):
        factor = _CONTRADICTED_PROVEN if own.proven else _CONTRADICTED
        confidence *= factor
        because.append(f"the header names something else: times {factor:g}")
    return Argument("values", confidence, tuple(because))


def _tells_apart(rule: Rule, column: Column, own: Support, other: float) -> bool:
    """Whether a list knows most of many values that other lists do not, and no header objects."""
    if not rule.telling or own.share < rule.telling or own.distinct < _CROWD:
        return False
    if other >= PLAIN or column.header.key or column.header.about:
        return False
    # Nouns are written small; of those about nature and trades nine in ten are surnames as well.
    if not fits("name", column.shape) or column.shape.capitalized < MOST:
        return False
    others = (s for s in column.supports if not {s.entity, s.category} & set(rule.members))
    rivals = [s.share for s in others if any(_is_list(hit.detector) for hit in s.hits)]
    return max(rivals, default=0.0) <= _FAR_FEWER * own.share


def _is_list(detector: str) -> bool:
    return detector.startswith("dictionary.")


def _by_contrast(rule: Rule, own: Support) -> Argument:
    because = (
        f"its list knows {_percent(own.share)} of {own.distinct} values and more, no other as many",
    )
    return Argument("values", rule.values_alone * _TOLD_APART, because)


def _repeats(column: Column) -> bool:
    """Whether a handful of values fills many rows."""
    shape = column.shape
    return shape.distinct <= _HANDFUL and shape.profile.filled >= _OVER_AND_OVER * shape.distinct


def _is_each(rule: Rule, own: Support) -> bool:
    """Whether each of several values is such a thing, and so the handful no list of labels."""
    return 0 < rule.all_of_few <= own.distinct and own.share >= _EACH


def _few_of_a_handful(rule: Rule, column: Column, agreeing: Support) -> bool:
    """Whether under a doubtful header only some of a handful of labels are such things.

    "admin, editor, viewer" are no jobs, though one of them may be.
    """
    plain = column.header.sure(*rule.concepts) >= PLAIN
    return rule.many and not plain and _repeats(column) and agreeing.share < _FULL_AGREEMENT


def _by_both(agreeing: Support, said: float) -> Argument:
    """What values and header say together, as independent witnesses."""
    if agreeing.share < _LEAST_AGREEMENT:
        why = (
            f"{agreeing.entity} in only {_percent(agreeing.share)} of the values beside the header"
        )
        return Argument("values and header", 0.0, (why,))
    if said < PLAIN and agreeing.certainty < _LEAST_SAID:
        return _HINT_ALONE
    header = said * min(1.0, agreeing.share / _FULL_AGREEMENT)
    joint = 1 - (1 - agreeing.certainty) * (1 - header)
    because = [
        (
            f"values ({agreeing.entity}) and header agree: "
            f"1 - (1 - {agreeing.certainty:.2f}) x (1 - {header:.2f})"
        )
    ]
    if said < PLAIN and not agreeing.proven:
        chance = 1 - 0.5**agreeing.distinct
        joint *= chance
        if chance < 0.99:
            because.append(f"few distinct values ({agreeing.distinct}): times {chance:.2f}")
    return Argument("values and header", joint, tuple(because), header)


def _by_header(rule: Rule, column: Column, said: float) -> Argument:
    """What the header says where no detector knows the values."""
    objection = _objection(rule, column)
    if objection is not None:
        return Argument("header", 0.0, (objection,))
    confidence = HEADER_CONFIDENCE * min(1.0, said / 0.9)
    because = f"the header says so ({said:.2f}), and the values have the form of it ({rule.form})"
    return Argument("header", confidence, (because,), confidence)


def _backed(rule: Rule, column: Column, said: float) -> tuple[str, ...]:
    """What the neighbours added to the header."""
    alone = column.header.sure(*rule.concepts)
    if said <= alone:
        return ()
    return (f"neighbouring columns raise the header from {alone:.2f} to {said:.2f}",)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _objection(rule: Rule, column: Column) -> str | None:
    """Why the header may not decide alone; None where it may.

    The values must have the form that it promises, and nothing else may be in them.
    """
    if not rule.header_alone:
        return "a header alone does not decide this entity"
    plain = column.header.sure(*rule.concepts) >= PLAIN
    form = rule.form if plain else rule.doubtful_form or rule.form
    if not fits(form, column.shape):
        return f"the values do not have the form that the header promises ({rule.form})"
    mine = {id(s) for s in members(rule, column.supports)}
    # "m.osei", "rkowalczyk" are half a name by themselves.
    least = _RIVAL_TO_PLAIN if plain or (form == "handle" and accounts(column.shape)) else _RIVAL
    rival = _best(
        [
            s
            for s in column.supports
            if s.certainty >= least
            and id(s) not in mine
            and not {s.entity, s.category} & set(rule.lends)
        ]
    )
    return None if rival is None else f"the values are {rival.entity} ({rival.certainty:.2f})"


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
