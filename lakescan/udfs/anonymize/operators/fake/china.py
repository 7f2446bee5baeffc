"""Resident numbers of China (GB 11643-1999): a region, a birth date, an order, a check sign."""

from __future__ import annotations

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.identity import identity
from lakescan.udfs.anonymize.operators.fake.numbers import accepted
from lakescan.udfs.anonymize.operators.fake.permutation import turned

_ENTITY = "CN_RESIDENT_ID"
#: Years of birth are permuted among those of one span: nobody alive is born in 2090.
_SPANS = ("1880-01-01", "1930-01-01", "2020-01-01", "2030-01-01", "2100-01-01")
#: Digits besides the province and the date: the county's four and the order's three.
_OTHERS = 10**7
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_SIGNS = np.array(list("10X98765432"))


def resident_id(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another county, birth date and order in the same province, and the sign that fits.

    Valid numbers are permuted among the valid ones of a province; others keep their form.
    """
    valid = accepted(_ENTITY, texts)
    out = pl.Series([None], dtype=pl.String).extend_constant(None, len(texts) - 1)
    at = np.flatnonzero(~valid)
    if at.size:
        out = out.scatter(at, identity(_ENTITY, texts.gather(at), draw))
    at = np.flatnonzero(valid)
    return out.scatter(at, _moved(texts.gather(at), draw)) if at.size else out


def _moved(texts: pl.Series, draw: Draw) -> pl.Series:
    """Valid numbers, each become another."""
    spans = np.array(_SPANS, "datetime64[D]").astype(np.int64)
    days = texts.str.slice(6, 8).str.to_date("%Y%m%d").to_physical().to_numpy().astype(np.int64)
    span = np.searchsorted(spans, days, "right") - 1
    provinces = texts.str.slice(0, 2).cast(pl.UInt64).to_numpy()
    others = pl.select(texts.str.slice(2, 4) + texts.str.slice(14, 3)).to_series().cast(pl.Int64)
    numbers = (days - spans[span]) * _OTHERS + others.to_numpy()
    sizes = (spans[span + 1] - spans[span]) * _OTHERS
    tweaks = provinces * np.uint64(len(spans)) + span.astype(np.uint64)
    made = turned(draw, numbers.astype(np.uint64), sizes.astype(np.uint64), tweaks)
    born = (made.astype(np.int64) // _OTHERS + spans[span]).astype("datetime64[D]")
    rest = pl.Series(made.astype(np.int64) % _OTHERS).cast(pl.String).str.zfill(7)
    dates = pl.Series(born).dt.strftime("%Y%m%d")
    whole = pl.select(
        texts.str.slice(0, 2) + rest.str.slice(0, 4) + dates + rest.str.slice(4)
    ).to_series()
    digits = np.frombuffer("".join(whole.to_list()).encode(), np.uint8).reshape(-1, 17) - 48
    signs = pl.Series(_SIGNS[digits @ _WEIGHTS % len(_SIGNS)].tolist())
    small = pl.Series(texts.str.ends_with("x"))
    return pl.select(
        whole + pl.when(small).then(signs.str.to_lowercase()).otherwise(signs)
    ).to_series()
