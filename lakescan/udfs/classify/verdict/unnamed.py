"""Tables without a header: what neighbours make of a column that its values leave open.

Five digits are a postal code beside towns and states; two finely written numbers within 90 and
180 are a position beside a place; dates beside a person's name that are spread over a lifetime and
end long ago are dates of birth; beside persons, codes of a plate's form that never use the letters
that plates leave out are plates, and bare digits that all fit a plan of telephones are telephones.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from operator import add
from typing import TYPE_CHECKING, TypeVar

from lakescan.udfs.classify.header.lexicon import HINT
from lakescan.udfs.classify.profile.profile import Hit
from lakescan.udfs.classify.profile.statistics import FIRST_DECADE
from lakescan.udfs.classify.verdict.forms import Shape, accounts, labels
from lakescan.udfs.classify.verdict.rules import rule_of
from lakescan.udfs.classify.verdict.support import Support

if TYPE_CHECKING:
    from lakescan.udfs.classify.verdict.table import Column

_T = TypeVar("_T")

#: Values that speak for a place or a person so loudly are a neighbour's backing: two such columns,
#: or one that is sure.
_LOUD, _SURE = 0.3, 0.7

#: Postal codes and the like have no list: their form is all that there is.
_BY_FORM = {"zip": 0.15}

_NEARLY_ALL, _HALF = 0.8, 0.5

#: Numbers that are counted up leave out few of their range, postal codes nearly all.
_DENSE = 4

#: Towns, streets and states stand so near to their postal codes, and there are not so many times
#: more towns than codes.
_BESIDE, _MORE_TOWNS = 2, 1.5

#: All rows of a table may be of one country or state.
_OF_ONE_PLACE = frozenset(["country", "state"])

#: A few words over and over are labels ("alta", "baja") unless nearly all are known names.
_NEARLY_EACH = 0.9

#: Adults were born in four decades or more, each with its share, and hardly any after 2010; what
#: happens to them (an order, a visit, a start at work) lies close together and reaches up to now.
_LIFETIME, _ITS_SHARE, _GROWN_UP, _HARDLY_ANY = 4, 0.05, 2010, 0.02

#: Of patients and residents, children too: so many decades are nothing but lives.
_LONG_LIVES = 7

#: What dates of births and plates are taken for is most likely so.
_LIKELY = 0.8

#: Plates without the letters that read as digits or would spell a word (France and Italy: I, O, U;
#: Spain and the Netherlands: vowels): of made-up codes two in five and more have one of them.
_PLATES = frozenset(["shape.fr_plate", "shape.es_plate", "shape.nl_plate"])
_SPARED, _ENOUGH_OF_THEM = 0.95, 20

#: Bare digits that fit the plan of some country's telephones: made-up numbers do in half the cases.
_ABROAD = frozenset(["shape.phone_dialled"])
_DIALLED = _ABROAD | {"shape.phone_mobile", "shape.phone_bare"}
_APART = 0.1

#: Telephones in groups; of those that people write so many are, and so many are not.
_GROUPED = frozenset(["shape.phone_national", "shape.phone_nanp", "pattern.phone_nanp"])
_SOME = 0.2

#: Sums of money: half of them are another; the largest is no share and so many times the smallest,
#: or of four digits.
_OFTEN_ANOTHER, _SHARES, _SIZABLE, _LARGE = 0.5, 110, 20, 1000

#: What stands for a measurement that failed.
_FAILED = frozenset([-99.0, -999.0, -1000.0, -9999.0, -10_000.0, -99_999.0, -100_000.0])

#: Ages of people reach so far: numbers up to a hundred are more often shares.
_OLD, _OLDEST = 55, 98

#: A position is written with three decimals or more, in most cells; with five it has so many
#: characters. Positions of one region lie within so many degrees.
_FINE, _TO_THE_METRE, _REGION = 0.7, 7, 40


def guess(columns: Sequence[Column]) -> list[dict[str, float]]:
    """For each column the concepts that its neighbours suggest, as a doubtful header would."""
    best = [_loudest(column.supports) for column in columns]
    guessed = _positions(columns, best)
    places = [
        bool(position) or (loudest is not None and _is_loud(loudest, "place"))
        for position, loudest in zip(guessed, best, strict=True)
    ]
    for place, column in enumerate(columns):
        concepts = guessed[place]
        concepts.update(_backed_by_neighbours(columns, best, places, place))
        if _like_money(column.shape):
            concepts["money"] = _LIKELY
        if _backed(best, place, "person"):
            if are_dialled(column):
                concepts["phone"] = HINT
            if _are_accounts(column):
                concepts["username"] = HINT
            if any(_are_plates(each, column.shape.profile.filled) for each in column.supports):
                concepts["vehicle"] = _LIKELY
    for place in _births(columns, best):
        guessed[place]["birth_date"] = _LIKELY
    for place in _ages(columns, best):
        guessed[place]["age"] = _LIKELY
    return guessed


def _backed_by_neighbours(
    columns: Sequence[Column],
    best: Sequence[Support | None],
    places: Sequence[bool],
    place: int,
) -> dict[str, float]:
    """The concepts that a column's own values hint at and its neighbours back."""
    column = columns[place]
    concepts: dict[str, float] = {}
    for support in column.supports:
        rule = rule_of(support.entity, support.category)
        if rule is None or rule.family not in ("place", "person"):
            continue
        concept = rule.concepts[0]
        loud = support is best[place] and support.certainty >= _LOUD
        formed = support.certainty >= _BY_FORM.get(concept, 1.0) and support.share >= _NEARLY_ALL
        if not (loud or formed) or not _backed(best, place, rule.family):
            continue
        if _is_otherwise(concept, column, support):
            continue
        near = any(_near(places, place))
        if concept == "zip" and not (near and _is_postal(columns, place, support)):
            continue
        only = concept in _OF_ONE_PLACE and column.shape.distinct == 1
        sure = only and near and support.share >= _NEARLY_EACH
        concepts[concept] = _LIKELY if sure else HINT
    return concepts


def _positions(columns: Sequence[Column], best: Sequence[Support | None]) -> list[dict[str, float]]:
    """The concepts of columns that stand in pairs of a position; none of others."""
    guessed: list[dict[str, float]] = [{} for _ in columns]
    for place, other in combinations(range(len(columns)), 2):
        one, two = columns[place].shape, columns[other].shape
        if other - place > _BESIDE or not _is_position(one, two):
            continue
        if _is_exact(one, two) or (other == place + 1 and _backed(best, place, "place")):
            guessed[place]["latitude"] = guessed[other]["longitude"] = 1.0
    return guessed


def _is_otherwise(concept: str, column: Column, support: Support) -> bool:
    """Whether the values, taken together, are something else than a neighbour would make of them.

    Digits that fit a plan of telephones, letters of which some stand for no sex, titles of which
    some are a person's name, labels.
    """
    if concept == "ssn":
        return are_dialled(column) or _of_one_size(column.shape)
    if concept == "full_name":
        return support.share < _HALF
    if concept == "gender":
        return support.share < _NEARLY_ALL
    return labels(column.shape) and support.share < _NEARLY_EACH


def _loudest(found: Sequence[Support]) -> Support | None:
    return max(found, key=lambda s: (s.certainty, s.entity), default=None)


def _backed(best: Sequence[Support | None], place: int, family: str) -> bool:
    loud = 0
    for other, support in enumerate(best):
        if other != place and support is not None and _is_loud(support, family):
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


def _is_postal(columns: Sequence[Column], place: int, support: Support) -> bool:
    """Whether what has the form of postal codes may be the codes of the places beside it.

    Not if it is counted up, where another column has a form that says more, and where there are
    many towns for a few codes.
    """
    if _is_counted(columns[place].shape):
        return False
    near = _near(columns, place)
    others = (column for at, column in enumerate(columns) if at != place)
    if any(_shows_zip(column, support) for column in others):
        return False
    towns = max((c.shape.distinct for c in near if _holds_towns(c)), default=0)
    return towns <= _MORE_TOWNS * columns[place].shape.distinct


def _near(columns: Sequence[_T], place: int) -> list[_T]:
    """What belongs to the columns to the left and to the right of one."""
    return [*columns[max(0, place - _BESIDE) : place], *columns[place + 1 : place + 1 + _BESIDE]]


def _is_loud(support: Support, family: str) -> bool:
    rule = rule_of(support.entity, support.category)
    return support.certainty >= _LOUD and rule is not None and rule.family == family


def _holds_towns(column: Column) -> bool:
    loudest = _loudest(column.supports)
    return loudest is not None and loudest.entity == "CITY" and loudest.certainty >= _LOUD


def _shows_zip(column: Column, other: Support) -> bool:
    """Whether a column has the form of postal codes more plainly than another's support."""
    rule = rule_of(other.entity, other.category)
    return any(
        s.share >= _NEARLY_ALL and s.certainty > other.certainty
        for s in column.supports
        if rule_of(s.entity, s.category) is rule
    )


def _are_plates(support: Support, filled: int) -> bool:
    """Whether nearly all of many values have one form of plate that spares letters."""
    found = [hit.rows for hit in support.hits if hit.detector in _PLATES]
    return max(found, default=0) >= _SPARED * filled and support.distinct >= _ENOUGH_OF_THEM


def are_dialled(column: Column) -> bool:
    """Whether nearly all of many numbers fit plans of telephones.

    Those that show no country lie far apart, too: numbers of tickets do not.
    """
    shape = column.shape
    low, high = shape.numbers.low or 0.0, shape.numbers.high or 0.0
    forms = _DIALLED if high - low >= _APART * high else _ABROAD
    hits = [hit for support in column.supports for hit in support.hits]
    fitting = max((hit.rows for hit in hits if hit.detector in forms), default=0)
    enough, filled = shape.distinct >= _ENOUGH_OF_THEM, shape.profile.filled
    return enough and (fitting >= _SPARED * filled or _is_typed(column, hits))


def _is_typed(column: Column, hits: Sequence[Hit]) -> bool:
    """Whether numbers that all may be telephones stand in groups here and without groups there.

    So people write telephones; what a system counts has one form.
    """
    phone = max((s.share for s in column.supports if s.entity == "PHONE_NUMBER"), default=0.0)
    grouped = sum(hit.rows for hit in hits if hit.detector in _GROUPED)
    few, filled = _SOME, column.shape.profile.filled
    return phone >= _SPARED and few * filled <= grouped <= (1 - few) * filled


def _are_accounts(column: Column) -> bool:
    """Whether most of several names to log in by are made of persons' names."""
    made = (s.share for s in column.supports if s.entity == "USERNAME")
    return accounts(column.shape) and column.shape.distinct > 2 and max(made, default=0) >= _HALF


def _of_one_size(shape: Shape) -> bool:
    """Whether numbers were given out one after another: those of a state begin with any digit."""
    low, high = shape.numbers.low or 0.0, shape.numbers.high or 0.0
    return shape.whole >= _NEARLY_ALL and low > _HALF * high


def _births(columns: Sequence[Column], best: Sequence[Support | None]) -> list[int]:
    """The dates of birth beside persons, if any: who was born and died has two such dates."""
    found = [
        (_mean_decade(column.shape), place)
        for place, column in enumerate(columns)
        if _like_births(column.shape) and _backed(best, place, "person")
    ]
    return [place for _, place in sorted(found)[:1]]


def _ages(columns: Sequence[Column], best: Sequence[Support | None]) -> list[int]:
    """The ages beside a sex, if there is one such column: of several some are marks or shares."""
    found = [
        place
        for place, column in enumerate(columns)
        if _like_ages(column.shape)
        and any(map(_tells_sex, _near(best, place)))
        and _backed(best, place, "person")
    ]
    return found if len(found) == 1 else []


def _tells_sex(support: Support | None) -> bool:
    return support is not None and support.entity == "GENDER" and support.certainty >= _LOUD


def _like_ages(shape: Shape) -> bool:
    """Whether whole numbers are of very different size, from the young to the old."""
    numbers, high = shape.numbers, shape.numbers.high or 0.0
    fitting = numbers.ages >= _SPARED * shape.rows and not numbers.leading_zeros
    return fitting and _OLD <= high <= _OLDEST and shape.distinct >= _ENOUGH_OF_THEM


def _like_births(shape: Shape) -> bool:
    """Whether dates are spread over the decades as the births of grown-up people are."""
    decades, times = _decades(shape), shape.profile.times
    dates = sum(decades)
    if dates == 0 or dates < _NEARLY_ALL * (shape.text.rows + times.rows):
        return False
    if times.midnights < _NEARLY_ALL * times.rows:
        return False
    if shape.numeric >= _NEARLY_ALL and shape.numbers.days < _NEARLY_ALL * shape.numbers.rows:
        return False
    lately = sum(decades[(_GROWN_UP - FIRST_DECADE) // 10 :])
    spread = sum(1 for rows in decades if rows >= _ITS_SHARE * dates)
    return spread >= _LONG_LIVES or (spread >= _LIFETIME and lately <= _HARDLY_ANY * dates)


def _decades(shape: Shape) -> tuple[int, ...]:
    """Of each decade, how many dates, written or typed."""
    return tuple(map(add, shape.text.decades, shape.profile.times.decades))


def _mean_decade(shape: Shape) -> float:
    decades = _decades(shape)
    return sum(place * rows for place, rows in enumerate(decades)) / max(1, sum(decades))


def _like_money(shape: Shape) -> bool:
    """Whether numbers are to the hundredth, of all sizes or large, and hardly one is there twice.

    Measurements are to the tenth or the thousandth, or lie within one order of magnitude; shares
    end at a hundred.
    """
    numbers = shape.numbers
    low, high = numbers.low, numbers.high
    if shape.text.rows == 0 or low is None or high is None or shape.numeric < _SPARED:
        return False
    if low in _FAILED:
        return False
    exact = numbers.hundredths >= _NEARLY_ALL * shape.rows and numbers.fine <= 0.01 * shape.rows
    most = max(high, -low)
    sizable = most >= _LARGE or (most > _SHARES and most >= _SIZABLE * max(1.0, low))
    varied = shape.distinct >= max(_ENOUGH_OF_THEM, _OFTEN_ANOTHER * shape.rows)
    return exact and sizable and varied


def _is_position(one: Shape, two: Shape) -> bool:
    fine = all(s.numeric >= _FINE and s.numbers.fine >= _FINE * s.rows for s in (one, two))
    if not fine or min(one.distinct, two.distinct) < 3:
        return False
    north, east = (
        all(getattr(s.numbers, kind) == s.numbers.rows for s in (one, two))
        for kind in ("latitudes", "longitudes")
    )
    return north or (east and any(s.numbers.latitudes == s.numbers.rows for s in (one, two)))


def _is_exact(one: Shape, two: Shape) -> bool:
    """Whether two numbers are positions by themselves: written to the metre, far from each other.

    What is measured together, such as prices or lengths, is of one size or has fewer decimals.
    """
    if any(s.text.rows == 0 or s.mean_length < _TO_THE_METRE for s in (one, two)):
        return False
    bounds = [(s.numbers.low or 0.0, s.numbers.high or 0.0) for s in (one, two)]
    (_, first), (second, _) = sorted(bounds)
    regional = all(high - low <= _REGION for low, high in bounds)
    beyond = all(min(abs(low), abs(high)) > 1 or low < 0 < high for low, high in bounds)
    return first < second and regional and beyond
