"""lakescan's accuracy modes: which of them are there, and why another is not."""

from __future__ import annotations

from collections.abc import Sequence

import lakescan
from lakescan.errors import LakescanError

MODES = ("patterns", "fast", "standard", "high")
_PROBE = "Ann Lee lives in Paris."


def available_modes(asked: Sequence[str] | None = None) -> dict[str, lakescan.Policy | str]:
    """For each mode its policy, or a sentence that says why it is absent."""
    return {mode: _policy(mode) for mode in asked or MODES}


def _policy(mode: str) -> lakescan.Policy | str:
    if "accuracy_mode" not in lakescan.Policy.model_fields:
        if mode == "patterns":
            return lakescan.Policy.default()
        return "this lakescan has no models"
    try:
        policy = lakescan.Policy.parse(f"accuracy_mode: {mode}\n")
        lakescan.detect(_PROBE, policy)
    except LakescanError as error:
        return str(error)
    return policy
