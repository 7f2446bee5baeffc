"""Whether a column's values could be such a thing at all, from their form alone."""

from __future__ import annotations

from collections.abc import Callable

from lakescan.udfs.classify.profile import ColumnProfile
from lakescan.udfs.classify.statistics import NumberStats, TextStats

#: A form holds when at least this share of the values has it: real columns are never clean.
MOST = 0.8


class Shape:
    """A profile's form, with the shares that the checks ask for."""

    def __init__(self, profile: ColumnProfile) -> None:
        self.profile = profile
        self.text: TextStats = profile.form.text
        self.numbers: NumberStats = profile.form.numbers
        self.rows = max(1, self.text.rows or self.numbers.rows)
        self.numeric = self.numbers.rows / self.rows
        self.whole = self.numbers.whole / self.rows
        self.lettered = self.text.lettered / self.rows
        self.only_letters = self.text.only_letters / self.rows
        self.one_word = self.text.one_word / self.rows
        self.prose = self.text.prose / self.rows
        self.mean_length = self.text.chars / max(1, self.text.rows)
        self.words = 1 + self.text.spaces / max(1, self.text.rows)
        self.timed = profile.times.rows > 0

    def lengths(self, low: int, high: int) -> float:
        """Share of the strings that are so many characters long."""
        return sum(self.text.lengths[low : high + 1]) / max(1, self.text.rows)

    def digits(self, low: int, high: int) -> float:
        """Share of the values that are whole numbers of so many digits."""
        return sum(self.numbers.digits[low : high + 1]) / self.rows


def fits(form: str, shape: Shape) -> bool:
    """Whether most values have the form of that name (`FORMS`)."""
    return FORMS[form](shape)


def _code(shape: Shape) -> bool:
    digits = shape.text.digits / max(1, shape.text.chars)
    typed = shape.text.rows == 0 and shape.whole >= MOST and shape.digits(5, 20) >= MOST
    return typed or (shape.words < 4 and shape.lengths(5, 40) >= MOST and digits >= 0.2)


def _phone(shape: Shape) -> bool:
    if shape.text.rows == 0:
        return shape.digits(6, 15) >= MOST
    digits = shape.text.digits / max(1, shape.text.rows)
    return 6 <= digits <= 18 and shape.text.letters <= shape.text.digits


def _name(shape: Shape) -> bool:
    return shape.only_letters >= MOST and shape.words < 5 and shape.mean_length >= 2


def _words(shape: Shape) -> bool:
    return shape.lettered >= MOST and shape.words < 8


def _age(shape: Shape) -> bool:
    return shape.numbers.ages >= 0.95 * shape.rows and (shape.numbers.high or 0) > 1


def _coordinate(shape: Shape) -> bool:
    if shape.numeric >= MOST:
        return shape.numbers.longitudes >= 0.99 * shape.numbers.rows and shape.numbers.fine > 0
    return shape.text.digits >= 0.4 * max(1, shape.text.chars)


def _date(shape: Shape) -> bool:
    if shape.timed:
        return True
    if shape.numeric >= MOST:
        dated = shape.numbers.days + shape.numbers.years + shape.numbers.seconds
        return dated >= MOST * shape.rows
    return shape.text.digits >= 0.3 * max(1, shape.text.chars) and shape.lengths(4, 40) >= MOST


def _zip(shape: Shape) -> bool:
    if shape.numeric >= MOST:
        return shape.digits(3, 9) >= MOST
    return shape.lengths(3, 10) >= MOST and shape.text.digits > 0


def _amount(shape: Shape) -> bool:
    return shape.numeric >= MOST or shape.text.digits >= 0.3 * max(1, shape.text.chars)


FORMS: dict[str, Callable[[Shape], bool]] = {
    "filled": lambda shape: shape.profile.filled > 0,
    "lettered": lambda shape: shape.lettered >= MOST,
    "words": _words,
    "place": lambda shape: shape.lettered >= MOST and shape.words < 6,
    "name": _name,
    "one_word": lambda shape: shape.one_word >= MOST and shape.lettered >= 0.5,
    "few": lambda shape: shape.profile.distinct <= 12,
    "code": _code,
    "phone": _phone,
    "card": lambda shape: shape.digits(12, 19) >= MOST or _code(shape),
    "account": lambda shape: shape.digits(6, 18) >= MOST or _code(shape),
    "ssn": lambda shape: shape.digits(7, 15) >= MOST or shape.lengths(9, 18) >= MOST,
    "age": _age,
    "zip": _zip,
    "coordinate": _coordinate,
    "date": _date,
    "amount": _amount,
}
