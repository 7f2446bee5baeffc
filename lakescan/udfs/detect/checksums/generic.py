"""The families of check digits: Luhn, weighted sums, ISO 7064, Verhoeff, ABA."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.detect.checksums.digits import (
    Matrix,
    chars_left,
    compact,
    digits_right,
    values36,
)

BoolArray = npt.NDArray[np.bool_]

_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9])


def luhn_sum(digits: Matrix) -> npt.NDArray[np.int64]:
    """The Luhn sum of right-aligned digits (ISO/IEC 7812-1, annex B); valid where it is 0 mod 10."""
    total: npt.NDArray[np.int64] = digits[:, ::-2].sum(axis=1)
    total += _DOUBLED[digits[:, -2::-2]].sum(axis=1)
    return total


def luhn(series: pl.Series) -> BoolArray:
    """Whether the digits of each string pass Luhn (at most 19 digits)."""
    valid: BoolArray = luhn_sum(digits_right(series, 20)) % 10 == 0
    return valid


def weighted(digits: Matrix, weights: Sequence[int]) -> npt.NDArray[np.int64]:
    """The sum of each row's first ``len(weights)`` digits, each times its weight."""
    total: npt.NDArray[np.int64] = digits[:, : len(weights)] @ np.asarray(weights, np.int64)
    return total


def mod97_10(values: Matrix) -> npt.NDArray[np.int64]:
    """ISO 7064 MOD 97-10 remainder of rows of 0..35, -1 for nothing; valid where it is 1."""
    rest = np.zeros(len(values), np.int64)
    for column in range(values.shape[1]):
        value = values[:, column]
        step = (rest * np.where(value > 9, 100, 10) + value) % 97
        rest = np.where(value < 0, rest, step)
    return rest


def mod11_10(digits: Matrix) -> npt.NDArray[np.int64]:
    """ISO 7064 MOD 11,10 over all columns; valid where it is 1."""
    check = np.full(len(digits), 5, np.int64)
    for column in range(digits.shape[1]):
        doubled = np.where(check == 0, 10, check) * 2 % 11
        check = (doubled + digits[:, column]) % 10
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


def verhoeff(digits: Matrix) -> npt.NDArray[np.int64]:
    """The Verhoeff check of rows of digits (J. Verhoeff, 1969); valid where it is 0."""
    check = np.zeros(len(digits), np.int64)
    for position, column in enumerate(range(digits.shape[1] - 1, -1, -1)):
        check = _VERHOEFF_D[check, _VERHOEFF_P[position % 8, digits[:, column]]]
    return check


def iban(series: pl.Series) -> BoolArray:
    """ISO 13616: the country's length (SWIFT registry) and MOD 97-10 of the rotated string."""
    tidy = compact(series)
    values = values36(chars_left(tidy, 34))
    rotated = np.concatenate((values[:, 4:], values[:, :4]), axis=1)
    lengths = pl.Series(list(IBAN_LENGTHS.values()), dtype=pl.UInt32)
    expected = tidy.str.slice(0, 2).replace_strict(
        list(IBAN_LENGTHS), lengths, default=0, return_dtype=pl.UInt32
    )
    fits = (tidy.str.len_bytes() == expected).to_numpy()
    valid: BoolArray = fits & (mod97_10(rotated) == 1)
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


def aba(series: pl.Series) -> BoolArray:
    """ABA routing number: weights 3 7 1 and the Federal Reserve ranges of the first two digits."""
    digits = digits_right(series, 9)
    head = digits[:, 0] * 10 + digits[:, 1]
    known = (head <= 12) | ((head >= 21) & (head <= 32)) | ((head >= 61) & (head <= 72))
    known |= head == 80
    total = weighted(digits, (3, 7, 1, 3, 7, 1, 3, 7, 1))
    valid: BoolArray = known & (head > 0) & (total % 10 == 0)
    return valid
