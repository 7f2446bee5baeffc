"""Tables without a header: what neighbours make of a column that its values leave open.

Five digits are a postal code beside towns and states; two finely written numbers within 90 and
180 are a position beside a place; dates beside a person's name that are spread over a lifetime and
end long ago are dates of birth; beside persons, codes of a plate's form that never use the letters
that plates leave out are plates.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import add
from typing import TYPE_CHECKING

from lakescan.udfs.classify.forms import Shape, labels
from lakescan.udfs.classify.lexicon import HINT
from lakescan.udfs.classify.rules import rule_of
from lakescan.udfs.classify.statistics import FIRST_DECADE
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

#: A few words over and over are labels ("alta", "baja") unless nearly all are known names.
_NEARLY_EACH = 0.9

#: Adults were born in four decades or more, each with its share, and hardly any after 2010; what
#: happens to them (an order, a visit, a start at work) lies close together and reaches up to now.
_LIFETIME, _ITS_SHARE, _GROWN_UP, _HARDLY_ANY = 4, 0.05, 2010, 0.02

#: What dates of births and plates are taken for is most likely so.
_LIKELY = 0.8

#: Plates without the letters that read as digits or would spell a word (France and Italy: I, O, U;
#: Spain and the Netherlands: vowels): of made-up codes two in five and more have one of them.
_PLATES = frozenset(["shape.fr_plate", "shape.es_plate", "shape.nl_plate"])
_SPARED, _ENOUGH_OF_THEM = 0.95, 20

#: A position is written with three decimals or more, in most cells.
_FINE = 0.7


def guess(columns: Sequence[Column]) -> list[dict[str, float]]:
    """For each column the concepts that its neighbours suggest, as a doubtful header would."""
    best = [_loudest(column.supports) for column in columns]
    guessed: list[dict[str, float]] = [{} for _ in columns]
    for place, column in enumerate(columns):
        for support in column.supports:
            rule = rule_of(support.entity, support.category)
            if _are_plates(support) and _backed(best, place, "person"):
                guessed[place]["vehicle"] = _LIKELY
            if rule is None or rule.family not in ("place", "person"):
                continue
            concept = rule.concepts[0]
            loud = support is best[place] and support.certainty >= _LOUD
            formed = (
                support.certainty >= _BY_FORM.get(concept, 1.0) and support.share >= _NEARLY_ALL
            )
            if concept == "zip" and _is_counted(column.shape):
                continue
            if labels(column.shape) and support.share < _NEARLY_EACH:
                continue
            if (loud or formed) and _backed(best, place, rule.family):
                guessed[place][concept] = HINT
    for place in range(len(columns) - 1):
        one, two = columns[place].shape, columns[place + 1].shape
        if _is_position(one, two) and _backed(best, place, "place"):
            guessed[place]["latitude"] = guessed[place + 1]["longitude"] = 1.0
    births = [
        (_mean_decade(column.shape), place)
        for place, column in enumerate(columns)
        if _like_births(column.shape) and _backed(best, place, "person")
    ]
    if births:  # who was born and died has two such dates
        guessed[min(births)[1]]["birth_date"] = _LIKELY
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


def _are_plates(support: Support) -> bool:
    """Whether nearly all of many values have one form of plate that spares letters."""
    found = [hit.rows for hit in support.hits if hit.detector in _PLATES]
    mostly = bool(found) and max(found) >= _SPARED * support.rows
    return mostly and support.share >= _SPARED and support.distinct >= _ENOUGH_OF_THEM


def _like_births(shape: Shape) -> bool:
    """Whether dates are spread over the decades as the births of grown-up people are."""
    decades, times = _decades(shape), shape.profile.times
    dates = sum(decades)
    if dates == 0 or dates < _NEARLY_ALL * (shape.text.rows + times.rows):
        return False
    if times.midnights < _NEARLY_ALL * times.rows:
        return False
    lately = sum(decades[(_GROWN_UP - FIRST_DECADE) // 10 :])
    spread = sum(1 for rows in decades if rows >= _ITS_SHARE * dates)
    return spread >= _LIFETIME and lately <= _HARDLY_ANY * dates


def _decades(shape: Shape) -> tuple[int, ...]:
    """Of each decade, how many dates, written or typed."""
    return tuple(map(add, shape.text.decades, shape.profile.times.decades))


def _mean_decade(shape: Shape) -> float:
    decades = _decades(shape)
    return sum(place * rows for place, rows in enumerate(decades)) / max(1, sum(decades))


def _is_position(one: Shape, two: Shape) -> bool:
    fine = all(s.numeric >= _FINE and s.numbers.fine >= _FINE * s.rows for s in (one, two))
    if not fine or min(one.distinct, two.distinct) < 3:
        return False
    within = two.numbers.longitudes == two.numbers.rows
    return one.numbers.latitudes == one.numbers.rows and within
