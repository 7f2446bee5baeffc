"""Where words go: the answer to standard output, all else to standard error."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from lakescan.errors import UsageError
from lakescan.reports.model import ErrorReport, ScanReport
from lakescan.reports.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.console import Console

    from lakescan.jobs.peek import Glimpse

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)


def answer_console() -> Console:
    """A console on standard output, for people."""
    from rich.console import Console

    from lakescan.reports.rendering import WIDTH

    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else WIDTH
    return Console(width=width, highlight=False)


def write_answer(data: bytes) -> None:
    """Bytes to standard output, as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def print_report(report: ScanReport, form: str, baseline: ScanReport | None = None) -> None:
    """The report to standard output, in a form of `lakescan.reports.rendering`."""
    if form == "table":
        from lakescan.reports.terminal import print_report as print_table

        print_table(report, answer_console(), baseline)
    else:
        from lakescan.reports.rendering import render

        write_answer(render(report, form, baseline))


def note(line: str) -> None:
    """A line on standard error."""
    typer.echo(f"lakescan: {line}", err=True)


def note_errors(report: ScanReport) -> None:
    """What was not read, a line each, on standard error."""
    note_problems(report.errors)


def note_problems(errors: Iterable[ErrorReport]) -> None:
    """Errors, a line each, on standard error."""
    from lakescan.reports.legible import legible, problem

    for error in errors:
        note(f"{legible(error.uri)}: {error.kind}: {problem(error)}")


@contextmanager
def watched(*, quiet: bool) -> Iterator[Progress]:
    """Live progress on standard error where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console

    from lakescan.reports.live import LiveProgress

    with LiveProgress(Console(stderr=True, highlight=False)) as progress:
        yield progress


@contextmanager
def logging_kept() -> Iterator[None]:
    """Leave logging as it was: whoever calls the program in their own process has it back."""
    root, ours = logging.getLogger(), logging.getLogger("lakescan")
    before = (root.level, ours.level, tuple(root.handlers))
    try:
        yield
    finally:
        root.setLevel(before[0])
        ours.setLevel(before[1])
        for handler in set(root.handlers).difference(before[2]):
            root.removeHandler(handler)


def start_logging(verbose: int, *, quiet: bool) -> None:
    """Log to standard error, so much as was asked for."""
    level = logging.ERROR if quiet else _LEVELS[min(verbose, len(_LEVELS) - 1)]
    others = max(level, logging.WARNING)
    logging.basicConfig(level=others, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("lakescan").setLevel(level)


def check_show_data(asked: bool, form: str = "table") -> None:
    """Refuse to show values anywhere but on a terminal.

    Raises:
        UsageError: they were asked for and standard output is no terminal.
    """
    if asked and not (sys.stdout.isatty() and form == "table"):
        raise UsageError(
            "--show-data prints values unmasked, and only as a table on a terminal",
            hint="leave it out, or run without a pipe and without --format",
        )


def print_glimpses(glimpses: Iterable[Glimpse]) -> None:
    """Values as they are, to a terminal."""
    from rich.table import Table
    from rich.text import Text

    from lakescan.reports.baseline import column_name
    from lakescan.reports.legible import legible

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("dataset", "column", "values, as they are"):
        table.add_column(name, overflow="fold")
    for glimpse in glimpses:
        table.add_row(
            Text(legible(glimpse.uri.rstrip("/").rsplit("/", 1)[-1])),
            Text(legible(column_name(glimpse.column.column, glimpse.column.index))),
            Text(", ".join(map(legible, glimpse.values))),
        )
    answer_console().print(table)
