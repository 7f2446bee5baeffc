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
    """The sum of the units' weights; units that are counted already tell it themselves."""
    told: int | None = getattr(units, "weight", None)
    return sum(weight(unit) for unit in units) if told is None else told
