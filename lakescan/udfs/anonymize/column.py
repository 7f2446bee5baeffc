"""An operator over a flat column: distinct values are taken out, treated, and put back."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.errors import TerminalError
from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.crypto.lanes import Int64s
from lakescan.udfs.anonymize.operators.protocol import Applied, Bools, Cells, Operator, Traits
from lakescan.udfs.anonymize.plan import ColumnPlan
from lakescan.udfs.anonymize.tally import ColumnTally
from lakescan.udfs.anonymize.text_types import TEXT, as_text, as_type, is_text
from lakescan.udfs.anonymize.whole_numbers import applied
from lakescan.udfs.arrays import to_arrow, to_numpy

#: In shorter arrays there is nothing to be gained by asking whether values repeat.
_LEAST = 1024


@dataclass(frozen=True, slots=True)
class Distinct:
    """An array as distinct values.

    Args:
        values: none null, none blank; texts as ``large_string``.
        subjects: of each, if they were told apart by subject.
        codes: for each cell its value, null where it is null or blank; None where the cells are
            the values.
    """

    values: pa.Array
    subjects: pa.Array | None
    codes: pa.Array | None

    @property
    def places(self) -> pa.Array:
        """For each cell its value, also where the cells are the values."""
        if self.codes is not None:
            return self.codes
        return to_arrow(np.arange(len(self.values), dtype=np.int64))

    def times(self) -> Int64s:
        """How many cells have each value."""
        if self.codes is None:
            return np.ones(len(self.values), np.int64)
        return np.bincount(to_numpy(self.codes.drop_null()), minlength=len(self.values))

    def put_back(self, made: pa.Array, array: pa.Array) -> pa.Array:
        """What was made of the values in the place of the cells; blank cells stay."""
        if self.codes is None:
            return made
        put = made.take(self.codes)
        blank = pc.and_(pc.is_null(self.codes), pc.is_valid(array))
        if pc.any(blank).as_py():
            put = pc.if_else(blank, as_text(array) if is_text(array.type) else array, put)
        return put


def whole_cells(
    array: pa.Array, plan: ColumnPlan, operator: Operator, subjects: pa.Array | None
) -> tuple[pa.Array, ColumnTally]:
    """Treat every cell of a flat array.

    Args:
        array: any type that the operator takes.
        plan: says what the cells are.
        operator: set up.
        subjects: whose each cell is, where the policy says so.

    Returns:
        An array of the operator's result type (texts in the type they had).
    """
    traits = operator.traits
    whose = subjects if traits.per_subject else None
    some = every(array, whose) if _alone(array, traits) else distinct(array, whose)
    if not len(some.values):
        return _typed(array, operator), ColumnTally()
    done = applied(operator, Cells(some.values, plan.entity, plan.category, some.subjects))
    made, unfit = _checked(done, some, plan, operator)
    put = some.put_back(made, array)
    return _typed(put, operator, array.type), _tally(some, made, unfit, plan)


def _alone(array: pa.Array, traits: Traits) -> bool:
    """Whether each cell is treated by itself, though others may be equal to it."""
    if not traits.deterministic:
        return True
    if pa.types.is_dictionary(array.type):
        return False
    return traits.trivial or (traits.light and not repeats(array))


def repeats(array: pa.Array, times: float = 1.5, share: float = 0.0) -> bool:
    """Whether values of a flat array repeat, on average more than some times.

    A sample answers: of ``4 * sqrt(n)`` cells drawn from n without putting back, so many are
    expected to meet their like (for one and a half times) that chance seldom misleads, and if it
    does, only time is lost.

    Args:
        times: how often on average.
        share: of the cells, to be drawn at least; fewer times need more of them.
    """
    rows = len(array)
    if rows < _LEAST or not is_text(array.type) or pa.types.is_dictionary(array.type):
        return True
    drawn = min(rows, max(4 * math.isqrt(rows), int(share * rows)))
    places = np.random.default_rng(0).choice(rows, drawn, replace=False, shuffle=False)
    sample = array.take(to_arrow(np.sort(places))).drop_null()
    again = len(sample) - len(sample.unique())
    return again * 2 * rows > len(sample) * drawn * (times - 1)


def distinct(array: pa.Array, subjects: pa.Array | None = None) -> Distinct:
    """The distinct values of a flat array."""
    if subjects is not None:
        return _pairs(array, subjects)
    text = is_text(array.type)
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    if pa.types.is_dictionary(array.type):
        # Words that no cell has are no values.
        coded = array.dictionary_decode().dictionary_encode()
    values, codes = coded.dictionary, coded.indices
    if not text:
        return Distinct(values, None, codes)
    values = as_text(values)
    blank = to_numpy(blanks(values))
    if not blank.any():
        return Distinct(values, None, codes)
    places = np.cumsum(~blank) - 1
    kept = pl.Series(places).to_arrow()
    moved = pc.if_else(to_arrow(blank), pa.scalar(None, pa.int64()), kept)
    return Distinct(values.filter(to_arrow(~blank)), None, moved.take(codes))


def every(array: pa.Array, subjects: pa.Array | None = None) -> Distinct:
    """Every cell as a value of its own."""
    text = is_text(array.type)
    if text:
        array = as_text(array)
    solid = np.ones(len(array), np.bool_)
    if array.null_count:
        solid = to_numpy(pc.is_valid(array)).copy()
    if text:
        solid[solid] = ~to_numpy(blanks(array.drop_null()))
    if solid.all():
        return Distinct(array, subjects, None)
    kept = to_arrow(solid)
    codes = pc.if_else(
        kept, pl.Series(np.cumsum(solid) - 1).to_arrow(), pa.scalar(None, pa.int64())
    )
    whose = None if subjects is None else subjects.filter(kept)
    return Distinct(array.filter(kept), whose, codes)


def blanks(texts: pa.Array) -> pa.Array:
    """Which texts hold nothing but white space: there is nothing in them to be hidden.

    Args:
        texts: ``large_string`` without nulls.
    """
    strings = bytes_of(texts)
    blank = strings.sizes == 0
    if len(strings.data):
        first = strings.data[np.minimum(strings.offsets[:-1], len(strings.data) - 1)]
        # Anything that is white space begins with a byte below or above these.
        unsure = np.flatnonzero(~blank & ((first < 0x21) | (first > 0x7E)))
        if unsure.size:
            trimmed = pc.utf8_trim_whitespace(texts.take(to_arrow(unsure)))
            blank[unsure] = to_numpy(pc.equal(trimmed, ""))
    return to_arrow(blank)


def _pairs(array: pa.Array, subjects: pa.Array) -> Distinct:
    """Distinct values of each subject."""
    cells = every(array, subjects)
    assert cells.subjects is not None
    series = pl.from_arrow(cells.values)
    assert isinstance(series, pl.Series)
    frame = pl.DataFrame({"value": series, "subject": pl.Series(cells.subjects)})
    first = frame.with_row_index("at").unique(
        ["value", "subject"], keep="first", maintain_order=True
    )
    first = first.with_row_index("code")
    joined = frame.join(
        first, on=["value", "subject"], how="left", maintain_order="left", nulls_equal=True
    )
    at = first["at"].cast(pl.Int64).to_arrow()
    codes = joined["code"].cast(pl.Int64).to_arrow()
    if cells.codes is not None:
        codes = codes.take(cells.codes)
    return Distinct(cells.values.take(at), cells.subjects.take(at), codes)


def _checked(
    done: Applied, some: Distinct, plan: ColumnPlan, operator: Operator
) -> tuple[pa.Array, Bools]:
    """The results with what was unfit taken out: a text becomes its entity's marker, else null.

    Raises:
        TerminalError: an operator of a plug-in breaks its promise.
    """
    expected = operator.result_type(some.values.type)
    if len(done.values) != len(some.values) or done.values.type != expected:
        raise TerminalError(f"operator {operator.name} gave other values than it promised")
    unfit = np.zeros(len(some.values), np.bool_) if done.unfit is None else done.unfit
    if not unfit.any():
        return done.values, unfit
    instead = marker(plan.entity) if done.values.type == TEXT else None
    out = pc.if_else(to_arrow(unfit), pa.scalar(instead, done.values.type), done.values)
    return out, unfit


def marker(entity: str) -> str:
    """What a text becomes that an operator cannot work on."""
    return f"<{entity or 'REDACTED'}>"


def _typed(array: pa.Array, operator: Operator, kind: pa.DataType | None = None) -> pa.Array:
    kind = array.type if kind is None else kind
    if is_text(kind):
        return as_type(array, kind) if not pa.types.is_dictionary(array.type) else array
    wanted = operator.result_type(kind)
    return array if array.type == wanted else array.cast(wanted)


def _tally(
    some: Distinct,
    made: pa.Array,
    unfit: Bools,
    plan: ColumnPlan,
) -> ColumnTally:
    counts = some.times()
    cells = int(counts.sum())
    if made.type == some.values.type:
        same = to_numpy(pc.fill_null(pc.equal(made, some.values), False))
    else:
        same = np.zeros(len(made), np.bool_)
    tally = ColumnTally(cells, int(counts[~same].sum()), int(counts[unfit].sum()))
    tally.found[plan.entity] = cells
    return tally
