"""Protegrity's words: harmonized categories, original entities, classifiers' names."""

from __future__ import annotations

from functools import lru_cache

from lakescan import entities as catalog
from lakescan.service.adapters.vocabulary import label_of

_VENDOR = "protegrity"
PATTERN, CONTEXT = 0, 1
#: Names that a sample shows of the context provider, where the table has a shorter one.
_SHOWN = frozenset({"ID_CARD"})


@lru_cache(maxsize=4096)
def harmonized(entity: str) -> str:
    """The category of an entity of ours, by the product's table; our own where it has none."""
    label = label_of(_VENDOR, entity)
    if label is not None:
        return category_of(label)
    return catalog.category_of(entity) if catalog.is_known(entity) else entity


@lru_cache(maxsize=1024)
def category_of(label: str) -> str:
    """The harmonized category of one of the product's own entities."""
    for row in catalog.vendor_labels(_VENDOR):
        if row.label == label:
            return row.category
    return label


@lru_cache(maxsize=4096)
def original(entity: str, provider: int) -> str:
    """What a provider would have called an entity before harmonization.

    The pattern provider uses Presidio's names, the context provider the one of a
    sample, else the table's shortest.
    """
    if not catalog.is_known(entity):
        return entity
    labels = catalog.entity(entity).vendors.get(_VENDOR)
    if not labels:
        generic = label_of(_VENDOR, entity)
        labels = (generic,) if generic is not None else (entity,)
        if generic is not None:
            meant = catalog.by_vendor(_VENDOR, generic)
            labels = meant.vendors.get(_VENDOR, labels)
    if provider == CONTEXT:
        return next((each for each in labels if each in _SHOWN), min(labels, key=len))
    presidio = label_of("presidio", entity)
    return presidio if presidio in labels else max(labels, key=len)


@lru_cache(maxsize=4096)
def classifier(detector: str) -> str:
    """``pattern.us_ssn`` as ``UsSsnRecognizer``; the model is ``context``."""
    kind, _, name = detector.partition(".")
    if kind == "ner":
        return "context"
    words = (name or kind).replace(".", "_").split("_")
    return "".join(word.capitalize() for word in words) + "Recognizer"


def provider_of(detector: str) -> int:
    """Which provider tells what a detector found."""
    return CONTEXT if detector.partition(".")[0] == "ner" else PATTERN
