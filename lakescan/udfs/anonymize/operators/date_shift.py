"""date_shift: the dates of one subject all move by the same number of days."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.policy.operators import DateShiftOptions
from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.crypto.cmac import Cmac
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.dates import read_dates
from lakescan.udfs.anonymize.operators.protocol import Applied, Bools, Cells, Traits
from lakescan.udfs.anonymize.text_types import TEXT, is_text


class DateShift:
    """Order and intervals of a subject's dates stay exactly; times of day stay too.

    Without a subject, all dates of the domain move alike.
    """

    name = "date_shift"
    traits = Traits(keyed=True, keeps_length=True, per_subject=True)

    def __init__(self, options: DateShiftOptions) -> None:
        self._most = options.days
        self._day_first = options.day_first
        self._cmac: Cmac | None = None

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Dates, timestamps and texts."""
        if is_text(kind):
            return TEXT
        return kind if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else None

    def setup(self, keys: DomainKeys | None) -> None:
        """Derive the key."""
        assert keys is not None, "the job asks for a key first"
        self._cmac = Cmac(keys.secret("date_shift"))

    def apply(self, cells: Cells) -> Applied:
        """The moved dates; unfit are texts that are no dates, and dates of nobody or past 9999."""
        values = cells.values
        days, unfit = self._days(cells)
        series = pl.from_arrow(values)
        assert isinstance(series, pl.Series)
        if is_text(values.type):
            dates = read_dates(series, day_first=self._day_first)
            moved = dates.with_days(_moved(dates.days, days))
            unfit |= moved.is_null().to_numpy()
            out = moved.fill_null("").to_arrow().cast(TEXT)
        else:
            moved_on = _moved(series, days)
            unfit |= moved_on.is_null().to_numpy()
            out = pc.cast(moved_on.to_arrow(), values.type)
        return Applied(out, unfit if unfit.any() else None)

    def _days(self, cells: Cells) -> tuple[npt.NDArray[np.int64], Bools]:
        """By how many days each value moves: never by none."""
        assert self._cmac is not None, "setup comes first"
        subjects = cells.subjects
        missing = np.zeros(len(cells.values), np.bool_)
        if subjects is None:
            subjects = pa.array([""], TEXT)
        else:
            missing = pl.Series(subjects).is_null().to_numpy().copy()
            subjects = pc.fill_null(subjects, "")
        tags = self._cmac(bytes_of(subjects))
        drawn = np.ascontiguousarray(tags[:, :8]).view(">u8")[:, 0].astype(np.uint64)
        places = (drawn % np.uint64(2 * self._most)).astype(np.int64)
        days = np.where(places < self._most, places - self._most, places - self._most + 1)
        if len(days) == 1 != len(cells.values):
            days = np.repeat(days, len(cells.values))
        return days, missing


def _moved(dates: pl.Series, days: npt.NDArray[np.int64]) -> pl.Series:
    """Null for what leaves its type or the years 1 to 9999, which few programs read."""
    spans = pl.Series(days, dtype=pl.Int64)
    unit = dates.dtype.time_unit if isinstance(dates.dtype, pl.Datetime) else None
    moved = pl.col("date") + pl.duration(days=pl.col("days"), time_unit=unit)
    onward = (moved > pl.col("date")) == (pl.col("days") > 0)
    inside = moved.cast(pl.Date).is_between(pl.lit(date.min), pl.lit(date.max))
    frame = pl.DataFrame({"date": dates, "days": spans})
    return frame.select(pl.when(onward & inside).then(moved).alias("date"))["date"]
