"""What a scan gives back."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.errors import MissingDependencyError
from lakescan.reports.model import ErrorReport, ScanReport

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class ScanResult:
    """What was found, in the form that is wanted.

    Args:
        value: the report as plain values.
    """

    def __init__(self, value: ScanReport) -> None:
        self.value = value

    @property
    def status(self) -> str:
        """``complete``, ``partial`` (some splits failed) or ``failed`` (all did)."""
        return self.value.status

    @property
    def errors(self) -> tuple[ErrorReport, ...]:
        """What could not be read."""
        return self.value.errors

    @cached_property
    def columns(self) -> pa.Table:
        """One row per dataset, column and entity found; the schema of ``columns.parquet``."""
        from lakescan.reports.columns import columns_table

        return columns_table(self.value.datasets)

    def to_pandas(self) -> pd.DataFrame:
        """`columns` as a pandas data frame.

        Raises:
            MissingDependencyError: pandas is not installed.
        """
        try:
            return self.columns.to_pandas()
        except ImportError:
            raise MissingDependencyError("pandas", "pandas") from None

    def to_polars(self) -> pl.DataFrame:
        """`columns` as a Polars data frame."""
        import polars as pl

        frame = pl.from_arrow(self.columns)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def to_json(self) -> str:
        """The JSON contract, as ``lakescan scan --format json`` prints it."""
        from lakescan.reports.contract import to_json

        return to_json(self.value).decode()

    def report(self, path: str | Path) -> Path:
        """Write a report; its form follows the ending: html, json, jsonl, md, sarif or txt.

        Raises:
            UnknownNameError: the ending is none of these.
        """
        from lakescan.reports.rendering import form_of, render

        target = Path(path)
        target.write_bytes(render(self.value, form_of(target.name)))
        return target

    def __repr__(self) -> str:
        columns = sum(len(dataset.columns) for dataset in self.value.datasets)
        sensitive = sum(c.sensitive for dataset in self.value.datasets for c in dataset.columns)
        return (
            f"<ScanResult {self.status}: {len(self.value.datasets)} datasets, {columns} columns, "
            f"{sensitive} sensitive, {len(self.errors)} errors>"
        )

    def _repr_html_(self) -> str:
        from lakescan.reports.html.notebook import to_notebook

        return to_notebook(self.value)
