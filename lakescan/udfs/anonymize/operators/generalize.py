"""generalize: values become coarser, by their kind and their column's type.

Rules follow HIPAA's safe harbour (45 CFR 164.514(b)(2)) where it has one: postal codes keep three
digits, ages from 90 on are one band, dates keep the year or (by choice) the month.
"""

from __future__ import annotations

import ipaddress

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.policy.operators import GeneralizeOptions
from lakescan.policy.tree import groups_of
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.dates import read_dates
from lakescan.udfs.anonymize.operators.number_types import bounds, decimals
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import TEXT, is_text
from lakescan.udfs.arrays import to_arrow, to_numpy

#: What ``auto`` does, by entity, then by category.
_KINDS = {
    "AGE": "band",
    "CA_POSTAL_CODE": "zip3",
    "DATE_OF_BIRTH": "year",
    "DATETIME": "month",
    "IP_ADDRESS": "network",
    "DE_PLZ": "zip3",
    "GEO_COORDINATE": "coordinates",
    "NL_POSTCODE": "zip3",
    "UK_POSTCODE": "zip3",
    "ZIPCODE": "zip3",
}
_AGES_END = 90.0
#: Whole numbers below it are told apart by a float.
_EXACT = 2.0**53
#: Bits of an IPv4 and an IPv6 address that stay.
_NETWORK_BITS = {4: 24, 6: 48}


class Generalize:
    """Bands, beginnings and rounded values; of numbers and dates, the type stays.

    In a text a band is written ``30-39``; in a column of numbers it is its lower end, and in a
    column of dates a month or a year is its first day.
    """

    name = "generalize"
    traits = Traits()

    def __init__(self, options: GeneralizeOptions) -> None:
        self._options = options
        self._to = "tree" if options.tree is not None else options.to
        self._tree = {} if options.tree is None else groups_of(options.tree)

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts, numbers, dates and timestamps; what ``to`` asks for must suit them."""
        to = self._to
        if is_text(kind):
            return TEXT
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            return kind if to in ("auto", "month", "year") else None
        if pa.types.is_integer(kind):
            return kind if to in ("auto", "band", "zip3") else None
        if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            return kind if to in ("auto", "band", "coordinates") else None
        return None

    def setup(self, keys: DomainKeys | None) -> None:
        """Nothing to prepare."""

    def apply(self, cells: Cells) -> Applied:
        """The coarser values; what is not of the kind is unfit."""
        values = cells.values
        to: str = self._to
        if to == "auto":
            to = _KINDS.get(cells.entity) or _KINDS.get(cells.category) or "band"
        top = self._options.top
        if top is None and "AGE" in (cells.entity, cells.category):
            top = _AGES_END
        series = pl.from_arrow(values)
        assert isinstance(series, pl.Series)
        if is_text(values.type):
            return _fit(self._texts(series, to, top), TEXT)
        if pa.types.is_date(values.type) or pa.types.is_timestamp(values.type):
            every = "1y" if to == "year" else "1mo"
            return Applied(pc.cast(series.dt.truncate(every).to_arrow(), values.type))
        if pa.types.is_integer(values.type):
            return Applied(_lower_ends(values, 100 if to == "zip3" else self._options.width, top))
        return Applied(self._coarse(values, to, top))

    def _texts(self, texts: pl.Series, to: str, top: float | None) -> pl.Series:
        match to:
            case "month" | "year":
                return _dates(texts, to)
            case "zip3":
                return _postal_codes(texts)
            case "network":
                return texts.map_elements(_network, pl.String)
            case "coordinates":
                return texts.map_elements(self._rounded, pl.String)
            case "tree":
                return self._grouped(texts)
        return self._bands(texts, top)

    def _coarse(self, values: pa.Array, to: str, top: float | None) -> pa.Array:
        """Fractions: rounded, or the lower ends of their bands."""
        numbers = to_numpy(values.cast(pa.float64(), safe=False))
        if to == "coordinates":
            made = np.round(numbers, self._options.digits)
        else:
            width = self._options.width
            made = np.floor(numbers / width) * width
            made = made if top is None else np.minimum(made, top)
        if pa.types.is_decimal(values.type):
            made = decimals(made, values.type)
        return to_arrow(made).cast(values.type, safe=False)

    def _bands(self, texts: pl.Series, top: float | None) -> pl.Series:
        """``30-39``, ``90+``; null for no number, or one of more digits than are told apart."""
        width = self._options.width
        numbers = texts.str.strip_chars().cast(pl.Float64, strict=False)
        numbers = numbers.set((numbers.abs() < _EXACT).fill_null(value=False).not_(), None)
        low = (numbers / width).floor() * width
        whole = float(width).is_integer()
        kind = pl.Int64 if whole else pl.Float64
        ends = (low + width - 1 if whole else low + width).cast(kind)
        bands = low.cast(kind).cast(pl.String) + "-" + ends.cast(pl.String)
        if top is None:
            return bands
        above = str(int(top) if float(top).is_integer() else top) + "+"
        return pl.select(pl.when(numbers >= top).then(pl.lit(above)).otherwise(bands)).to_series()

    def _grouped(self, texts: pl.Series) -> pl.Series:
        """The group of each value at the level, or the lowest above it."""
        options = self._options
        told = {
            value: groups[: options.level][-1] if groups[: options.level] else options.other
            for value, groups in self._tree.items()
        }
        words = texts.str.strip_chars().str.to_lowercase()
        return words.replace_strict(told, default=options.other, return_dtype=pl.String)

    def _rounded(self, text: str) -> str | None:
        parts = [part.strip() for part in text.split(",")]
        try:
            return ", ".join(f"{float(part):.{self._options.digits}f}" for part in parts)
        except ValueError:
            return None


def _lower_ends(values: pa.Array, width: float, top: float | None) -> pa.Array:
    """The lower ends of integers' bands; of the lowest, what the type still holds."""
    kind = values.type
    wide = pa.uint64() if pa.types.is_unsigned_integer(kind) else pa.int64()
    numbers = to_numpy(values.cast(wide))
    low, high = bounds(kind)
    if float(width).is_integer() and width <= high:
        rest = numbers % numbers.dtype.type(width)
        least = numbers.dtype.type(low)
        made = np.where(numbers < least + rest, least, numbers - rest)
    else:
        made = np.clip(np.floor(numbers / width) * width, low, high).astype(numbers.dtype)
    return to_arrow(made if top is None else np.minimum(made, numbers.dtype.type(top))).cast(kind)


def _dates(texts: pl.Series, to: str) -> pl.Series:
    """Months or years in their own form: the day becomes the first."""
    dates = read_dates(texts, day_first=False)
    return dates.with_days(dates.days.dt.truncate("1y" if to == "year" else "1mo"))


def _postal_codes(texts: pl.Series) -> pl.Series:
    """The first three characters and stars; null for what has no digit."""
    bare = texts.str.strip_chars()
    rest = bare.str.slice(3).str.replace_all(r"[\p{L}\p{N}]", "*")
    coarse = bare.str.slice(0, 3) + rest
    return coarse.set(~bare.str.contains(r"\d"), None)


def _network(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    kept = _NETWORK_BITS[address.version]
    hidden = address.max_prefixlen - kept
    return str(type(address)(int(address) >> hidden << hidden))


def _fit(texts: pl.Series, kind: pa.DataType) -> Applied:
    unfit = texts.is_null().to_numpy()
    values = texts.fill_null("").to_arrow().cast(kind)
    return Applied(values, np.asarray(unfit) if unfit.any() else None)
