"""Checks of dates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

BoolArray = npt.NDArray[np.bool_]


def ymd(series: pl.Series) -> BoolArray:
    """Whether eight digits are a day of the Gregorian calendar, yyyymmdd."""
    valid: BoolArray = series.str.to_date("%Y%m%d", strict=False).is_not_null().to_numpy()
    return valid
