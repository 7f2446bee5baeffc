"""The families of check digits: Luhn, weighted sums, ISO 7064, Verhoeff, ABA."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lakescan.udfs.detect.checksums.candidates import (
    BoolArray,
    Candidates,
    Digits,
    Ints,
    values36,
)

_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], np.int32)


def luhn_sum(digits: Digits) -> Ints:
    """The Luhn sum of right-aligned digits (ISO/IEC 7812-1, annex B); valid if 0 mod 10."""
    total = np.zeros(len(digits), np.int64)
    for column in digits.T[::-2]:
        total += column
    for column in digits.T[-2::-2]:
        total += _DOUBLED[column]
    return total


def luhn(candidates: Candidates) -> BoolArray:
    """Whether the digits of each string pass Luhn (at most 20 digits)."""
    valid: BoolArray = luhn_sum(candidates.digits(20)) % 10 == 0
    return valid


def weighted(digits: Digits, weights: Sequence[int]) -> Ints:
    """The sum of each row's first ``len(weights)`` digits, each times its weight."""
    total: Ints = digits[:, : len(weights)].astype(np.int64) @ np.asarray(weights, np.int64)
    return total


def mod97_10(values: Digits) -> Ints:
    """ISO 7064 MOD 97-10 remainder of rows of 0..35, -1 for nothing; valid where it is 1."""
    factors = _PLACES[values]
    rest = np.zeros(len(values), np.int64)
    for at, (value, factor) in enumerate(zip(values.T, factors.T, strict=True)):
        rest = rest * factor + np.maximum(value, 0)
        if at % 7 == 6:  # 97 * 100**7 still fits
            rest %= 97
    return rest % 97


#: By value (-1 wraps to the last): a letter fills two decimal places, nothing fills none.
_PLACES = np.array([10] * 10 + [100] * 26 + [1], np.int64)


def mod11_10(digits: Digits) -> Ints:
    """ISO 7064 MOD 11,10 over all columns; valid where it is 1."""
    check = np.full(len(digits), 5, np.int64)
    for column in digits.T:
        check = (np.where(check == 0, 10, check) * 2 % 11 + column) % 10
    return check


_VERHOEFF_D = np.array(
    [
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
        (2, 3, 4, 0, 1, 7, 8, 9, 5, 6), (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
        (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
        (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
        (8, 7, 6, 5, 9, 3, 2, 1, 0, 4), (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
    ]
)  # fmt: skip
_VERHOEFF_P = np.array(
    [
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
        (5, 8, 0, 3, 7, 9, 6, 1, 4, 2), (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
        (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
        (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
    ]
)  # fmt: skip


def verhoeff(digits: Digits) -> Ints:
    """The Verhoeff check of rows of digits (J. Verhoeff, 1969); valid where it is 0."""
    check = np.zeros(len(digits), np.int64)
    for position, column in enumerate(range(digits.shape[1] - 1, -1, -1)):
        check = _VERHOEFF_D[check, _VERHOEFF_P[position % 8, digits[:, column]]]
    return check


def iban(candidates: Candidates) -> BoolArray:
    """ISO 13616: the country's length (SWIFT registry) and MOD 97-10 of the rotated string."""
    chars = candidates.chars(34)
    country = (chars[:, 0].astype(np.int64) << 8) | chars[:, 1]
    expected = _LENGTH_BY_CODE[country]
    valid: BoolArray = (candidates.char_counts == expected) & (expected > 0)
    some = np.flatnonzero(valid)
    if len(some):
        values = values36(chars[some])
        rotated = np.concatenate((values[:, 4:], values[:, :4]), axis=1)
        valid[some] = mod97_10(rotated) == 1
    return valid


#: SWIFT IBAN Registry (release 99), plus lengths that central banks publish outside of it.
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27,
    "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
    "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
    "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22,
    "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23,
    "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
    "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28,
    "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}  # fmt: skip


_LENGTH_BY_CODE = np.zeros(1 << 16, np.int64)
for _country, _length in IBAN_LENGTHS.items():
    _LENGTH_BY_CODE[(ord(_country[0]) << 8) | ord(_country[1])] = _length
