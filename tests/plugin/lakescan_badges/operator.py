"""An operator of a third party: badge numbers become others of the same form."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pyarrow as pa

from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits


class ReissueOperator:
    """Gives each badge another number of its site; what is no badge number is unfit."""

    name = "reissue"
    traits = Traits(keyed=True, keeps_length=True)

    def __init__(self, options: Mapping[str, object]) -> None:
        self._site = str(options.get("site", "NX"))
        if len(self._site) != 2:
            raise ValueError("a site has two letters")
        self._shift = 0

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return kind if kind == pa.large_string() else None

    def setup(self, keys: DomainKeys | None) -> None:
        """Take how far numbers move from the key."""
        assert keys is not None
        self._shift = 1 + int.from_bytes(keys.secret("reissue", 8), "big") % 999_998

    def apply(self, cells: Cells) -> Applied:
        """Move the numbers, all at once."""
        texts = pl.Series(cells.values)
        numbers = texts.str.extract(r"^[A-Z]{2}(\d{6})$").cast(pl.Int64)
        moved = ((numbers + self._shift) % 1_000_000).cast(pl.String).str.zfill(6)
        made = pl.select(pl.lit(self._site) + moved).to_series()
        unfit = numbers.is_null().to_numpy()
        return Applied(made.fill_null("").to_arrow().cast(pa.large_string()), unfit)
