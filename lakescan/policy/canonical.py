"""The canonical form of a policy: two that mean the same are equal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lakescan.policy.model import Policy

#: Lists whose order means something: later column rules win.
_ORDERED = frozenset({"columns"})
#: Words compared without regard to case.
_CASELESS = frozenset({"allow", "deny"})


def canonical_form(policy: Policy) -> dict[str, object]:
    """What a policy says beyond the defaults, as plain data, sorted where order means nothing."""
    plain = policy.model_dump(mode="json", exclude_defaults=True, exclude={"gates"})
    form = {key: _sorted(value, key) for key, value in plain.items()}
    if policy.sampling.is_full:
        form.pop("sampling", None)
    return {key: value for key, value in form.items() if value not in ({}, [])}


def _sorted(value: object, key: str) -> object:
    if isinstance(value, dict):
        return {
            name: _sorted(each, name if key not in _CASELESS else key)
            for name, each in value.items()
        }
    if not isinstance(value, list):
        return value
    items = [_sorted(each, key if key in _CASELESS else "") for each in value]
    if key in _ORDERED:
        return items
    unique = {json.dumps(each, sort_keys=True): each for each in items}
    return [unique[text] for text in sorted(unique)]
