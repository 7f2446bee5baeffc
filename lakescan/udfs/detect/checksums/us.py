"""Checks of numbers of the United States."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.detect.checksums.digits import digits_right
from lakescan.udfs.detect.checksums.generic import luhn_sum, weighted

BoolArray = npt.NDArray[np.bool_]

#: Printed on wallet cards and leaflets, hence never a person's (SSA, "Misused SSN").
_ADVERTISED = (78051120, 219099999, 457555462)


def _number(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    number: npt.NDArray[np.int64] = digits @ (10 ** np.arange(digits.shape[1] - 1, -1, -1))
    return number


def ssn(series: pl.Series) -> BoolArray:
    """SSA POMS RM 10201: no area 000, 666 or 900 up, no group 00, no serial 0000."""
    digits = digits_right(series, 9)
    area, group, serial = _number(digits[:, :3]), _number(digits[:, 3:5]), _number(digits[:, 5:])
    valid: BoolArray = (area > 0) & (area != 666) & (area < 900) & (group > 0) & (serial > 0)
    valid &= ~np.isin(_number(digits), _ADVERTISED) & (digits.min(axis=1) != digits.max(axis=1))
    return valid


def itin(series: pl.Series) -> BoolArray:
    """IRS IRM 3.21.263.6: area 9xx and the groups that are given out."""
    digits = digits_right(series, 9)
    group = _number(digits[:, 3:5])
    given = ((group >= 50) & (group <= 65)) | ((group >= 70) & (group <= 88))
    given |= ((group >= 90) & (group <= 92)) | (group >= 94)
    valid: BoolArray = (digits[:, 0] == 9) & given
    return valid


def npi(series: pl.Series) -> BoolArray:
    """National Provider Identifier: Luhn over 80840 and the ten digits (adds 24 to the sum)."""
    valid: BoolArray = (luhn_sum(digits_right(series, 10)) + 24) % 10 == 0
    return valid


def mbi(series: pl.Series) -> BoolArray:
    """Any string: the form (CMS, "Understanding the MBI") has no check digit."""
    return np.ones(len(series), np.bool_)


def dea(series: pl.Series) -> BoolArray:
    """DEA number, 21 CFR 1301: (d1+d3+d5) + 2 (d2+d4+d6) ends in d7."""
    digits = digits_right(series, 7)
    valid: BoolArray = weighted(digits, (1, 2, 1, 2, 1, 2)) % 10 == digits[:, 6]
    return valid
