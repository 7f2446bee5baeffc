"""A policy in a notebook: what it says beyond the defaults, as the YAML that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from lakescan.markup import card as html

if TYPE_CHECKING:
    from lakescan.policy.model import Policy


def policy_card(policy: Policy) -> str:
    """The policy's own lines; how much of each kind it has."""
    own = policy.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    own.pop("version", None)
    text = yaml.safe_dump(own, sort_keys=False, allow_unicode=True, width=100) if own else ""
    counts = {
        "detector": len(policy.detectors),
        "column rule": len(policy.columns),
        "allow rule": len(policy.allow),
        "deny rule": len(policy.deny),
        "gate": len(policy.gates),
        "anonymize rule": len(policy.anonymize.rules),
    }
    facts = [f"{n} {what}{'' if n == 1 else 's'}" for what, n in counts.items() if n]
    title = html.joined(["Policy", html.code(policy.hash)], " ")
    defaults = "The defaults: nothing was asked for beyond them."
    return html.card(title, facts, html.block(text.splitlines()) if own else html.note(defaults))
