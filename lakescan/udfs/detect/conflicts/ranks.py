"""What weighs in a conflict between findings: how good a proof is, how fine a name, whose turn."""

from __future__ import annotations

from functools import cache

from lakescan import entities as catalog
from lakescan.udfs.detect.patterns import all_patterns

#: By the first part of a detector's name. What the user named comes first, then what a checksum
#: or a strict form proves, then what context supports, then models, lists and mere shapes.
_RANKS = {"deny": 6, "pattern": 5, "custom": 5, "context": 4, "ner": 3, "dictionary": 2, "shape": 1}
#: Detectors of others' making stand beside the model.
_OTHER_RANK = 3

MODEL, DENIED = _RANKS["ner"], _RANKS["deny"]

#: A category's own name, a finer one, and one that the user or a plug-in brought.
_GENERAL, _FINER, _OWN = 1, 2, 3


def rank_of(detector: str) -> int:
    """How much a detector's word weighs against another's over the same characters."""
    return _RANKS.get(detector.partition(".")[0], _OTHER_RANK)


def specificity_of(entity: str) -> int:
    """How much an entity's name says: its category's own name least, the user's own names most."""
    if not catalog.is_known(entity):
        return _OWN
    name = catalog.canonical(entity)
    category = catalog.category_of(name)
    general = catalog.canonical(category) if catalog.is_known(category) else category
    return _GENERAL if name == general else _FINER


def turn_of(detector: str) -> tuple[int, str]:
    """Orders detectors that are equal otherwise: the user's, the shipped in their order, others."""
    kind, _, name = detector.partition(".")
    if kind in ("deny", "custom"):
        return -1, detector
    return _turns().get(name, len(_turns())), detector


@cache
def _turns() -> dict[str, int]:
    return {name: turn for turn, name in enumerate(dict.fromkeys(p.name for p in all_patterns()))}
