"""Whether a column's values could be such a thing at all, judged by their form alone."""

from __future__ import annotations

from collections.abc import Callable

from lakescan.udfs.classify.header.lexicon import is_unspaced
from lakescan.udfs.classify.profile.profile import ColumnProfile
from lakescan.udfs.classify.profile.statistics import NumberStats, TextStats

#: A form holds when this share of the values has it: real columns are never clean.
MOST = 0.8

#: Names of persons are no longer where letters are syllables or words.
_LONGEST_UNSPACED = 12

#: Two words as short as codes answer a question.
_PAIR = 2

#: A band of ages has two digits at least: "5-9", "65+".
_BAND = 1.5

#: Codes of gender have one digit (ISO/IEC 5218: 0, 1, 2, 9).
_LAST_GENDER = 9

#: Names to log in by: without a capital in next to all cells, no longer than this; with a sign or a
#: digit in so many of them, or so many different ones.
_ALWAYS, _LOGIN, _SOME_SIGNS, _MANY_ACCOUNTS = 0.95, 20, 0.2, 8

#: Blood groups: four, with Rh eight, written in two ways at most, with so many characters.
_GROUPS, _CODED = 16, 9.0

#: Answers to a question of yes or no: so many, of so many characters.
_ANSWERS, _ANSWER = 4, 12.0

#: Letters on a plate, on the average.
_LETTERS = 1.5

#: Digits that are left of a number: of "***-**-1234" a third.
_LEFT = 0.3

#: So few words over and over, longer than a code, are labels.
_LABELS, _CODE = 6, 3.0


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
        self.capitalized = self.text.capitalized / self.rows
        self.prose = self.text.prose / self.rows
        self.mean_length = self.text.chars / max(1, self.text.rows)
        self.words = 1 + self.text.spaces / max(1, self.text.rows)
        self.digit_share = self.text.digits / max(1, self.text.chars)
        self.timed = profile.times.rows > 0
        self.distinct = profile.distinct
        #: Under a heading of a script that sets no spaces, two letters are a word.
        self.unspaced = any(map(is_unspaced, profile.path))

    def lengths(self, low: int, high: int) -> float:
        """Share of the strings that are so many characters long."""
        return sum(self.text.lengths[low : high + 1]) / max(1, self.text.rows)

    def digits(self, low: int, high: int) -> float:
        """Share of the values that are whole numbers of so many digits."""
        return sum(self.numbers.digits[low : high + 1]) / self.rows

    @property
    def flags(self) -> bool:
        """Whether the values are but a few small numbers, or one-letter words."""
        low, high = self.numbers.low, self.numbers.high
        small = self.numeric >= MOST and low is not None and high is not None
        if small and self.distinct <= 3:
            assert low is not None
            assert high is not None
            return low >= -1 and high <= 2
        return False


def fits(form: str, shape: Shape) -> bool:
    """Whether most values have the form of that name (`FORMS`)."""
    return FORMS[form](shape)


def _code(shape: Shape) -> bool:
    """Numbers and codes of five characters or more, with digits in them."""
    if shape.text.rows == 0:
        return shape.whole >= MOST and shape.digits(5, 20) >= MOST
    words = 6 if shape.digit_share >= 0.6 else 4
    return shape.words < words and shape.lengths(5, 40) >= MOST and shape.digit_share >= 0.25


def _plate(shape: Shape) -> bool:
    """Codes with two letters or so, as plates and vehicles' numbers have: "A0123456" is a pupil."""
    return _code(shape) and shape.text.letters >= _LETTERS * shape.text.rows


def _identity(shape: Shape) -> bool:
    if shape.text.rows == 0:
        return shape.whole >= MOST and shape.digits(7, 18) >= MOST
    return shape.words < 5 and shape.lengths(7, 25) >= MOST and shape.digit_share >= _LEFT


def _prefixed(shape: Shape) -> bool:
    """Letters of the insurer and eight digits or more, in one word."""
    text = shape.text
    mixed = min(text.mixed_codes / shape.rows, shape.lengths(9, 17)) >= MOST
    return mixed and text.uppers == text.letters and shape.digit_share >= 0.6


def _medical(shape: Shape) -> bool:
    """Words, or codes: neither measurements nor the letters of experiments' arms."""
    if shape.lettered >= 0.5:
        return shape.mean_length > 2
    return _code(shape) and shape.numbers.fine < 0.5 * shape.rows


def _blood(shape: Shape) -> bool:
    """ABO and Rh: few short codes, with or without signs."""
    return shape.lettered >= MOST and shape.distinct <= _GROUPS and shape.mean_length <= _CODED


def _flag(shape: Shape) -> bool:
    """Yes and no, perhaps unknown, in words, letters or numbers: no counts, and no sentences."""
    return shape.distinct <= _ANSWERS and shape.mean_length <= _ANSWER and _few(shape)


def _phone(shape: Shape) -> bool:
    if shape.text.rows == 0:
        return shape.whole >= MOST and shape.digits(6, 15) >= MOST
    if shape.numeric >= MOST and shape.numbers.fine + shape.numbers.cents >= 0.5 * shape.rows:
        return False
    digits = shape.text.digits / max(1, shape.text.rows)
    return 3 <= digits <= 20 and shape.text.letters <= shape.text.digits


def _words(shape: Shape) -> bool:
    """Words, and neither prose nor codes of letters and digits: "IC3" is a grade, no job."""
    if shape.text.mixed_codes >= MOST * shape.rows:
        return False
    long = shape.mean_length > 2 or (shape.unspaced and shape.mean_length >= 2)
    return shape.lettered >= MOST and shape.words < 8 and long


def _place(shape: Shape) -> bool:
    """Words with next to no digits: "12-A" is a precinct's code; no pair such as "yes" and "no"."""
    over_and_over = shape.profile.filled >= 4 * shape.distinct
    if shape.distinct <= _PAIR and over_and_over and shape.mean_length <= _CODE:
        return False
    lettered = shape.lettered >= MOST and shape.words < 6 and shape.mean_length >= 2
    return lettered and shape.digit_share < 0.25


def _street(shape: Shape) -> bool:
    """Words, and no codes: what a bus or a radio is addressed by has letters and digits in one."""
    if shape.text.mixed_codes >= MOST * shape.rows:
        return False
    return shape.lettered >= MOST and shape.mean_length >= 4 and shape.words < 20


def _state(shape: Shape) -> bool:
    return shape.only_letters >= MOST and shape.words < 8 and shape.mean_length >= 2


def labels(shape: Shape) -> bool:
    """Whether the values are a few words over and over, longer than codes: a status, a kind."""
    often = shape.distinct <= _LABELS and shape.profile.filled >= 4 * shape.distinct
    return often and shape.mean_length > _CODE


def accounts(shape: Shape) -> bool:
    """Whether the values are short names as people log in by: ``jsmith2``, ``k.ross``, ``apatel``.

    One word without a capital; some have digits or signs, or there are more than a few of them.
    """
    text = shape.text
    signs = text.chars - text.letters - text.digits - text.spaces
    plain = min(shape.one_word, shape.lettered) >= _ALWAYS and shape.capitalized <= 1 - _ALWAYS
    telling = text.mixed_codes + signs >= _SOME_SIGNS * shape.rows and shape.distinct > _PAIR
    return plain and shape.mean_length <= _LOGIN and (telling or shape.distinct >= _MANY_ACCOUNTS)


def moments(shape: Shape) -> bool:
    """Whether the values are moments written as numbers.

    Seconds or thousandths since 1970, days such as 20240131, or these with a time behind them.
    """
    numbers = shape.numbers
    if shape.numeric < MOST or numbers.rows == 0:
        return False
    return max(numbers.seconds, numbers.days, numbers.stamps) >= MOST * numbers.rows


def _name(shape: Shape) -> bool:
    return shape.only_letters >= MOST and shape.words < 5


def _person(shape: Shape) -> bool:
    """Two to five capitalized words of letters, as most full names are.

    In a script that has neither spaces nor capitals, two to five letters.
    """
    if shape.text.uppers == 0 and shape.one_word >= MOST and shape.lengths(2, 5) >= MOST:
        return _name(shape) and shape.capitalized == 0
    if shape.unspaced and shape.text.uppers == 0 and shape.capitalized == 0:
        return _name(shape) and shape.mean_length <= _LONGEST_UNSPACED
    return _name(shape) and shape.words >= 1.5 and shape.capitalized >= 0.7


def _age(shape: Shape) -> bool:
    if shape.numeric < 0.5:
        # Bands such as "25-34" or "65+".
        return shape.distinct <= 30 and shape.text.digits >= _BAND * shape.text.rows
    return shape.numbers.ages >= MOST * shape.numbers.rows and not shape.flags


def _few(shape: Shape) -> bool:
    """Few words, or few codes of one digit."""
    if shape.numeric >= MOST:
        low, high = shape.numbers.low or 0.0, shape.numbers.high or 0.0
        if shape.whole < MOST or low < 0 or high > _LAST_GENDER:
            return False
    return shape.distinct <= 12


def _coordinate(shape: Shape) -> bool:
    if shape.numeric >= MOST:
        fractions = shape.numbers.fine + shape.numbers.cents
        inside = shape.numbers.longitudes >= 0.98 * shape.numbers.rows
        return inside and fractions >= 0.5 * shape.numbers.rows
    return shape.digit_share >= 0.5 and shape.lengths(7, 64) >= MOST


#: Days of a month.
_LAST_DAY = 31

#: Births as Unix time, in seconds: of 1885, and of 2033.
_FIRST_BIRTH, _LAST_BIRTH = -2.7e9, 2.0e9


def _date(shape: Shape) -> bool:
    if shape.timed:
        return True
    if shape.numeric >= MOST:
        numbers = shape.numbers
        dated = numbers.days + numbers.years + numbers.seconds + numbers.stamps
        return dated >= MOST * shape.numbers.rows
    return shape.digit_share >= 0.3 and shape.lengths(4, 40) >= MOST


def _card(shape: Shape) -> bool:
    """Twelve digits to nineteen (ISO/IEC 7812-1), of which few have 14 or less.

    Diners Club's have 14, and so have library cards, all of them.
    """
    whole = shape.digits(12, 19)
    if whole >= MOST:
        return shape.digits(15, 19) >= 0.5 * whole
    return _code(shape) and shape.digit_share >= 0.7


def _birth(shape: Shape) -> bool:
    """A date, a month or day of one, or Unix time (POSIX.1-2017, 4.16) from before 1970, too."""
    if _date(shape):
        return True
    numbers = shape.numbers
    low, high = numbers.low, numbers.high
    if shape.numeric < MOST or low is None or high is None:
        return False
    if shape.whole >= MOST and low >= 1 and high <= _LAST_DAY and not shape.flags:
        return True
    return any(
        _FIRST_BIRTH * unit <= low
        and high <= _LAST_BIRTH * unit
        and shape.digits(fewest, fewest + 3) >= MOST
        for unit, fewest in ((1, 7), (1000, 10))
    )


def _expiry(shape: Shape) -> bool:
    """A month and a year: 327, 0327, 03/27, 2027-03, or a day."""
    if shape.numeric >= MOST:
        dated = shape.numbers.days + shape.numbers.years
        return shape.whole >= MOST and (shape.digits(3, 6) >= MOST or dated >= MOST * shape.rows)
    return shape.digit_share >= 0.5 and shape.lengths(4, 10) >= MOST and shape.lettered < 0.2


def _zip(shape: Shape) -> bool:
    if shape.numeric >= MOST:
        return shape.digits(3, 9) >= MOST
    return shape.lengths(3, 10) >= MOST and shape.text.digits > 0


def _amount(shape: Shape) -> bool:
    if shape.flags:
        return False
    if shape.numeric < MOST and shape.text.mixed_codes >= 0.5 * shape.rows:
        return False
    worded = shape.text.letters > shape.text.digits
    return shape.numeric >= MOST or (shape.digit_share >= 0.3 and shape.words < 4 and not worded)


def _password(shape: Shape) -> bool:
    return shape.one_word >= MOST and shape.lengths(4, 200) >= MOST and not shape.flags


def _sizable(shape: Shape) -> bool:
    """Numbers that are no rates, ranks or levels: some reach a hundred, or ten with cents."""
    high, low = shape.numbers.high or 0.0, shape.numbers.low or 0.0
    size = max(high, -low)
    cents = shape.numbers.cents >= 0.5 * shape.rows and shape.numbers.fine < 0.1 * shape.rows
    return _amount(shape) and (shape.numeric < MOST or size >= 100 or (cents and size >= 10))


def _handle(shape: Shape) -> bool:
    return shape.lettered >= 0.6 and shape.words < 3 and shape.mean_length <= 40


FORMS: dict[str, Callable[[Shape], bool]] = {
    "never": lambda _: False,
    "words": _words,
    "group": lambda s: s.lettered >= MOST and s.words < 6 and s.distinct <= 300,
    "place": _place,
    "state": _state,
    "street": _street,
    "name": _name,
    "person": _person,
    "medical": _medical,
    "blood": _blood,
    "flag": _flag,
    "handle": _handle,
    "few": _few,
    "code": _code,
    "identity": _identity,
    "plate": _plate,
    "prefixed": _prefixed,
    "last four": lambda s: max(s.digits(4, 4), s.lengths(4, 4) * s.digit_share) >= MOST,
    "phone": _phone,
    "card": _card,
    "cvv": lambda s: s.digits(3, 4) >= MOST,
    "bic": lambda s: s.lengths(8, 11) >= MOST,
    "account": lambda s: s.digits(5, 20) >= MOST or (_code(s) and s.digit_share >= 0.6),
    "age": _age,
    "zip": _zip,
    "coordinate": _coordinate,
    "date": _date,
    "birth": _birth,
    "expiry": _expiry,
    "amount": _amount,
    "sizable": _sizable,
    "password": _password,
    "secret": lambda s: s.one_word >= MOST and s.mean_length >= 12,
}
