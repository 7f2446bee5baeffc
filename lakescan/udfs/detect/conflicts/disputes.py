"""Findings in cells that overlap, settled by the policy's rule before they are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lakescan.policy import Policy
from lakescan.udfs.detect.buffers import BoolArray
from lakescan.udfs.detect.collect import Group, table_of
from lakescan.udfs.detect.conflicts.overlaps import Spans, touched
from lakescan.udfs.detect.conflicts.resolve import Claims, remaining

#: The kind of detector that stands for findings that lost a conflict: ``lost.pattern.date``.
LOST = "lost"

#: The rule by which a verdict weighs anyway, with all evidence of the whole column at hand.
_WEIGHED = "evidence"

#: What a strict form with its check scores, and the kind of detector that guesses by a word nearby:
#: "called about card 4111 1111 1111 1111" names no telephone.
_CHECKED, _GUESSED = 1.0, "context."


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
        if not self.settles or not groups:
            return self._outproved(groups)
        return self._outvoted(groups)

    def misread(self, read: Sequence[Group], others: Sequence[Group]) -> list[BoolArray]:
        """For each group of what a model read, which findings lose to others, as in a text.

        Where the verdict weighs, those of the same entity are no rivals: they say the same.
        """
        if self.settles:
            return self._outvoted([*read, *others])[: len(read)]
        lost = [np.zeros(len(group.rows), np.bool_) for group in read]
        for entity in {group.entity for group in read}:
            mine = [place for place, group in enumerate(read) if group.entity == entity]
            rivals = [group for group in others if group.entity != entity]
            beaten = self._outvoted([*(read[place] for place in mine), *rivals])
            for place, flags in zip(mine, beaten, strict=False):
                lost[place] = flags
        return lost

    def _outvoted(self, groups: Sequence[Group]) -> list[BoolArray]:
        sizes = [len(group.rows) for group in groups]
        found = np.zeros(sum(sizes), np.bool_)
        if len(found):
            have_a_say = np.repeat([self._is_told(group) for group in groups], sizes)
            sure = [group for group in groups if self._is_told(group)]
            if sure:
                holds = remaining(Claims.of(table_of(sure)), self._policy.conflicts)
                found[np.flatnonzero(have_a_say)] = ~holds
        return np.split(found, np.cumsum(sizes)[:-1])

    def settled(self, groups: Sequence[Group]) -> list[Group]:
        """All findings, those that lose by name of their detector as what they are."""
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

    def _outproved(self, groups: Sequence[Group]) -> list[BoolArray]:
        """For each group, which guesses a check over the same characters proves wrong."""
        lost = [np.zeros(len(group.rows), np.bool_) for group in groups]
        proofs = [g for g in groups if g.score >= _CHECKED and g.detector.startswith("pattern.")]
        for guess, beaten in zip(groups, lost, strict=True):
            against = [proof for proof in proofs if proof.entity != guess.entity]
            if against and guess.detector.startswith(_GUESSED) and len(beaten):
                spans = _spans([guess, *against])
                mine = np.arange(len(beaten))
                beaten[:] = touched(spans.take(mine), spans.take(np.arange(len(mine), len(spans))))
        return lost

    def _is_told(self, group: Group) -> bool:
        least = np.float32(self._policy.threshold(group.entity, group.detector))
        return bool(np.float32(group.score) >= least)


def _spans(groups: Sequence[Group]) -> Spans:
    rows, starts, ends = (
        np.concatenate([getattr(group, name) for group in groups])
        for name in ("rows", "starts", "ends")
    )
    return Spans.of(rows, starts, ends)
