"""Findings in cells that overlap, settled by the policy's rule before they are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lakescan.policy import Policy
from lakescan.udfs.detect.buffers import BoolArray
from lakescan.udfs.detect.collect import Group, table_of
from lakescan.udfs.detect.resolve import Claims, remaining

#: The kind of detector that stands for findings that lost a conflict: ``lost.pattern.date``.
LOST = "lost"

#: The rule by which a verdict weighs anyway, with all evidence of the whole column at hand.
_WEIGHED = "evidence"


class Disputes:
    """A policy's rule for conflicts, over findings in groups.

    What is told of a text is what reaches its threshold, so only that has a say. What does not is
    left alone: a column's name may make more of it.

    Args:
        policy: with the rule and the thresholds.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    @property
    def settles(self) -> bool:
        """Whether the rule says more than a verdict does by itself."""
        return self._policy.conflicts != _WEIGHED

    def lost(self, groups: Sequence[Group]) -> list[BoolArray]:
        """For each group, which of its findings lose to others over the same characters."""
        sizes = [len(group.rows) for group in groups]
        found = np.zeros(sum(sizes), np.bool_)
        if self.settles and len(found):
            have_a_say = np.repeat([self._is_told(group) for group in groups], sizes)
            sure = [group for group in groups if self._is_told(group)]
            if sure:
                holds = remaining(Claims.of(table_of(sure)), self._policy.conflicts)
                found[np.flatnonzero(have_a_say)] = ~holds
        return np.split(found, np.cumsum(sizes)[:-1])

    def settled(self, groups: Sequence[Group]) -> list[Group]:
        """All findings, those that lose by name of their detector as what they are."""
        if not self.settles:
            return list(groups)
        told: list[Group] = []
        for group, lost in zip(groups, self.lost(groups), strict=True):
            if not lost.any():
                told.append(group)
                continue
            fallen = group.take(np.flatnonzero(lost))
            told.append(replace(fallen, detector=f"{LOST}.{group.detector}"))
            if not lost.all():
                told.append(group.take(np.flatnonzero(~lost)))
        return told

    def _is_told(self, group: Group) -> bool:
        least = np.float32(self._policy.threshold(group.entity, group.detector))
        return bool(np.float32(group.score) >= least)
