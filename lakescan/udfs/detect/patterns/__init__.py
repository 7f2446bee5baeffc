"""All declared patterns, one family a file."""

from __future__ import annotations

from lakescan.udfs.detect.pattern import Pattern


def all_patterns() -> tuple[Pattern, ...]:
    """Every pattern that lakescan ships."""
    from lakescan.udfs.detect.patterns import dates, health, internet, payment, phone, places, us

    families = (internet, payment, phone, us, health, dates, places)
    return tuple(pattern for family in families for pattern in family.PATTERNS)
