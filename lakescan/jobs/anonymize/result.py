"""What ``lakescan.anonymize`` returns."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.errors import UnknownNameError
from lakescan.reports.anonymization.contract import actions_table, to_json
from lakescan.reports.anonymization.model import AnonymizeReport

if TYPE_CHECKING:
    from lakescan.jobs.anonymize.preview import Preview


class AnonymizeResult:
    """What was done to which column.

    Args:
        value: the report.
        previews: of a dry run, masked.
    """

    def __init__(self, value: AnonymizeReport, previews: tuple[Preview, ...] = ()) -> None:
        self.value = value
        self.previews = previews

    @property
    def status(self) -> str:
        """``complete``, ``partial`` or ``planned``."""
        return self.value.status

    @cached_property
    def actions(self) -> pa.Table:
        """A row for each table, column and operator."""
        return actions_table(self.value)

    def to_json(self) -> str:
        """The report as JSON."""
        return to_json(self.value).decode()

    def report(self, path: str | Path) -> Path:
        """Write the report; its form follows the ending: html, json or parquet.

        Raises:
            UnknownNameError: the ending is none of these.
        """
        target = Path(path)
        match target.suffix.lower():
            case ".json":
                target.write_bytes(to_json(self.value))
            case ".parquet":
                import pyarrow.parquet as pq

                pq.write_table(self.actions, target)
            case ".html":
                from lakescan.reports.anonymization.page import to_html

                target.write_bytes(to_html(self.value))
            case ending:
                raise UnknownNameError("report file ending", ending, (".html", ".json", ".parquet"))
        return target

    def __repr__(self) -> str:
        tables = self.value.tables
        columns = {
            (t.uri, c.index, c.column) for t in tables for c in t.columns if c.operator != "keep"
        }
        return (
            f"<AnonymizeResult {self.status}: {len(tables)} tables, {self.value.rows} rows, "
            f"{len(columns)} columns changed, {len(self.value.errors)} errors>"
        )

    def _repr_html_(self) -> str:
        from lakescan.reports.cards.anonymized import anonymized_card

        samples = {
            (each.uri, change.column): (change.before, change.after)
            for each in self.previews
            for change in each.changes
        }
        return anonymized_card(self.value, samples)
