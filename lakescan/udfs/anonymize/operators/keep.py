"""keep, null and drop: nothing is made of a value, or no value is left."""

from __future__ import annotations

import pyarrow as pa

from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits


class Keep:
    """Values stay as they are."""

    name = "keep"
    traits = Traits(reversible=True, keeps_length=True, trivial=True)

    def result_type(self, kind: pa.DataType) -> pa.DataType:
        """Any type stays."""
        return kind

    def setup(self, keys: DomainKeys | None) -> None:
        """Nothing to prepare."""

    def apply(self, cells: Cells) -> Applied:
        """The values themselves."""
        return Applied(cells.values)


class Null:
    """Values become null."""

    name = "null"
    traits = Traits(trivial=True)

    def result_type(self, kind: pa.DataType) -> pa.DataType:
        """Any type stays."""
        return kind

    def setup(self, keys: DomainKeys | None) -> None:
        """Nothing to prepare."""

    def apply(self, cells: Cells) -> Applied:
        """As many nulls."""
        return Applied(pa.nulls(len(cells.values), cells.values.type))


class Drop(Null):
    """The column goes. Inside a text, or a nested column, its values become null."""

    name = "drop"
