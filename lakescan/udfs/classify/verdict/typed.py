"""What a column's Arrow type and number range say by themselves."""

from __future__ import annotations

from lakescan.udfs.classify.profile.profile import HIT_PRECISION, ColumnProfile, Hit
from lakescan.udfs.classify.verdict.support import Support

#: A column of a date or time type holds dates; nothing else to find out.
_CERTAIN = 0.95

#: Of so many different numbers nearly all read as a moment: one number of 14 digits in 8,000 does
#: so by chance, and one of 8 digits in 1,200.
_NEARLY_ALL, _DIFFERENT = 0.95, 6
_STAMPED, _DATED = 0.9, 0.75


def typed(profile: ColumnProfile) -> tuple[Support, ...]:
    """Supports that follow from the type, or from all numbers at once: dates and times."""
    rows = profile.times.rows
    if rows:
        return (_dates(profile, "type", rows, _CERTAIN, proven=True),)
    numbers = profile.form.numbers
    least = max(1, round(_NEARLY_ALL * profile.filled))
    if profile.distinct < _DIFFERENT:
        return ()
    if numbers.stamps >= least:
        return (_dates(profile, "range.stamps", numbers.stamps, _STAMPED, proven=True),)
    if numbers.days >= least:
        return (_dates(profile, "range.days", numbers.days, _DATED, proven=False),)
    return ()


def _dates(
    profile: ColumnProfile, detector: str, rows: int, certain: float, *, proven: bool
) -> Support:
    sketch = profile.sketch.fold(HIT_PRECISION)
    hit = Hit("DATE_TIME", detector, rows, rows, round(1000 * certain) * rows, sketch, ())
    share = min(1.0, rows / max(1, profile.filled))
    return Support("DATE_TIME", "DATETIME", share * certain, share, rows, profile.distinct, proven,
                   (hit,), whole=share)  # fmt: skip
