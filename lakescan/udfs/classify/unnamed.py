"""Tables without a header: what neighbours make of a column that its values leave open.

Five digits are a postal code beside towns and states; two finely written numbers within 90 and
180 are a position beside a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lakescan.udfs.classify.forms import Shape
from lakescan.udfs.classify.lexicon import HINT
from lakescan.udfs.classify.rules import rule_of
from lakescan.udfs.classify.support import Support

if TYPE_CHECKING:
    from lakescan.udfs.classify.table import Column

#: Values that speak for a place or a person so loudly are a neighbour's backing: two such columns,
#: or one that is sure.
_LOUD, _SURE = 0.3, 0.7

#: Postal codes and the like have no list: their form is all that there is.
_BY_FORM = {"zip": 0.15}

_NEARLY_ALL = 0.8

#: Numbers that are counted up leave out few of their range, postal codes nearly all.
_DENSE = 4

#: A position is written with three decimals or more, in most cells.
_FINE = 0.7


def guess(columns: Sequence[Column]) -> list[dict[str, float]]:
    """For each column the concepts that its neighbours suggest, as a doubtful header would."""
    best = [_loudest(column.supports) for column in columns]
    guessed: list[dict[str, float]] = [{} for _ in columns]
    for place, column in enumerate(columns):
        for support in column.supports:
            rule = rule_of(support.entity, support.category)
            if rule is None or rule.family not in ("place", "person"):
                continue
            concept = rule.concepts[0]
            loud = support is best[place] and support.certainty >= _LOUD
            formed = (
                support.certainty >= _BY_FORM.get(concept, 1.0) and support.share >= _NEARLY_ALL
            )
            if concept == "zip" and _is_counted(column.shape):
                continue
            if (loud or formed) and _backed(best, place, rule.family):
                guessed[place][concept] = HINT
    for place in range(len(columns) - 1):
        one, two = columns[place].shape, columns[place + 1].shape
        if _is_position(one, two) and _backed(best, place, "place"):
            guessed[place]["latitude"] = guessed[place + 1]["longitude"] = 1.0
    return guessed


def _loudest(found: Sequence[Support]) -> Support | None:
    return max(found, key=lambda s: (s.certainty, s.entity), default=None)


def _backed(best: Sequence[Support | None], place: int, family: str) -> bool:
    loud = 0
    for other, support in enumerate(best):
        if other == place or support is None or support.certainty < _LOUD:
            continue
        rule = rule_of(support.entity, support.category)
        if rule is not None and rule.family == family:
            loud += 2 if support.certainty >= _SURE else 1
    return loud >= 2


def _is_counted(shape: Shape) -> bool:
    """Whether whole numbers count or measure something; none is written with a zero in front.

    Some have two or three digits, or they fill their range and hardly one is there twice.
    """
    low, high = shape.numbers.low, shape.numbers.high
    if shape.whole < _NEARLY_ALL or low is None or high is None or shape.numbers.leading_zeros:
        return False
    serial = shape.distinct >= _NEARLY_ALL * shape.rows and high - low <= _DENSE * shape.rows
    return serial or shape.digits(2, 3) > 0


def _is_position(one: Shape, two: Shape) -> bool:
    fine = all(s.numeric >= _FINE and s.numbers.fine >= _FINE * s.rows for s in (one, two))
    if not fine or min(one.distinct, two.distinct) < 3:
        return False
    within = two.numbers.longitudes == two.numbers.rows
    return one.numbers.latitudes == one.numbers.rows and within
