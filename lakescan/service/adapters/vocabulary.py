"""From our entities to a vendor's labels and back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lakescan import entities as catalog


@lru_cache(maxsize=4096)
def label_of(vendor: str, entity: str) -> str | None:
    """How a product would report an entity; None where it has nothing like it, or it is unknown."""
    return catalog.vendor_label(vendor, entity) if catalog.is_known(entity) else None


@lru_cache(maxsize=64)
def entities_of(vendor: str, labels: frozenset[str] | None = None) -> frozenset[str]:
    """Our entities that a product reports, under any of ``labels`` or under any label at all."""
    return frozenset(
        each.name
        for each in catalog.all_entities()
        if (label := label_of(vendor, each.name)) is not None
        and (labels is None or label in labels)
    )


def labels_of(vendor: str) -> tuple[str, ...]:
    """A product's labels, in its own order."""
    return tuple(dict.fromkeys(row.label for row in catalog.vendor_labels(vendor) if row.label))


def categorized(names: Iterable[str]) -> frozenset[str]:
    """All our entities of some categories."""
    wanted = set(names)
    return frozenset(each.name for each in catalog.all_entities() if each.category in wanted)
