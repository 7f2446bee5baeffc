"""A policy for other tools: its JSON Schema, and itself as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from lakescan.policy.model import Policy

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def policy_schema(model: type[Policy]) -> dict[str, object]:
    """The JSON Schema of a policy file, with every known name for an editor to offer."""
    schema: dict[str, object] = model.model_json_schema(mode="validation")
    return {
        "$schema": _DIALECT,
        **schema,
        "title": "lakescan policy",
        "description": "What to look for, how sure to be, where to look, and when to fail.",
    }


def policy_yaml(policy: Policy) -> str:
    """A policy with every default written out."""
    data = policy.model_dump(mode="json", exclude_none=True)
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
    return text
