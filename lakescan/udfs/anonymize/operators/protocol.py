"""What an operator promises: values in, other values out, whole columns at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lakescan.udfs.anonymize.keys import DomainKeys

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Traits:
    """What an operator says of itself.

    Args:
        keyed: needs a key.
        reversible: the key brings the value back.
        deterministic: equal values of one domain (and subject) give equal results.
        keeps_length: a text keeps its number of characters.
        per_subject: the result depends on the row's subject too.
        numbered: the result depends on the value's number in its text.
        light: takes about the time that it takes to tell equal values apart, so that it is given
            equal values too, where few are.
        trivial: takes less than that, so that it is always given equal values too.
    """

    keyed: bool = False
    reversible: bool = False
    deterministic: bool = True
    keeps_length: bool = False
    per_subject: bool = False
    numbered: bool = False
    light: bool = False
    trivial: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """What an operator works on.

    Args:
        values: none null; ``large_string``, or the column's own type where it is no text. Distinct
            if the operator is deterministic and neither ``light`` nor ``trivial``.
        entity: what they are.
        category: its category.
        subjects: for an operator that is ``per_subject``: whose each value is; ``large_string``,
            nulls where nobody knows. None where the policy names no subject.
        ordinals: where values are spans of a text: their numbers in it, counted per entity from 1
            (equal values, equal numbers). None for whole cells.
    """

    values: pa.Array
    entity: str
    category: str
    subjects: pa.Array | None = None
    ordinals: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of them.

    Args:
        values: as many as there were, of the type that `Operator.result_type` tells.
        unfit: those that the operator cannot work on (a date that is none); the caller takes them
            out. None where all were fit.
    """

    values: pa.Array
    unfit: Bools | None = None


class Operator(Protocol):
    """Makes other values of values. Third parties add theirs as ``lakescan.operators``.

    It is built from a policy on the driver, to be asked what it is, and again in each worker,
    where ``setup`` hands it its keys. It is never pickled.
    """

    @property
    def name(self) -> str:
        """As the policy calls it."""

    @property
    def traits(self) -> Traits:
        """What it says of itself."""

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """The type that a column of ``kind`` has afterwards; None if it cannot work on that.

        Args:
            kind: ``large_string`` for any text, else the column's type.
        """

    def setup(self, keys: DomainKeys | None) -> None:
        """Get ready; called once in each worker process, before ``apply``.

        Args:
            keys: those of the domain; None where the operator is not keyed.
        """

    def apply(self, cells: Cells) -> Applied:
        """Make other values."""
