"""Checks of numbers of the United States."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates, number, varied
from lakescan.udfs.detect.checksums.generic import luhn_sum, weighted

#: Printed on wallet cards and leaflets, hence never a person's (SSA, "Misused SSN").
_ADVERTISED = (78051120, 219099999, 457555462)


def ssn(candidates: Candidates) -> BoolArray:
    """SSA POMS RM 10201: no area 000, 666 or 900 up, no group 00, no serial 0000."""
    digits = candidates.digits(9)
    area, group, serial = number(digits[:, :3]), number(digits[:, 3:5]), number(digits[:, 5:])
    valid: BoolArray = (area > 0) & (area != 666) & (area < 900) & (group > 0) & (serial > 0)
    valid &= varied(digits)
    whole = number(digits)
    for advertised in _ADVERTISED:
        valid &= whole != advertised
    return valid


def itin(candidates: Candidates) -> BoolArray:
    """IRS IRM 3.21.263.6: area 9xx and the groups that are given out."""
    digits = candidates.digits(9)
    group = number(digits[:, 3:5])
    given = ((group >= 50) & (group <= 65)) | ((group >= 70) & (group <= 88))
    given |= ((group >= 90) & (group <= 92)) | (group >= 94)
    valid: BoolArray = (digits[:, 0] == 9) & given
    return valid


def npi(candidates: Candidates) -> BoolArray:
    """National Provider Identifier: Luhn over 80840 and the ten digits (adds 24 to the sum)."""
    valid: BoolArray = (luhn_sum(candidates.digits(10)) + 24) % 10 == 0
    return valid


def dea(candidates: Candidates) -> BoolArray:
    """DEA number, 21 CFR 1301: (d1+d3+d5) + 2 (d2+d4+d6) ends in d7."""
    digits = candidates.digits(7)
    valid: BoolArray = weighted(digits, (1, 2, 1, 2, 1, 2)) % 10 == digits[:, 6]
    return valid


#: Prefixes that no campus of the IRS gives out ("How EINs are assigned and valid EIN prefixes").
_NO_EIN = (0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97)


def ein(candidates: Candidates) -> BoolArray:
    """Employer Identification Number: a prefix that the IRS gives out."""
    prefix = number(candidates.digits(9)[:, :2])
    valid: BoolArray = prefix >= 0
    for unknown in _NO_EIN:
        valid &= prefix != unknown
    return valid
