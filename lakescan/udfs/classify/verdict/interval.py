"""How far the share in a sample may be from the share in the whole column."""

from __future__ import annotations

import math

#: Two-sided 95 % of the normal distribution.
_Z = 1.959963984540054


def wilson(hits: int, seen: int, total: int | None = None) -> tuple[float, float]:
    """The 95 % score interval of a share (E. B. Wilson, 1927), with finite-population correction.

    Args:
        hits: rows that had it, among those seen.
        seen: rows looked at.
        total: rows there are; None where nobody knows. When all were seen the interval is a point.

    Returns:
        Lower and upper bound, 0..1; (0, 1) where nothing was seen. For ``hits == 0`` the upper
        bound is the rate below which the entity may have been missed.
    """
    if seen <= 0:
        return 0.0, 1.0
    share = hits / seen
    if total is not None and total <= seen:
        return share, share
    size = float(seen)
    if total is not None and total > 1:
        size *= (total - 1) / (total - seen)
    spread = _Z * _Z / size
    centre = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(share * (1 - share) / size + spread / (4 * size))
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    high = 1.0 if hits >= seen else min(1.0, centre + half)
    return low, high
