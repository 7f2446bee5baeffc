"""Checks of telephone numbers against the countries' numbering plans, whole columns at a time."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates
from lakescan.udfs.detect.matching.regexes import FEW, is_wholly, whole

_EXTENSION = r"(?i)\s?(?:x|ext\.?|extension|#)\s?[0-9]{1,6}\z"

#: ITU-T E.164, section 6.1: no number is longer.
_MOST_DIGITS = 15


def nanp(candidates: Candidates) -> BoolArray:
    """North American Numbering Plan: area code and exchange begin with 2 to 9, neither is N11."""
    valid = _nanp_digits(candidates)
    if not candidates.hold(b"xX#"):
        return valid
    extended = candidates.texts.str.contains(_EXTENSION).to_numpy()
    if extended.any():
        bare = candidates.texts.filter(extended).str.replace(_EXTENSION, "")
        valid[extended] = _nanp_digits(Candidates(bare))
    return valid


def _nanp_digits(candidates: Candidates) -> BoolArray:
    digits = candidates.digits(11)
    valid: BoolArray = (candidates.counts == 10) | ((candidates.counts == 11) & (digits[:, 0] == 1))
    for at in (1, 4):
        valid &= (digits[:, at] >= 2) & ((digits[:, at + 1] != 1) | (digits[:, at + 2] != 1))
    return valid


def long_enough(candidates: Candidates) -> BoolArray:
    """Seven digits to fifteen (an extension aside): five or six in groups are a postal code.

    Eight in groups of 4.2.2 with points are a tariff's code (Harmonized System, and its national
    subdivisions), two years the time between.
    """
    valid: BoolArray = candidates.counts >= 7
    valid &= ~is_wholly(candidates.texts, r"(?:1[5-9]|20)[0-9]{2}[ /-]{1,3}(?:1[5-9]|20)[0-9]{2}")
    if candidates.hold(b"."):
        valid &= ~is_wholly(candidates.texts, r"[0-9]{4}\.[0-9]{2}\.[0-9]{2}")
        # Two amounts of a table's row.
        valid &= ~is_wholly(candidates.texts, r"[0-9]{1,6}\.[0-9]{2}(?: +[0-9]{1,6}\.[0-9]{2})+")
    if candidates.hold(b"xX#"):
        bare = candidates.texts.str.replace(_EXTENSION, "")
        valid &= bare.str.count_matches("[0-9]").is_between(7, _MOST_DIGITS).to_numpy()
    else:
        valid &= candidates.counts <= _MOST_DIGITS
    return valid


def no_date(candidates: Candidates) -> BoolArray:
    """Six to fifteen digits (ITU-T E.164, section 6) that are no date, no years, no round sum."""
    digits = candidates.counts
    dated = is_wholly(
        candidates.texts,
        r"(?:19|20)[0-9]{2}[ ./-]{1,3}(?:19|20)[0-9]{2}"
        r"|(?:19|20)[0-9]{2}([./-])[0-9]{1,2}[./-][0-9]{1,2}"
        r"|[0-9]{1,2}[./-][0-9]{1,2}[./-](?:(?:19|20)[0-9]{2}|[0-9]{2})"
        r"|(?:19|20)[0-9]{6}|[1-9][0-9]{0,2}(?:[ .][0-9]{3}){0,3}[ .]000",
    )
    valid: BoolArray = (digits >= 6) & (digits <= 15) & ~dated
    return valid


def international(candidates: Candidates) -> BoolArray:
    """ITU-T E.164 numbers that fit the plan of their country (libphonenumber's metadata)."""
    digits = _digits(candidates.texts).str.replace(r"\A00", "")
    if len(candidates) < FEW:
        return np.array([_fits(number) for number in digits.to_list()], np.bool_)
    valid = np.zeros(len(candidates), np.bool_)
    codes = _calling_codes()
    for width in (1, 2, 3):
        head = digits.str.slice(0, width)
        for code in head.unique().to_list():
            if code not in codes or len(code) != width:
                continue
            rows = np.flatnonzero((head == code).to_numpy())
            national = taken(digits, rows).str.slice(width)
            valid[rows] |= is_wholly(national, _plan(code))
    return valid


def _fits(number: str) -> bool:
    """Whether the digits of one number fit the plan of their country."""
    codes = _calling_codes()
    heads = (number[:width] for width in (1, 2, 3))
    return any(head in codes and whole(_plan(head))(number[len(head) :].encode()) for head in heads)


def _digits(series: pl.Series) -> pl.Series:
    return series.str.replace(_EXTENSION, "").str.replace_all("[^0-9]", "")


@lru_cache(maxsize=1)
def _calling_codes() -> frozenset[str]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return frozenset(str(code) for code in COUNTRY_CODE_TO_REGION_CODE)


@lru_cache(maxsize=512)
def _plan(code: str) -> str:
    """The national numbers of a calling code, a trunk 0 in brackets or not, as one regex."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    number = int(code)
    regions = COUNTRY_CODE_TO_REGION_CODE[number]
    plans = [
        PhoneMetadata.metadata_for_nongeo_region(number)
        if region == "001"
        else PhoneMetadata.metadata_for_region(region)
        for region in regions
    ]
    forms = [
        plan.general_desc.national_number_pattern
        for plan in plans
        if plan is not None and plan.general_desc is not None
    ]
    union = "|".join(f"(?:{form})" for form in forms).replace(r"\d", "[0-9]")
    return f"0?(?:{union})"
