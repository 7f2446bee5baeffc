"""The report as a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lakescan.reports.baseline import Changes, changes, column_name
from lakescan.reports.legible import bucket_line, legible, percent, plural, problem, shortened, size
from lakescan.reports.model import Classification, ColumnReport, DatasetReport, ScanReport
from lakescan.reports.summary import Totals, totals

#: How a domain's entities are coloured; the words say the same without colours.
_STYLES = {"SECRET": "bold red", "PCI": "bold yellow", "PHI": "bold magenta", "PII": "bold cyan"}

_NAME_LENGTH = 60
#: Instead of a share, where the verdict rests on the column's name alone.
_NO_VALUES = "-"
_REASONS = 3


def print_report(report: ScanReport, console: Console, baseline: ScanReport | None = None) -> None:
    """Print every dataset with something in it, the totals, and what a baseline did not have."""
    marks = ("●", "○") if _speaks_unicode(console) else ("*", "-")
    for block in _blocks(report, marks):
        console.print(block, soft_wrap=isinstance(block, Text))
    _print_totals(report, totals(report), console, marks)
    if baseline is not None:
        _print_changes(changes(report, baseline), baseline.run_id, console)


def _speaks_unicode(console: Console) -> bool:
    return console.encoding.lower().replace("-", "") == "utf8"


def _blocks(report: ScanReport, marks: tuple[str, str]) -> Iterator[RenderableType]:
    for dataset in report.datasets:
        found = [column for column in dataset.columns if column.classifications]
        if found:
            yield Group(_heading(dataset), Padding(_table(found, marks), (0, 0, 1, 0)))


def _heading(dataset: DatasetReport) -> Text:
    rows = plural(dataset.rows_scanned, "row")
    if dataset.rows_scanned != dataset.rows:
        rows = f"{dataset.rows_scanned:,} of {plural(dataset.rows, 'row')}"
    facts = f"  {dataset.format}, {rows}, {plural(len(dataset.columns), 'column')}"
    return Text.assemble((legible(dataset.uri), "bold"), (facts, "dim"), overflow="fold")


def _table(columns: list[ColumnReport], marks: tuple[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", width=1)
    table.add_column("column", overflow="fold", max_width=_NAME_LENGTH, min_width=12)
    table.add_column("holds", no_wrap=True)
    table.add_column("sure", justify="right", no_wrap=True)
    table.add_column("values", justify="right", no_wrap=True)
    table.add_column("example", overflow="ellipsis", no_wrap=True, max_width=24)
    table.add_column("why", overflow="fold")
    for column in columns:
        for rank, found in enumerate(column.classifications):
            first = rank == 0
            table.add_row(
                Text(marks[0] if column.sensitive else marks[1]) if first else "",
                Text(_name(column)) if first else "",
                _entity(found, column, first=first),
                f"{found.confidence:.2f}",
                percent(found.prevalence) if found.rows_hit else _NO_VALUES,
                Text(legible(found.samples[0]) if found.samples else ""),
                Text(_why(found)),
                style=None if column.sensitive and first else "dim",
            )
    return table


def _name(column: ColumnReport) -> str:
    return shortened(legible(column_name(column.column, column.index)), _NAME_LENGTH)


def _entity(found: Classification, column: ColumnReport, *, first: bool) -> Text:
    style = _STYLES.get(found.domain, "bold") if column.sensitive and first else ""
    text = Text(legible(found.entity), style=style)
    if first and column.type_hint and column.type_hint != found.entity:
        text.append(f" in {column.type_hint}", style="dim")
    return text


def _why(found: Classification) -> str:
    reasons = [legible(reason.detector) for reason in found.evidence]
    more = len(reasons) - _REASONS
    return ", ".join(reasons[:_REASONS]) + (f" +{more}" if more > 0 else "")


def _print_totals(
    report: ScanReport, total: Totals, console: Console, marks: tuple[str, str]
) -> None:
    console.print(
        Text(
            f"{plural(total.sensitive_columns, 'column')} of {total.columns:,} "
            f"{'holds' if total.sensitive_columns == 1 else 'hold'} personal data ({marks[0]}), "
            f"{plural(total.other_columns, 'more was', 'more were')} recognized ({marks[1]}).",
            style="bold",
        )
    )
    rate = report.bytes_scanned / report.seconds if report.seconds else 0
    console.print(
        Text(
            f"{plural(len(report.datasets), 'dataset')}, {plural(report.rows_scanned, 'row')}, "
            f"{size(report.bytes_scanned)} in {report.seconds:.1f} s ({size(rate)}/s), "
            f"engine {report.engine}. Run {report.run_id}, {report.status}.",
            style="dim",
        )
    )
    for bucket in report.buckets:
        style = "bold red" if bucket.public == "yes" else "dim"
        console.print(Text(bucket_line(bucket), style=style), soft_wrap=True)
    if report.unread:
        left = plural(len({error.uri for error in report.unread}), "object")
        console.print(Text(f"Not read in full: {left}.", style="bold red"))
    for error in (*report.unread, *report.notices):
        line = Text(f"  {legible(error.uri)}: {error.kind}: {problem(error)}")
        console.print(line, soft_wrap=True)


def _print_changes(found: Changes, since: str, console: Console) -> None:
    console.print(
        Text(
            f"Since run {legible(since)}: {plural(len(found.new), 'new finding')}, "
            f"{len(found.gone):,} gone.",
            style="bold",
        )
    )
    for sign, findings in (("+", found.new), ("-", found.gone)):
        for finding in findings:
            name = shortened(legible(finding.column_name), _NAME_LENGTH)
            line = f"  {sign} {legible(finding.uri)}: {name}: {legible(finding.entity)}"
            console.print(Text(line), soft_wrap=True)
