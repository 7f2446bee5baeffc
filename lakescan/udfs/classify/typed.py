"""What a column's Arrow type and number range say by themselves."""

from __future__ import annotations

from lakescan.udfs.classify.profile import HIT_PRECISION, ColumnProfile, Hit
from lakescan.udfs.classify.support import Support

#: A column of a date or time type holds dates; nothing else to find out.
_CERTAIN = 0.95


def typed(profile: ColumnProfile) -> tuple[Support, ...]:
    """Supports that follow from the type: dates and times."""
    rows = profile.times.rows
    if not rows:
        return ()
    sketch = profile.sketch.fold(HIT_PRECISION)
    hit = Hit("DATE_TIME", "type", rows, rows, round(1000 * _CERTAIN) * rows, sketch, ())
    share = rows / max(1, profile.filled)
    return (
        Support("DATE_TIME", "DATETIME", share * _CERTAIN, share, rows, profile.distinct, True,
                (hit,), whole=share),
    )  # fmt: skip
