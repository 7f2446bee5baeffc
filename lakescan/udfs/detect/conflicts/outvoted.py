"""By what a finding was outvoted, on which of the rules of `resolve`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate

from lakescan.policy import ConflictRule
from lakescan.udfs.detect.conflicts.ranks import DENIED, rank_of, specificity_of
from lakescan.udfs.detect.conflicts.resolve import CRITERIA


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, before or after the conflicts.

    Args:
        why: nothing for one that is told; else why it is not.
    """

    start: int
    end: int
    entity: str
    score: float
    detector: str
    why: str = ""


#: By what a finding outvotes another: what is compared, and what it is called.
_BY: dict[str, tuple[Callable[[Found], float], str]] = {
    "proof": (lambda f: rank_of(f.detector), "better proof"),
    "length": (lambda f: f.end - f.start, "longer"),
    "score": (lambda f: f.score, "higher score"),
    "name": (lambda f: specificity_of(f.entity), "finer name"),
}


class Winners:
    """The findings of a text that are told, by place.

    Args:
        told: the findings.
        rule: by which they won.
    """

    def __init__(self, told: Iterable[Found], rule: ConflictRule) -> None:
        self._told = sorted(told, key=lambda f: f.start)
        self._starts = [f.start for f in self._told]
        self._reach = list(accumulate((f.end for f in self._told), max))
        self._rule = rule

    def overlapping(self, start: int, end: int) -> list[Found]:
        """Those that share characters with a span, which is not empty."""
        found = []
        place = bisect_left(self._starts, end) - 1
        while place >= 0 and self._reach[place] > start:
            if self._told[place].end > start:
                found.append(self._told[place])
            place -= 1
        return found

    def over(self, finding: Found) -> str:
        """Why one that is not told lost."""
        over, rule = self.overlapping(finding.start, finding.end), self._rule
        if not over:
            return "it overlaps others that were weighed first"
        if rule in ("protegrity", "presidio"):
            over = [f for f in over if f.start <= finding.start and f.end >= finding.end] or over
        if rule == "presidio":
            over = [f for f in over if f.entity == finding.entity] or over
        criteria = [_BY[name] for name in CRITERIA[rule]]
        best = max(
            over, key=lambda f: [rank_of(f.detector) == DENIED, *(of(f) for of, _ in criteria)]
        )
        name = f"outvoted by {best.entity} ({best.detector}) at {best.start}-{best.end}"
        if rank_of(best.detector) == DENIED:
            return f"{name}: the policy denies it"
        if rule == "protegrity" and best.end - best.start > finding.end - finding.start:
            return f"{name}: it lies within that"
        for of, called in criteria:
            if of(best) > of(finding):
                return f"{name}: {called}"
            if of(best) < of(finding):
                return f"{name}: it says more of the same"
        return f"{name}: it comes first"
