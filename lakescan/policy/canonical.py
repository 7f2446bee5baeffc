"""The canonical form of a policy: two that mean the same are equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lakescan.policy.fields import Part
    from lakescan.policy.lists import AllowRule, DenyRule
    from lakescan.policy.model import Policy

Plain = dict[str, object]


def canonical_form(policy: Policy) -> Plain:
    """What a policy says beyond the defaults, as plain data, sorted where order means nothing.

    Only column rules are ordered: later ones win. Gates are left out.
    """
    form: Plain = {
        "version": policy.version,
        "entities": _plain(policy.entities),
        "thresholds": _plain(policy.thresholds),
        "detectors": _sorted(_plain(each) for each in policy.detectors),
        "allow": _sorted(
            [kind, value, sorted(set(rule.entities))]
            for rule in policy.allow
            for kind, value in _listed(rule)
        ),
        "deny": _sorted(
            [rule.entity, value] if kind == "word" else [rule.entity, kind, value]
            for rule in policy.deny
            for kind, value in _listed(rule)
        ),
        "conflicts": {} if policy.conflicts == "evidence" else policy.conflicts,
        "columns": [_plain(each) for each in policy.columns],
        "include": sorted(set(policy.include)),
        "exclude": sorted(set(policy.exclude)),
        "sampling": {} if policy.sampling.is_full else _plain(policy.sampling),
        "accuracy_mode": policy.accuracy_mode or {},
        "ner": _model_reading(policy),
    }
    return {key: value for key, value in form.items() if value not in ({}, [])}


def _listed(rule: AllowRule | DenyRule) -> Iterator[tuple[str, str]]:
    """What a rule lists, each with its kind."""
    kind = "exact" if rule.ignore_case is False else "word"
    yield from ((kind, word) for word in rule.compared)
    if rule.regex is not None:
        yield ("caseless" if rule.ignore_case else "regex"), rule.regex


def _model_reading(policy: Policy) -> Plain:
    """A model's folder goes by its name alone: what is in it, its version says."""
    plain = _plain(policy.ner)
    if policy.ner.model is not None:
        plain["model"] = policy.ner.model.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return plain


def _plain(part: Part) -> Plain:
    """A part's own data; each list in it is a set."""
    plain = part.model_dump(mode="json", exclude_defaults=True)
    return {
        key: sorted(set(value)) if isinstance(value, list) else value
        for key, value in plain.items()
    }


def _sorted(items: Iterable[object]) -> list[object]:
    unique = {json.dumps(each, sort_keys=True): each for each in items}
    return [unique[text] for text in sorted(unique)]
