"""Dates that are written as text: read, changed, and written again in their own form.

A form is told per value. What several forms could be (03/04/2020) is read as the policy says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

#: What a form looks like, and how it is read and written (chrono's marks). Of two that look alike,
#: the first has the month first.
_FORMS = (
    (r"^\d{4}-\d{2}-\d{2}$", "%Y-%m-%d", False),
    (r"^\d{4}/\d{2}/\d{2}$", "%Y/%m/%d", False),
    (r"^\d{4}\.\d{2}\.\d{2}$", "%Y.%m.%d", False),
    (r"^\d{8}$", "%Y%m%d", False),
    (r"^\d{2}/\d{2}/\d{4}$", "%m/%d/%Y", False),
    (r"^\d{2}/\d{2}/\d{4}$", "%d/%m/%Y", True),
    (r"^\d{2}-\d{2}-\d{4}$", "%m-%d-%Y", False),
    (r"^\d{2}-\d{2}-\d{4}$", "%d-%m-%Y", True),
    (r"^\d{2}\.\d{2}\.\d{4}$", "%d.%m.%Y", True),
    (r"^\d{1,2}/\d{1,2}/\d{4}$", "%-m/%-d/%Y", False),
    (r"^\d{1,2}/\d{1,2}/\d{4}$", "%-d/%-m/%Y", True),
    (r"^\d{1,2}\.\d{1,2}\.\d{4}$", "%-d.%-m.%Y", True),
    (r"^\d{2}/\d{2}/\d{2}$", "%m/%d/%y", False),
    (r"^\d{2}/\d{2}/\d{2}$", "%d/%m/%y", True),
    (r"^\d{2} [A-Z][a-z]{2} \d{4}$", "%d %b %Y", True),
    (r"^\d{2}-[A-Z][a-z]{2}-\d{4}$", "%d-%b-%Y", True),
    (r"^[A-Z][a-z]{2} \d{2}, \d{4}$", "%b %d, %Y", False),
    (r"^[A-Z][a-z]{3,} \d{2}, \d{4}$", "%B %d, %Y", False),
    (r"^[A-Z][a-z]{3,} \d{1,2}, \d{4}$", "%B %-d, %Y", False),
    (r"^\d{1,2} [A-Z][a-z]{3,} \d{4}$", "%-d %B %Y", True),
)
#: A time of day after a date stays as it is.
_TIME = r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?([AaPp][Mm]|Z|[+-]\d{2}:?\d{2}))?$"


@dataclass(frozen=True, slots=True)
class WrittenDates:
    """Texts read as dates.

    Args:
        days: the date of each text, null where it is none.
        forms: each text's form, an index into the forms; -1 where it is no date.
        times: what follows the date in each text.
    """

    days: pl.Series
    forms: pl.Series
    times: pl.Series

    def with_days(self, days: pl.Series) -> pl.Series:
        """The texts with other dates, each in its own form; null where there is none."""
        frame = pl.DataFrame({"day": days, "form": self.forms, "time": self.times})
        written = pl.lit(None, pl.String)
        for number in self.forms.unique().to_list():
            if number >= 0:
                form = _FORMS[number][1]
                text = pl.col("day").dt.strftime(form) + pl.col("time")
                written = pl.when(pl.col("form") == number).then(text).otherwise(written)
        return frame.with_columns(written.alias("text"))["text"]


def read_dates(texts: pl.Series, *, day_first: bool) -> WrittenDates:
    """Read texts as dates.

    Args:
        texts: strings without nulls.
        day_first: how to read what has the day or the month first.
    """
    times = texts.str.extract(f"({_TIME})", 1).fill_null("")
    dates = texts.str.replace(_TIME, "").alias("date")
    days = (
        pl.Series([None], dtype=pl.Date).extend_constant(None, len(texts) - 1)
        if len(texts)
        else pl.Series([], dtype=pl.Date)
    )
    forms = np.full(len(texts), -1, np.int64)
    order = sorted(range(len(_FORMS)), key=lambda n: (_FORMS[n][2] != day_first, n))
    for number in order:
        shape, form, _ = _FORMS[number]
        free = forms < 0
        if not free.any():
            break
        fitting = dates.str.contains(shape).to_numpy() & free
        if not fitting.any():
            continue
        read = dates.str.to_date(form, strict=False).filter(pl.Series(fitting))
        at = np.flatnonzero(fitting)
        good = read.is_not_null().to_numpy()
        if good.any():
            days = days.scatter(at[good], read.drop_nulls())
            forms[at[good]] = number
    return WrittenDates(days, pl.Series(forms), times)
