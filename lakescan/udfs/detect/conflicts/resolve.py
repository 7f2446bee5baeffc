"""Conflicts between findings: which of several overlapping ones is told, by the policy's rule.

Under every rule, what the policy denies is told and drops all that overlaps it, and what comes out
does not depend on the order of what goes in. The rules (`lakescan.policy.ConflictRule`):

``evidence``
    What a model read wins over what lies inside it and says less (see `readers`). An address of a
    page is cut around what its query carries (see `addresses`). Else the better
    proof wins (`ranks`): so a model never outvotes a checksum about what something is. Else the
    longer one, else the surer one.
``longest``
    The longer one, else the surer one, else the better proof.
``best_score``
    The surer one, else the longer one, else the better proof.
``most_specific``
    The finer name, else the better proof, the longer one, the surer one.
``protegrity``
    Of equal spans the surer one; one that lies in a longer one falls; those that only overlap in
    part remain, for one label over both (Protegrity Data Discovery v1.1, transform/label).
``presidio``
    One that lies in another of the same entity that is no less sure falls; all others remain
    (Presidio, ``EntityRecognizer.remove_duplicates``).

Where all else is equal, the detectors' order of `ranks.turn_of` decides, then the entity's name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lakescan.policy import ConflictRule
from lakescan.udfs.arrays import to_numpy
from lakescan.udfs.detect.buffers import BoolArray, IntArray
from lakescan.udfs.detect.conflicts.addresses import opened
from lakescan.udfs.detect.conflicts.overlaps import (
    Spans,
    contained,
    contained_in_better,
    crowded,
    touched,
    winners,
)
from lakescan.udfs.detect.conflicts.ranks import DENIED, rank_of, specificity_of, turn_of
from lakescan.udfs.detect.conflicts.readers import said_better
from lakescan.udfs.detect.findings import chosen, names_of

#: What is compared, in this order, where one finding must drop another.
CRITERIA: dict[ConflictRule, tuple[str, ...]] = {
    "evidence": ("proof", "length", "score"),
    "longest": ("length", "score", "proof"),
    "best_score": ("score", "length", "proof"),
    "most_specific": ("name", "proof", "length", "score"),
    "protegrity": ("score", "proof"),
    "presidio": ("score", "length", "proof"),
}


def resolve(findings: pa.Table, rule: ConflictRule = "evidence") -> pa.Table:
    """Keep, of overlapping findings in one value, those that a rule of this module tells.

    Args:
        findings: a table of `FINDINGS_SCHEMA`.
        rule: which; under all but ``protegrity`` and ``presidio`` nothing overlaps afterwards.

    Returns:
        The findings that remain, ordered by row, start and end.
    """
    if findings.num_rows == 0:
        return findings
    if rule == "evidence":
        findings = opened(findings)
    told = np.flatnonzero(remaining(Claims.of(findings), rule))
    rows, starts, ends = (to_numpy(findings[name])[told] for name in ("row", "start", "end"))
    return chosen(findings, told[np.lexsort((ends, starts, rows))])


@dataclass(frozen=True, slots=True)
class Claims:
    """Findings' claims to their characters.

    Args:
        spans: where.
        entities, detectors: the names.
        entity, detector: of each finding, as places among the names.
        score: of each.
    """

    spans: Spans
    entities: list[str]
    detectors: list[str]
    entity: IntArray
    detector: IntArray
    score: npt.NDArray[np.float32]

    @classmethod
    def of(cls, findings: pa.Table) -> Claims:
        """The claims of findings."""
        entities, entity = names_of(findings, "entity")
        detectors, detector = names_of(findings, "detector")
        rows, starts, ends = (to_numpy(findings[name]) for name in ("row", "start", "end"))
        spans = Spans.of(rows, starts, ends)
        score = to_numpy(findings["score"])
        whole = entity.astype(np.int64), detector.astype(np.int64)
        return cls(spans, entities, detectors, *whole, score)

    def take(self, rows: IntArray) -> Claims:
        """Some of them."""
        return Claims(
            self.spans.take(rows),
            self.entities,
            self.detectors,
            self.entity[rows],
            self.detector[rows],
            self.score[rows],
        )

    @property
    def ranks(self) -> IntArray:
        """Of each: how good a proof its detector is."""
        return np.array([rank_of(name) for name in self.detectors], np.int64)[self.detector]

    def turns(self, rule: ConflictRule) -> IntArray:
        """Of each: its place when the best comes first, all different."""
        by_turn = sorted(range(len(self.detectors)), key=lambda at: turn_of(self.detectors[at]))
        by_name = sorted(range(len(self.entities)), key=self.entities.__getitem__)
        last = (np.argsort(by_turn)[self.detector], np.argsort(by_name)[self.entity])
        order = (*(self._lowest_best(name) for name in CRITERIA[rule]), *last, self.spans.starts)
        turns = np.empty(len(self.spans), np.int64)
        turns[np.lexsort(order[::-1])] = np.arange(len(self.spans))
        return turns

    def _lowest_best(self, criterion: str) -> npt.NDArray[np.int64] | npt.NDArray[np.float32]:
        match criterion:
            case "proof":
                return -self.ranks
            case "length":
                return self.spans.starts - self.spans.ends
            case "score":
                return -self.score
        return -np.array([specificity_of(name) for name in self.entities], np.int64)[self.entity]


def remaining(claims: Claims, rule: ConflictRule) -> BoolArray:
    """Which claims hold."""
    holds = ~crowded(claims.spans)
    disputed = np.flatnonzero(~holds)
    if not len(disputed):
        return holds
    denied = claims.ranks[disputed] == DENIED
    if denied.any():
        named = claims.take(disputed[denied])
        first = winners(named.spans, named.turns("longest"))
        holds[disputed[denied]] = first
        beaten = touched(claims.spans.take(disputed), named.spans.take(np.flatnonzero(first)))
        disputed = disputed[~(denied | beaten)]
    holds[disputed] = _settled(claims.take(disputed), rule)
    return holds


def _settled(claims: Claims, rule: ConflictRule) -> BoolArray:
    turns = claims.turns(rule)
    if rule == "protegrity":
        return ~contained(claims.spans, turns)
    if rule == "presidio":
        # As on a line: what is of another entity lies elsewhere.
        width = int(claims.spans.ends.max(initial=0)) + 1
        shift = claims.entity * width
        spans = Spans(claims.spans.starts + shift, claims.spans.ends + shift)
        return ~contained_in_better(spans, turns)
    if rule != "evidence":
        return winners(claims.spans, turns)
    holds = np.zeros(len(turns), np.bool_)
    fair = np.flatnonzero(~said_better(claims.spans, claims.ranks, claims.entity, claims.entities))
    holds[fair] = winners(claims.spans.take(fair), turns[fair])
    return holds
