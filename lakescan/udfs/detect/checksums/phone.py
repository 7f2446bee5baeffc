"""Checks of telephone numbers against the countries' numbering plans, whole columns at a time."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

BoolArray = npt.NDArray[np.bool_]

_EXTENSION = r"(?i)\s?(?:x|ext\.?|extension|#)\s?[0-9]{1,6}\z"


def nanp(series: pl.Series) -> BoolArray:
    """North American Numbering Plan: area code and exchange begin with 2 to 9, neither is N11."""
    digits = _digits(series)
    valid: BoolArray = digits.str.contains(
        r"\A1?(?:[2-9](?:[02-9][0-9]|1[02-9]))(?:[2-9](?:[02-9][0-9]|1[02-9]))[0-9]{4}\z"
    ).to_numpy()
    return valid


def international(series: pl.Series) -> BoolArray:
    """ITU-T E.164 numbers that fit the plan of their country (libphonenumber's metadata)."""
    digits = _digits(series).str.replace(r"\A00", "")
    valid = np.zeros(len(series), np.bool_)
    codes = _calling_codes()
    for width in (1, 2, 3):
        head = digits.str.slice(0, width)
        for code in head.unique().to_list():
            if code not in codes or len(code) != width:
                continue
            rows = np.flatnonzero((head == code).to_numpy())
            national = digits.gather(rows).str.slice(width)
            valid[rows] |= national.str.contains(_plan(code)).to_numpy()
    return valid


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
    return rf"\A0?(?:{union})\z"
