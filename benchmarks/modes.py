"""The accuracy modes of lakescan: which of them are there, and why another is not."""

from __future__ import annotations

from collections.abc import Sequence

import lakescan
from lakescan.errors import LakescanError

MODES = ("patterns", "fast", "standard", "high")
_PROBE = "Ann Lee lives in Paris."


def available_modes(
    asked: Sequence[str] | None = None, high_model: str | None = None
) -> dict[str, lakescan.Policy | str]:
    """For each mode its policy, or a sentence that says why it is absent.

    Args:
        asked: modes; None for all.
        high_model: what ``high`` reads with: a folder or ``spacy:NAME``.
    """
    return {mode: _policy(mode, high_model) for mode in asked or MODES}


def mode_policy(mode: str, high_model: str | None = None) -> lakescan.Policy:
    """The default policy in one mode."""
    text = f"accuracy_mode: {mode}\n"
    if mode == "high" and high_model is not None:
        text += f"ner: {{model: '{high_model}'}}\n"
    return lakescan.Policy.parse(text)


def _policy(mode: str, high_model: str | None) -> lakescan.Policy | str:
    try:
        policy = mode_policy(mode, high_model)
        lakescan.detect(_PROBE, policy)
    except LakescanError as error:
        return str(error)
    return policy
