"""Operators over spans inside the texts of a column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.policy import Policy
from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.column import Distinct, distinct, every, marker, repeats
from lakescan.udfs.anonymize.crypto.lanes import Int64s
from lakescan.udfs.anonymize.operators.protocol import Applied, Bools, Cells
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import ColumnPlan, Treatment
from lakescan.udfs.anonymize.spans import Cutting, Spans, apart, ordinals
from lakescan.udfs.anonymize.tally import ColumnTally
from lakescan.udfs.anonymize.text_types import TEXT, as_type
from lakescan.udfs.arrays import to_arrow, to_numpy
from lakescan.udfs.detect import DetectorSet, Values
from lakescan.udfs.detect.findings import names_of

#: Each text is searched, equal ones as well, where none is there so often on average; to see that,
#: an eighth of them is looked at: of 50,000 texts, 6,250 have then four pairs.
_TIMES, _SHARE = 1.01, 1 / 8


class Prose:
    """Finds spans and exchanges them.

    Args:
        detectors: set up; conflicts between findings are settled by their rules.
        policy: says what counts as personal data.
        workshop: gives the operators.
    """

    def __init__(self, detectors: DetectorSet, policy: Policy, workshop: Workshop) -> None:
        self._detectors = detectors
        self._policy = policy
        self._workshop = workshop

    def rewrite(
        self, array: pa.Array, plan: ColumnPlan, subjects: pa.Array | None
    ) -> tuple[pa.Array, ColumnTally]:
        """Treat the spans in every cell of an array of strings."""
        operators = [self._workshop.operator(each) for each in plan.spans.values()]
        fresh = any(
            not each.traits.deterministic or (each.traits.per_subject and subjects is not None)
            for each in operators
        )
        some = every(array, subjects) if fresh or _differ(array) else distinct(array)
        if not len(some.values):
            return array, ColumnTally()
        counts = some.times()
        tally = ColumnTally(int(counts.sum()))
        put = some.put_back(self._exchanged(some, plan, counts, tally), array)
        return as_type(put, array.type), tally

    def _exchanged(
        self, some: Distinct, plan: ColumnPlan, counts: Int64s, tally: ColumnTally
    ) -> pa.Array:
        """The distinct texts with other spans; ``counts`` says how many cells have each."""
        findings = self._detectors.detect_texts(Values.of(some.values))
        names, codes = names_of(findings, "entity")
        wanted = {name: treatment for name in names if (treatment := self._treatment(plan, name))}
        chosen = np.flatnonzero(np.array([name in wanted for name in names], np.bool_)[codes])
        if not chosen.size:
            return some.values
        rows, starts, ends = (
            to_numpy(findings[name])[chosen].astype(np.int64) for name in ("row", "start", "end")
        )
        kept, starts = apart(rows, starts, ends)
        chosen, spans = chosen[kept], Spans(rows[kept], starts, ends[kept])
        cutting = Cutting(some.values, spans)
        made: list[pa.Array] = []
        order: list[Int64s] = []
        for code, name in enumerate(names):
            at = np.flatnonzero(codes[chosen] == code)
            if not at.size:
                continue
            part = Spans(spans.rows[at], spans.starts[at], spans.ends[at])
            group = _Group(name, self._policy.category_of(name), cutting.inside(at), part)
            texts, unfit = self._treated(group, wanted[name], some)
            weights = counts[part.rows]
            tally.found[name] += int(weights.sum())
            tally.unfit += int(weights[unfit].sum())
            made.append(texts)
            order.append(at)
        back = np.empty(chosen.size, np.int64)
        back[np.concatenate(order)] = np.arange(chosen.size)
        out = cutting.exchanged(pa.concat_arrays(made), back)
        tally.changed += int(counts[_changed(some.values, out)].sum())
        return out

    def _treatment(self, plan: ColumnPlan, entity: str) -> Treatment | None:
        """What is done to an entity's spans; None where they stay."""
        treatment = plan.spans.get(entity)
        if treatment is None and self._policy.sensitive(entity):
            treatment = plan.spans.get("*")
        return None if treatment is None or treatment.operator == "keep" else treatment

    def _treated(
        self, group: _Group, treatment: Treatment, some: Distinct
    ) -> tuple[pa.Array, Bools]:
        """What comes in the place of each span of one entity."""
        operator = self._workshop.operator(treatment)
        traits = operator.traits
        if traits.numbered or not traits.deterministic or traits.per_subject:
            numbers = ordinals(group.spans, group.pieces) if traits.numbered else None
            whose = None
            if traits.per_subject and some.subjects is not None:
                whose = some.subjects.take(to_arrow(group.spans.rows))
            done = operator.apply(Cells(group.pieces, group.entity, group.category, whose, numbers))
            return _text(done, group.entity)
        if traits.trivial or (traits.light and not repeats(group.pieces)):
            return _text(
                operator.apply(Cells(group.pieces, group.entity, group.category)), group.entity
            )
        coded = group.pieces.dictionary_encode()
        done = operator.apply(Cells(coded.dictionary, group.entity, group.category))
        texts, unfit = _text(done, group.entity)
        return texts.take(coded.indices), unfit[to_numpy(coded.indices)]


@dataclass(frozen=True, slots=True)
class _Group:
    """Spans of one entity."""

    entity: str
    category: str
    pieces: pa.Array
    spans: Spans


def _differ(array: pa.Array) -> bool:
    """Whether so few texts are equal that to tell them apart takes longer than to search them."""
    return not pa.types.is_dictionary(array.type) and not repeats(array, _TIMES, _SHARE)


def _changed(texts: pa.Array, made: pa.Array) -> Bools:
    """Which texts are not what they were; bytes are compared only where the length is the same."""
    found: Bools = bytes_of(texts).sizes != bytes_of(made).sizes
    alike = np.flatnonzero(~found)
    if alike.size:
        at = to_arrow(alike)
        found[alike] = to_numpy(pc.not_equal(texts.take(at), made.take(at)))
    return found


def _text(done: Applied, entity: str) -> tuple[pa.Array, Bools]:
    """Results without nulls: what became null is cut out, what was unfit becomes a marker."""
    texts = pc.fill_null(done.values, "")
    unfit = np.zeros(len(texts), np.bool_) if done.unfit is None else done.unfit
    if unfit.any():
        texts = pc.if_else(to_arrow(unfit), pa.scalar(marker(entity), TEXT), texts)
    return texts, unfit
