"""Operators that give values hidden under one key what they would be under another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.udfs.anonymize.column import marker
from lakescan.udfs.anonymize.keys import DomainKeys, Keyring
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Operator, Traits
from lakescan.udfs.anonymize.operators.reveal import Reversible
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import Treatment
from lakescan.udfs.anonymize.text_types import TEXT
from lakescan.udfs.arrays import to_arrow, to_numpy


@runtime_checkable
class Rekeyable(Protocol):
    """An operator that knows itself where in a text its results stand."""

    def rekey(self, cells: Cells, to: DomainKeys) -> Applied:
        """Put what it hid under the domain's other keys; all else stays."""


class Rekey:
    """A reversible operator that undoes, and does it again under another key, in one step.

    Args:
        operator: `Reversible`.
        again: the same operator, for the new key.
        key_id: of the new key.
    """

    traits = Traits(keyed=True)

    def __init__(self, operator: Operator, again: Operator, key_id: str) -> None:
        assert isinstance(operator, Reversible), f"{operator.name} cannot be undone"
        self.name = operator.name
        self._operator, self._again, self._key_id = operator, again, key_id
        self._reveal = operator.reveal
        self._to: DomainKeys | None = None

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """As the operator's."""
        return self._operator.result_type(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Derive the keys, old and new."""
        assert keys is not None, "the job asks for a key first"
        self._to = keys.under(self._key_id)
        self._operator.setup(keys)
        self._again.setup(self._to)

    def apply(self, cells: Cells) -> Applied:
        """The values under the new key; what the operator had taken out stays out."""
        assert self._to is not None, "setup comes first"
        if isinstance(self._operator, Rekeyable):
            return self._operator.rekey(cells, self._to)
        plain = self._reveal(cells)
        done = self._again.apply(replace(cells, values=plain.values))
        unfit = _either(plain.unfit, done.unfit, len(cells.values))
        if cells.values.type != TEXT:
            return Applied(done.values, unfit if unfit.any() else None)
        stays = to_numpy(pc.equal(cells.values, marker(cells.entity))) | unfit
        return Applied(pc.if_else(to_arrow(np.asarray(stays)), cells.values, done.values))


class RekeyAll:
    """The same for what was hidden in any of several domains.

    Args:
        operators: one a domain, set up.
    """

    traits = Traits(keyed=True)

    def __init__(self, operators: Sequence[Operator]) -> None:
        self.name = operators[0].name
        self._all = operators

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """As the operators'."""
        return self._all[0].result_type(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """They are set up."""

    def apply(self, cells: Cells) -> Applied:
        """The texts under the new keys."""
        done = Applied(cells.values)
        for operator in self._all:
            done = operator.apply(replace(cells, values=done.values))
        return done


class RekeyWorkshop(Workshop):
    """Hands out operators that change keys.

    Args:
        keyring: has the old key and the new one.
        key_id: of the new one.
    """

    def __init__(self, keyring: Keyring | None, key_id: str) -> None:
        super().__init__(keyring)
        self._key_id = key_id

    def build(self, treatment: Treatment) -> Operator:
        """The operator of both keys; of several domains, where its options name some."""
        domains = treatment.options.get("domains")
        if isinstance(domains, list):
            single = [
                Treatment(treatment.operator, {}, str(domain), treatment.key_id)
                for domain in domains
            ]
            return RekeyAll([self.operator(each) for each in single])
        made = [build_operator(treatment.operator, treatment.options) for _ in range(2)]
        return Rekey(made[0], made[1], self._key_id)


def _either(
    one: np.ndarray[tuple[int], np.dtype[np.bool_]] | None,
    other: np.ndarray[tuple[int], np.dtype[np.bool_]] | None,
    size: int,
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    out = np.zeros(size, np.bool_)
    for each in (one, other):
        if each is not None:
            out |= each
    return out
