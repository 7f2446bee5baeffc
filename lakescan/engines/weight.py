"""How much work units are, as far as they tell."""

from __future__ import annotations

from collections.abc import Iterable

#: What a unit counts for that does not tell: more than little, so that it gets a worker.
UNKNOWN_BYTES = 64 << 20


def weight(unit: object) -> int:
    """The unit's ``weight``: bytes to be decoded."""
    value: int = getattr(unit, "weight", UNKNOWN_BYTES)
    return value


def total_weight(units: Iterable[object]) -> int:
    """The sum of the units' weights."""
    return sum(weight(unit) for unit in units)
