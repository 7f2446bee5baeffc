"""All declared patterns, one family a file."""

from __future__ import annotations

from lakescan.udfs.detect.pattern import Pattern


def all_patterns() -> tuple[Pattern, ...]:
    """Every pattern that lakescan ships; where two are equally good, the earlier one is told."""
    from lakescan.udfs.detect.patterns import (
        americas,
        asia_pacific,
        crypto,
        dates,
        documents,
        europe,
        health,
        internet,
        money,
        named,
        names,
        organizations,
        payment,
        phone,
        places,
        plates,
        registers,
        secrets,
        traits,
        us,
        vehicles_devices,
    )

    families = (
        named, secrets, internet, crypto, payment, us, europe, americas, asia_pacific, registers, documents,
        health, vehicles_devices, phone, plates, dates, names, traits, money, places, organizations,
    )  # fmt: skip
    return tuple(pattern for family in families for pattern in family.PATTERNS)
