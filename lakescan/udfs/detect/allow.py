"""Values that a policy says are never to be reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from lakescan.policy import AllowRule, Policy
from lakescan.udfs.detect.buffers import BoolArray
from lakescan.udfs.detect.collect import Group
from lakescan.udfs.detect.values import Values

#: The kind of detector that stands for findings that a rule allows: ``allow.pattern.email``.
ALLOWED = "allow"


class AllowList:
    """A policy's rules on what it never wants to hear of.

    Args:
        policy: with the rules.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._rules = policy.allow

    def split(self, groups: Sequence[Group], values: Values) -> tuple[list[Group], list[Group]]:
        """Findings that no rule allows, and those that one does.

        Args:
            groups: the findings.
            values: what they were found in.
        """
        if not self._rules:
            return list(groups), []
        kept, allowed = [], []
        for group in groups:
            meant = [rule for rule in self._rules if self._means(rule, group.entity)]
            hit = _matched(meant, group, values) if meant else np.zeros(len(group.rows), np.bool_)
            if not hit.all():
                kept.append(group.take(np.flatnonzero(~hit)) if hit.any() else group)
            if hit.any():
                allowed.append(group.take(np.flatnonzero(hit)))
        return kept, allowed

    def _means(self, rule: AllowRule, entity: str) -> bool:
        return not rule.entities or self._policy.means(rule.entities, entity)


def as_allowed(group: Group) -> Group:
    """The same findings, by name of their detector as what they are: evidence of nothing."""
    return replace(group, detector=f"{ALLOWED}.{group.detector}")


def _matched(rules: Sequence[AllowRule], group: Group, values: Values) -> BoolArray:
    known: dict[str, bool] = {}
    hit = np.zeros(len(group.rows), np.bool_)
    for place, text in enumerate(_texts(group, values)):
        if text not in known:
            known[text] = any(rule.matches(text) for rule in rules)
        hit[place] = known[text]
    return hit


def _texts(group: Group, values: Values) -> Iterator[str]:
    """What was found, one after the other."""
    row, value = -1, ""
    places = (group.rows.tolist(), group.starts.tolist(), group.ends.tolist())
    for this, start, end in zip(*places, strict=True):
        if this != row:
            row, value = this, str(values.series[this])
        yield value[start:end]
