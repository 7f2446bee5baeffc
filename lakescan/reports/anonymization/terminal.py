"""The report of an anonymize job on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lakescan.reports.anonymization.model import AnonymizeReport, ColumnAction, TableAction
from lakescan.reports.legible import legible, plural


def print_anonymized(report: AnonymizeReport, console: Console) -> None:
    """Print what was done to each column that changed, and the totals."""
    for table in report.tables:
        changed = [column for column in table.columns if column.operator != "keep"]
        if changed:
            rows = plural(table.rows, "row")
            width = plural(len({(c.index, c.column) for c in table.columns}), "column")
            facts = f"  {table.format}, {rows}, {width}"
            console.print(
                Text.assemble((legible(table.uri), "bold"), (facts, "dim"), overflow="fold"),
                soft_wrap=True,
            )
            console.print(_table(changed))
            console.print()
    done = [(t, c) for t in report.tables for c in t.columns if c.operator != "keep"]
    columns = {(table.uri, column.index, column.column) for table, column in done}
    what = f"{plural(len(columns), 'column')} in {plural(_changed(report.tables), 'table')}"
    if report.status == "planned":
        console.print(f"Dry run: {what} would change; counted are the first rows of each.")
        console.print("Nothing was written.")
    elif not report.version:
        console.print(f"{plural(report.rows, 'row')} of {what} wait to be shown, with the rest")
    else:
        console.print(
            f"{what} changed, {plural(report.rows, 'row')} written to {legible(report.target)}"
        )
        if report.kept:
            kept = f"{report.kept:,} of {plural(report.outputs, 'file')}"
            console.print(f"{kept} kept from an earlier run")


def _changed(tables: tuple[TableAction, ...]) -> int:
    return sum(any(c.operator != "keep" for c in table.columns) for table in tables)


def _table(columns: list[ColumnAction]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("column", overflow="fold", min_width=12)
    table.add_column("held", no_wrap=True)
    table.add_column("operator", no_wrap=True)
    table.add_column("on", no_wrap=True)
    table.add_column("found", justify="right")
    table.add_column("unfit", justify="right")
    for column in columns:
        table.add_row(
            legible(column.column or f"column {column.index}"),
            column.entity or "-",
            column.operator,
            column.scope,
            f"{column.found:,}",
            f"{column.unfit:,}" if column.unfit else "",
        )
    return table
