"""Operators that undo what a reversible one did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.udfs.anonymize.column import marker
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Operator, Traits
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import Treatment
from lakescan.udfs.anonymize.text_types import TEXT
from lakescan.udfs.arrays import to_arrow, to_numpy


@runtime_checkable
class Reversible(Protocol):
    """An operator whose key brings values back."""

    def reveal(self, cells: Cells) -> Applied:
        """Undo ``apply``; what it did not make stays, or is unfit."""


class Undo:
    """A reversible operator turned round; what the operator had taken out stays out.

    Args:
        operator: `Reversible`.
    """

    traits = Traits(keyed=True)

    def __init__(self, operator: Operator) -> None:
        assert isinstance(operator, Reversible), f"{operator.name} cannot be undone"
        self.name = operator.name
        self.operator = operator
        self._reveal = operator.reveal

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """As the operator's."""
        return self.operator.result_type(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """As the operator's."""
        self.operator.setup(keys)

    def apply(self, cells: Cells) -> Applied:
        """The original values."""
        done = self._reveal(cells)
        if cells.values.type != TEXT:
            return done
        stays = to_numpy(pc.equal(cells.values, marker(cells.entity))).copy()
        if done.unfit is not None:
            stays |= done.unfit
        if not stays.any():
            return Applied(done.values)
        return Applied(pc.if_else(to_arrow(np.asarray(stays)), cells.values, done.values))


class UndoAll(Undo):
    """Opens what was encrypted under any of several domains.

    Args:
        operators: one a domain, set up.
    """

    def __init__(self, operators: Sequence[Undo]) -> None:
        super().__init__(operators[0].operator)
        self._all = operators

    def setup(self, keys: DomainKeys | None) -> None:
        """They are set up."""

    def apply(self, cells: Cells) -> Applied:
        """The original texts."""
        done = Applied(cells.values)
        for operator in self._all:
            done = operator.apply(replace(cells, values=done.values))
        return done


class RevealWorkshop(Workshop):
    """Hands out operators that undo."""

    def build(self, treatment: Treatment) -> Operator:
        """The operator, turned round; of several domains, where its options name some."""
        domains = treatment.options.get("domains")
        if not isinstance(domains, list):
            return Undo(super().build(treatment))
        single = [Treatment(treatment.operator, {}, str(domain)) for domain in domains]
        made = [self.operator(each) for each in single]
        return UndoAll([each for each in made if isinstance(each, Undo)])
