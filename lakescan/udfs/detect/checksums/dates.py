"""Checks of dates."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates


def ymd(candidates: Candidates) -> BoolArray:
    """Whether eight digits are a day of the Gregorian calendar, yyyymmdd."""
    valid: BoolArray = candidates.texts.str.to_date("%Y%m%d", strict=False).is_not_null().to_numpy()
    return valid
