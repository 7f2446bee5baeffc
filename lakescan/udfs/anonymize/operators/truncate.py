"""truncate: only the beginning of a text stays."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from lakescan.policy.operators import TruncateOptions
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import TEXT, text_only


class Truncate:
    """The first characters of each value."""

    name = "truncate"
    traits = Traits(light=True)

    def __init__(self, options: TruncateOptions) -> None:
        self._length = options.length

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Nothing to prepare."""

    def apply(self, cells: Cells) -> Applied:
        """The beginnings."""
        series = pl.from_arrow(cells.values)
        assert isinstance(series, pl.Series)
        return Applied(series.str.slice(0, self._length).to_arrow().cast(TEXT))
