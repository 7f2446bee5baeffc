"""Badge numbers: ``NX`` and six digits whose sum is divisible by seven."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from lakescan.udfs.detect.findings import FINDINGS_SCHEMA
from lakescan.udfs.detect.values import Values


class BadgeDetector:
    """Finds whole cells that are badge numbers."""

    name = "badge"
    version = "1.2.3"
    entities = frozenset({"EMPLOYEE_ID"})

    def setup(self) -> None:
        """Nothing to load."""

    def detect(self, values: Values) -> pa.Table:
        """Find badge numbers in ``values``, all at once."""
        cells = values.series
        shaped = cells.str.contains(r"^NX\d{6}$")
        sums = sum(
            (cells.str.slice(at, 1).cast(pl.Int64, strict=False) for at in range(3, 8)),
            start=cells.str.slice(2, 1).cast(pl.Int64, strict=False),
        )
        rows = (shaped & (sums % 7 == 0)).fill_null(value=False).arg_true()
        count = len(rows)
        return pa.table(
            [
                rows.cast(pl.Int64).to_arrow(),
                pa.array([0] * count, pa.int32()),
                pa.array([8] * count, pa.int32()),
                pa.array(["EMPLOYEE_ID"] * count)
                .dictionary_encode()
                .cast(FINDINGS_SCHEMA.field("entity").type),
                pa.array([0.95] * count, pa.float32()),
                pa.array(["badge"] * count)
                .dictionary_encode()
                .cast(FINDINGS_SCHEMA.field("detector").type),
            ],
            schema=FINDINGS_SCHEMA,
        )
