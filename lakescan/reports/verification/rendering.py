"""The report of a verify job as JSON, as a page and on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from lakescan.errors import UnknownNameError
from lakescan.reports.legible import legible, percent, plural
from lakescan.reports.still_page import still_page
from lakescan.reports.verification.model import RiskCheck, Verification


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
                f"{join.after:,} after; {join.why}"
            )
    for risk in report.risks:
        _print_risk(risk, console)
    kept = sum(join.before == join.after for join in report.joins)
    columns, joins = plural(len(report.columns), "column"), plural(len(report.joins), "join")
    console.print(
        f"{report.status}: {plural(report.leaks, 'leak')} in {columns}, {kept} of {joins} kept"
    )


def _print_risk(risk: RiskCheck, console: Console) -> None:
    share = percent(risk.unique / risk.rows if risk.rows else 0)
    console.print(
        f"{legible(risk.table)}: by {_names(risk.columns)}, groups of at least {risk.k}; "
        f"{share} of rows are alone; the most telling is {legible(risk.worst[0])}"
    )
    for size in sorted({len(each.columns) for each in risk.combinations}):
        worst = next(each for each in risk.combinations if len(each.columns) == size)
        if worst.unique:
            console.print(
                f"  by {_names(worst.columns)} alone: {plural(worst.unique, 'row')}"
                f" of {risk.rows:,}, groups of at least {worst.k}"
            )
    for each in risk.diversity:
        console.print(
            f"  {legible(each.column)}: at least {plural(each.l, 'value')} in a group; "
            f"{plural(each.exposed, 'row')} in groups of one value"
        )
    for step in risk.steps:
        console.print(
            f"  {legible(step.column)}: {step.advice}; at best {plural(step.unique, 'row')} alone"
            f" then, groups of at least {step.k}"
        )


def _names(columns: Sequence[str]) -> str:
    return ", ".join(map(legible, columns))


def write_report(report: Verification, path: str | Path) -> Path:
    """Write the report; its form follows the ending: html or json.

    Raises:
        UnknownNameError: the ending is neither.
    """
    target = Path(path)
    match target.suffix.lower():
        case ".json":
            target.write_bytes(to_json(report))
        case ".html":
            target.write_bytes(still_page("lakescan.reports.verification", report))
        case ending:
            raise UnknownNameError("report file ending", ending, (".html", ".json"))
    return target
