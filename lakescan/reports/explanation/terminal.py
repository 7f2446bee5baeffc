"""Explanations on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lakescan.reports.baseline import column_name
from lakescan.reports.explanation.model import (
    ColumnExplanation,
    FindingExplanation,
    TextExplanation,
)
from lakescan.reports.legible import legible, percent, plural
from lakescan.reports.model import Evidence

_INDENT = (0, 0, 0, 2)


def print_columns(explanations: Sequence[ColumnExplanation], console: Console) -> None:
    """Print each column's verdict with its evidence, and what was outvoted."""
    for at, each in enumerate(explanations):
        if at:
            console.print()
        _print_column(each, console)


def _print_column(each: ColumnExplanation, console: Console) -> None:
    column = each.column
    name = legible(column_name(column.column, column.index))
    filled = column.rows - column.nulls
    console.print(Text(f"{legible(each.uri)}: {name}", style="bold"), soft_wrap=True)
    sensitive = "sensitive" if column.sensitive else "not sensitive"
    values = f"{plural(filled, 'value')}, about {column.distinct:,} distinct"
    console.print(f"column {column.index}, {legible(column.type)}, {values}; {sensitive}")
    if not column.classifications:
        console.print("Nothing was found.")
    for rank, found in enumerate(column.classifications):
        rests = f", rests on {found.basis}" if found.basis else ""
        what = "the verdict" if rank == 0 else "also"
        share = f" in {percent(found.prevalence)} of the values" if found.rows_hit else ""
        console.print()
        console.print(
            f"{legible(found.entity)} {found.confidence:.2f}: {what}{share}{rests}", style="bold"
        )
        _print_evidence(found.evidence, each, console)
        _print_sentences(found.because, console)
    if column.outvoted:
        console.print()
        console.print("Outvoted", style="bold")
    for other in column.outvoted:
        console.print(f"{legible(other.entity)} {other.confidence:.2f}")
        _print_evidence(other.evidence, each, console)
        _print_sentences(other.because, console)


def _print_evidence(
    evidence: Sequence[Evidence], each: ColumnExplanation, console: Console
) -> None:
    if not evidence:
        return
    table = _table(("detector", "rows", "score", "weight", "looks like", "what it says"))
    for reason in evidence:
        table.add_row(
            legible(reason.detector),
            "" if reason.rows_hit is None else f"{reason.rows_hit:,}",
            f"{reason.score:.2f}",
            "" if reason.weight is None else f"{reason.weight:.2f}",
            Text(legible(reason.samples[0]) if reason.samples else ""),
            each.detectors.get(reason.detector, ""),
        )
    console.print(Padding(table, _INDENT))


def _print_sentences(sentences: Sequence[str], console: Console) -> None:
    for sentence in sentences:
        console.print(Padding(Text(f"- {sentence}"), _INDENT))


def print_text(explanation: TextExplanation, console: Console, text: str | None = None) -> None:
    """Print what is told, what is not, and what only looks like something.

    Args:
        explanation: of a text.
        console: where to.
        text: to show values unmasked; None to show previews.
    """
    if explanation.told:
        console.print("Told", style="bold")
        console.print(_findings(explanation.told, text))
    else:
        console.print("Nothing was found.")
    if explanation.outvoted:
        console.print("\nOutvoted", style="bold")
        console.print(_findings(explanation.outvoted, text))
    if explanation.forms:
        console.print("\nLooks like something, but no word nearby says so", style="bold")
        table = _table(("start", "end", "looks like", "form of"))
        for form in explanation.forms:
            names = ", ".join(map(legible, form.detectors))
            shown = form.preview if text is None else text[form.start : form.end]
            table.add_row(str(form.start), str(form.end), Text(legible(shown)), names)
        console.print(table)


def _findings(findings: Sequence[FindingExplanation], text: str | None) -> Table:
    table = _table(("start", "end", "entity", "score", "detector", "looks like", "why"))
    for found in findings:
        shown = found.preview if text is None else text[found.start : found.end]
        table.add_row(
            str(found.start),
            str(found.end),
            legible(found.entity),
            f"{found.score:.2f}",
            legible(found.detector),
            Text(legible(shown)),
            Text("; ".join(_why(found))),
        )
    return table


def _why(found: FindingExplanation) -> Iterator[str]:
    if found.why_not:
        yield found.why_not
        return
    if found.about:
        yield found.about
    if found.words:
        yield "nearby: " + ", ".join(map(legible, found.words))


def _table(names: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    numbers = {"start", "end", "rows", "score", "weight"}
    for name in names:
        table.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    return table
