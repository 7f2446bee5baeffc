"""Reading texts for many askers at once: one pass of the detectors, and each asker's own settling.

The service joins what waits into one call, which is far faster than one call each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from lakescan.jobs.accuracy import decided
from lakescan.jobs.detect import Finding, detectors_for, findings_of
from lakescan.policy import ConflictRule, Policy
from lakescan.udfs.arrays import to_numpy
from lakescan.udfs.detect import Values
from lakescan.udfs.detect.conflicts.resolve import resolve
from lakescan.udfs.detect.detector_set import DetectorSet
from lakescan.udfs.detect.findings import chosen, names_of

#: Who looks: detectors and model, or one of the two alone.
Lookers = Literal["all", "detectors", "model"]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know of some texts.

    Args:
        texts: of any length.
        entities: settle conflicts among these alone, by our names; None for all.
        without: and not among these.
        unsettled: tell everything that reaches the policy's thresholds, overlapping or not.
        lookers: who looks at them.
    """

    texts: tuple[str, ...]
    entities: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    unsettled: bool = False
    lookers: Lookers = "all"

    @property
    def characters(self) -> int:
        """How much there is to read."""
        return sum(map(len, self.texts))


#: For each text its findings, in the order of the text.
Answer = list[list[Finding]]


def read_texts(questions: Sequence[Question], policy: Policy) -> list[Answer]:
    """Answer several questions in one pass.

    Args:
        questions: of one or many askers.
        policy: what to look for.

    Returns:
        An answer a question; equal to what each would get alone.
    """
    if len({question.lookers for question in questions}) > 1:
        return [read_texts([question], policy)[0] for question in questions]
    rules = decided(policy)
    texts = [text for question in questions for text in question.texts]
    answers: list[Answer] = [[[] for _ in question.texts] for question in questions]
    if not any(texts):
        return answers
    detectors = detectors_for(rules)
    found = detectors.sure_enough(_found(detectors, Values.of(texts), questions[0].lookers))
    if not found.num_rows:
        return answers
    table = _settled(questions, found, rules.conflicts)
    homes = [(answer, at) for answer in answers for at in range(len(answer))]
    order = [("row", "ascending"), ("start", "ascending"), ("end", "ascending")]
    for row, finding in findings_of(table.sort_by(order), rules):
        answer, at = homes[row]
        answer[at].append(finding)
    return answers


def settled(findings: Sequence[Finding], policy: Policy) -> list[Finding]:
    """What remains of one text's unsettled findings by the policy's rule for conflicts."""
    if not findings:
        return []
    table = pa.table(
        {
            "row": pa.array([0] * len(findings), pa.int64()),
            "start": pa.array([each.start for each in findings], pa.int32()),
            "end": pa.array([each.end for each in findings], pa.int32()),
            "entity": pa.array([each.entity for each in findings]).dictionary_encode(),
            "score": pa.array([each.score for each in findings], pa.float32()),
            "detector": pa.array([each.detector for each in findings]).dictionary_encode(),
        }
    )
    kept = resolve(table, decided(policy).conflicts).to_pylist()
    known = {(each["start"], each["end"], each["entity"], each["detector"]) for each in kept}
    return [f for f in findings if (f.start, f.end, f.entity, f.detector) in known]


def _found(detectors: DetectorSet, values: Values, lookers: Lookers) -> pa.Table:
    if lookers == "detectors":
        return detectors.detect(values)
    return detectors.read_alone(values) if lookers == "model" else detectors.everything(values)


def _settled(questions: Sequence[Question], found: pa.Table, rule: ConflictRule) -> pa.Table:
    """The findings of each question's texts, by its own wishes; rows count over all texts."""
    wishes = {(q.entities, q.without, q.unsettled): number for number, q in enumerate(questions)}
    if len(wishes) == 1:
        return _by(questions[0], found, rule)
    numbers = [wishes[q.entities, q.without, q.unsettled] for q in questions]
    wish_of = np.repeat(numbers, [len(question.texts) for question in questions])
    each_wish = wish_of[to_numpy(found["row"])]
    return pa.concat_tables(
        _by(questions[number], chosen(found, np.flatnonzero(each_wish == number)), rule)
        for number in wishes.values()
    )


def _by(question: Question, found: pa.Table, rule: ConflictRule) -> pa.Table:
    """Findings as a question wishes to be told them."""
    if question.entities is not None or question.without:
        names, codes = names_of(found, "entity")
        few = question.entities
        wanted = [(few is None or name in few) and name not in question.without for name in names]
        found = chosen(found, np.flatnonzero(np.array(wanted, np.bool_)[codes]))
    return found if question.unsettled else resolve(found, rule)


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """What one kind of evidence says of a column.

    Args:
        entity: what it would be.
        category: its category.
        detector: what saw it (``pattern.iban``, ``shape.credit_card``).
        scores: of each finding.
        rows: the row of each finding.
    """

    entity: str
    category: str
    detector: str
    scores: tuple[float, ...]
    rows: tuple[int, ...]


def cell_evidence(column: Sequence[str], policy: Policy) -> list[CellEvidence]:
    """What the detectors (not the model) see in cells, in groups, of any score.

    Args:
        column: its cells.
        policy: what to look for.
    """
    rules = decided(policy)
    if not any(column):
        return []
    found = detectors_for(rules).detect(Values.of(list(column)))
    groups: dict[tuple[str, str], tuple[list[float], list[int]]] = {}
    for row in found.sort_by([("row", "ascending"), ("start", "ascending")]).to_pylist():
        scores, rows = groups.setdefault((row["entity"], row["detector"]), ([], []))
        scores.append(row["score"])
        rows.append(row["row"])
    return [
        CellEvidence(entity, rules.category_of(entity), detector, tuple(scores), tuple(rows))
        for (entity, detector), (scores, rows) in groups.items()
    ]
