"""Rewriter: applies a table's plan to its record batches."""

from __future__ import annotations

from functools import partial

import pyarrow as pa

from lakescan.policy import Policy
from lakescan.udfs.anonymize.column import whole_cells
from lakescan.udfs.anonymize.documents import hold_documents, rewritten_documents
from lakescan.udfs.anonymize.nested import rebuilt
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import ColumnPlan, Plan
from lakescan.udfs.anonymize.prose import Prose
from lakescan.udfs.anonymize.tally import ColumnTally, Tallies
from lakescan.udfs.anonymize.text_types import TEXT, as_text, as_type, is_text
from lakescan.udfs.detect import DetectorSet


class Rewriter:
    """Rewrites the batches of one table or of a part of one; the same batch, the same result.

    Args:
        plan: what is done to which column.
        policy: says what counts as personal data inside texts.
        workshop: gives the operators: those that hide, or those that reveal.
        detectors: set up; they find the spans inside texts.
    """

    def __init__(
        self, plan: Plan, policy: Policy, workshop: Workshop, detectors: DetectorSet
    ) -> None:
        self._plan = plan
        self._workshop = workshop
        self._prose = Prose(detectors, policy, self._workshop)
        self.tallies: Tallies = {}

    def rewrite(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with other cells: as many rows, in their order."""
        fields, columns = [], []
        for index, field in enumerate(batch.schema):
            array = batch.column(index)
            if self._plan.inside(index, field.name):
                top = self._plan.at(index, field.name)
                gone = top.whole.operator if top is not None and top.whole is not None else ""
                nested = pa.types.is_nested(array.type)
                if top is not None and (gone == "drop" or (gone == "null" and nested)):
                    self._tally(index, field.name, _dropped(array, top))
                    if gone == "drop":
                        continue
                    array = pa.nulls(len(array), array.type)
                else:
                    array = rebuilt(array, field.name, partial(self._leaf, batch, index))
            nullable = field.nullable or array.null_count > 0
            fields.append(field.with_type(array.type).with_nullable(nullable))
            columns.append(array)
        schema = pa.schema(fields, metadata=batch.schema.metadata)
        if not columns:
            return pa.RecordBatch.from_struct_array(pa.array([{}] * batch.num_rows, pa.struct([])))
        return pa.RecordBatch.from_arrays(columns, schema=schema)

    def _leaf(
        self, batch: pa.RecordBatch, index: int, path: str, array: pa.Array, rows: pa.Array | None
    ) -> pa.Array:
        if pa.types.is_string_view(array.type):
            # Few of Arrow's functions take views.
            made = self._leaf(batch, index, path, as_text(array), rows)
            return made if made.type != TEXT else as_type(made, array.type)
        if is_text(array.type) and hold_documents(array):
            array = rewritten_documents(array, partial(self._field, index, path))
        plan = self._plan.at(index, path)
        if plan is None:
            return array
        changed, tally = self._treated(array, plan, self._subjects(batch, plan, rows))
        self._tally(index, path, tally)
        return changed

    def _field(self, index: int, path: str, below: str, values: pa.Array) -> pa.Array | None:
        """A field of JSON documents."""
        whole = f"{path}.${below}"
        plan = self._plan.at(index, whole)
        if plan is None or plan.path != whole:
            plan = self._plan.rest(index, whole)
        if plan is None:
            return None
        changed, tally = self._treated(values, plan, None)
        self._tally(index, plan.path, tally)
        return changed

    def _treated(
        self, array: pa.Array, plan: ColumnPlan, subjects: pa.Array | None
    ) -> tuple[pa.Array, ColumnTally]:
        if plan.whole is not None:
            operator = self._workshop.operator(plan.whole)
            return whole_cells(array, plan, operator, subjects)
        if is_text(array.type):
            return self._prose.rewrite(array, plan, subjects)
        return array, ColumnTally()

    def _subjects(
        self, batch: pa.RecordBatch, plan: ColumnPlan, rows: pa.Array | None
    ) -> pa.Array | None:
        """Whose each value is."""
        if plan.subject is None or plan.subject not in batch.schema.names:
            return None
        column = batch.column(plan.subject)
        texts = as_text(column) if is_text(column.type) else column.cast(pa.string()).cast(TEXT)
        return texts if rows is None else texts.take(rows)

    def _tally(self, index: int, path: str, tally: ColumnTally) -> None:
        self.tallies.setdefault((index, path), ColumnTally()).add(tally)


def _dropped(array: pa.Array, plan: ColumnPlan) -> ColumnTally:
    cells = len(array) - array.null_count
    tally = ColumnTally(cells, cells)
    tally.found[plan.entity] = cells
    return tally
