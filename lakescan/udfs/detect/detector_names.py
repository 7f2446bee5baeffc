"""The names that findings' detectors may have: what a policy's thresholds may speak of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from lakescan.policy import AccuracyMode, Policy
from lakescan.udfs.detect.dictionaries.lookup import WORD_LISTS
from lakescan.udfs.detect.dictionaries.phrases import PHRASES
from lakescan.udfs.detect.patterns import all_patterns

#: A pattern's findings: whole, of the form alone, and of the form near a context word.
_OF_PATTERNS = ("pattern", "shape", "context")


def check_detector_names(policy: Policy, installed: Iterable[str]) -> None:
    """Make sure that each name in ``thresholds.detectors`` means a detector.

    Args:
        policy: it may declare detectors of its own.
        installed: the names of plug-ins; what they call their findings' detectors begins so.

    Raises:
        PolicyError: a name means none, with its path and "did you mean".
    """
    if not policy.thresholds.detectors:
        return
    names = {f"{kind}.{pattern.name}" for pattern in all_patterns() for kind in _OF_PATTERNS}
    names |= {f"dictionary.{words.name}" for words in (*WORD_LISTS, *PHRASES)}
    names |= {f"ner.{mode}" for mode in get_args(AccuracyMode)}
    names |= {f"custom.{declared.name}" for declared in policy.detectors}
    names |= {f"deny.{rule.entity.lower()}" for rule in policy.deny}
    policy.require_detectors(names, {name.partition(".")[0] for name in installed})
