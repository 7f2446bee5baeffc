"""Accuracy modes of requests: another product's names, answered with the models that are here.

Where the service was told its mode (``--accuracy-mode``, or the policy's own), every name is
answered with that. Where the choice was left open, ``standard`` in all its forms is the shipped
`standard` model, and ``high`` in all its forms the model that the policy names (``ner.model``), or
`standard` where it names none. Both read several languages, so the multilingual names are the same.
"""

from __future__ import annotations

from lakescan.jobs.accuracy import asked
from lakescan.policy import Policy
from lakescan.service.settings import Settings

#: The name of `standard_beside` among the policies that readers know; requests cannot name it.
_STANDARD = "(standard)"


def standard_beside(policy: Policy) -> Policy:
    """The policy with the shipped model; itself, where it has no other or was told its mode."""
    if policy.accuracy_mode is not None or policy.ner.model is None:
        return policy
    return asked(policy, "standard")


def is_high(mode: str) -> bool:
    """Whether a mode of Private AI's ``accuracy_mode`` asks for the best model."""
    return mode.partition("_")[0] == "high"


def policies_read(settings: Settings) -> dict[str, Policy]:
    """All policies that texts are read by, those that requests may name and those of modes."""
    every = settings.every_policy
    beside = standard_beside(settings.policy)
    return every if beside is settings.policy else {**every, _STANDARD: beside}
