"""The report of a verify job as JSON and on a terminal."""

from __future__ import annotations

import orjson
from rich.console import Console
from rich.table import Table

from lakescan.reports.legible import legible, percent, plural
from lakescan.reports.verification.model import Verification


def to_json(report: Verification) -> bytes:
    """The whole report as indented JSON, UTF-8, with a newline at its end."""
    return orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def print_verification(report: Verification, console: Console) -> None:
    """What leaks, what differs, and the totals."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("table", "column", "held", "operator"):
        table.add_column(name, overflow="fold")
    for name in ("cells", "same", "originals", "found"):
        table.add_column(name, justify="right")
    for column in report.columns:
        table.add_row(
            legible(column.table),
            legible(column.column or "-"),
            column.entity or "-",
            column.operator,
            f"{column.cells:,}",
            f"{column.same:,}",
            f"{column.originals:,}",
            f"{column.found:,}",
            style="bold red" if column.leaks else None,
        )
    console.print(table)
    for column in report.columns:
        for place in column.found_in:
            console.print(f"{legible(column.table)}: {column.column} stands in {legible(place)}")
    for check in report.tables:
        for difference in check.differences:
            console.print(f"{legible(check.table)}: {legible(difference)}")
    for join in report.joins:
        if join.before != join.after:
            console.print(
                f"join {legible(join.left)} = {legible(join.right)}: {join.before:,} rows before, "
                f"{join.after:,} after"
            )
    for risk in report.risks:
        console.print(
            f"{legible(risk.table)}: by {', '.join(map(legible, risk.columns))}, groups of at "
            f"least {risk.k}; {percent(risk.unique / risk.rows if risk.rows else 0)} of rows are "
            f"alone; the most telling is {legible(risk.worst[0])}"
        )
    kept = sum(join.before == join.after for join in report.joins)
    columns, joins = plural(len(report.columns), "column"), plural(len(report.joins), "join")
    console.print(
        f"{report.status}: {plural(report.leaks, 'leak')} in {columns}, {kept} of {joins} kept"
    )
