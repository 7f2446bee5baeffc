"""``lakescan detect``."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lakescan.cli import options
from lakescan.cli.output import answer_console, check_show_data, note, write_answer
from lakescan.errors import UsageError

if TYPE_CHECKING:
    from lakescan import Finding, Policy


class FindingsFormat(StrEnum):
    """How findings are printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


def detect(
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="The text. Default: standard input, also with -."),
    ] = None,
    policy: options.PolicyOption = None,
    how: Annotated[
        FindingsFormat, typer.Option("--format", "-f", help="Output format.")
    ] = FindingsFormat.TABLE,
    accuracy: options.AccuracyOption = None,
    why: Annotated[
        bool,
        typer.Option("--explain", help="Explain each finding, and what was rejected and why."),
    ] = False,
    show_data: options.ShowDataOption = False,
) -> None:
    """Find personal data in one text. Offsets count characters (code points) from 0."""
    check_show_data(show_data)
    if text is None and sys.stdin.isatty():
        raise UsageError("no text", hint='lakescan detect "Call Ann on 202-555-0142"')

    import lakescan

    read = sys.stdin.read() if text is None or text == "-" else text
    if read == text and _is_file(read):
        reading = f"lakescan detect < {shlex.quote(read)}"
        note(f"this is the text itself, not the file of that name: {reading}")
    rules = options.asked_policy(policy, accuracy)
    if why:
        _explain(read, rules, how, show_data=show_data)
        return
    findings = lakescan.detect(read, policy=rules)
    if how is FindingsFormat.TABLE:
        _print_table(findings, read if show_data else None)
    else:
        _print_json(findings, lines=how is FindingsFormat.JSONL)


def _is_file(text: str) -> bool:
    """Whether a text is the name of a file here, as somebody may have meant it."""
    return len(text) < 256 and Path(text).is_file()


def _explain(text: str, policy: Policy, how: FindingsFormat, *, show_data: bool) -> None:
    from lakescan.jobs.explain import explain_text
    from lakescan.reports.explanation.contract import text_json
    from lakescan.reports.explanation.terminal import print_text

    if how is FindingsFormat.JSONL:
        raise UsageError("--explain is no list of findings", hint="use --format json")
    explanation = explain_text(text, policy)
    if how is FindingsFormat.JSON:
        write_answer(text_json(explanation))
    else:
        print_text(explanation, answer_console(), text if show_data else None)


def _print_json(findings: Sequence[Finding], *, lines: bool) -> None:
    import orjson

    values = [
        {
            "start": finding.start,
            "end": finding.end,
            "entity": finding.entity,
            "category": finding.category,
            "score": round(finding.score, 6),
            "detector": finding.detector,
        }
        for finding in findings
    ]
    if lines:
        write_answer(b"".join(orjson.dumps(v, option=orjson.OPT_APPEND_NEWLINE) for v in values))
    else:
        write_answer(orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _print_table(findings: Sequence[Finding], text: str | None) -> None:
    from rich.table import Table
    from rich.text import Text

    from lakescan.reports.legible import legible

    console = answer_console()
    if not findings:
        console.print("Nothing was found.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("start", "end"):
        table.add_column(name, justify="right")
    table.add_column("entity")
    table.add_column("score", justify="right")
    table.add_column("detector")
    if text is not None:
        table.add_column("value")
    for finding in findings:
        cells: list[str | Text] = [
            str(finding.start),
            str(finding.end),
            finding.entity,
            f"{finding.score:.2f}",
            finding.detector,
        ]
        if text is not None:
            cells.append(Text(legible(text[finding.start : finding.end])))
        table.add_row(*cells)
    console.print(table)
