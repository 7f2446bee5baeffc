"""The forms of an evaluation: a table, JSON, Markdown."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lakescan.errors import UnknownNameError
from lakescan.reports.evaluation.model import Evaluation
from lakescan.reports.evaluation.words import (
    BIN_HEADER,
    CONFUSION_HEADER,
    SCORE_HEADER,
    Row,
    bin_rows,
    confusion_rows,
    level_title,
    score_rows,
    sentences,
    title,
)
from lakescan.reports.markdown import plain
from lakescan.reports.rendering import WIDTH

if TYPE_CHECKING:
    from rich.console import Console

FORMS = ("table", "json", "markdown")


def render_evaluation(evaluation: Evaluation, form: str) -> bytes:
    """The evaluation in one of `FORMS`, UTF-8.

    Raises:
        UnknownNameError: there is no such form.
    """
    if form == "json":
        from lakescan.reports.evaluation.contract import to_json

        return to_json(evaluation)
    if form == "markdown":
        return ("\n".join(_markdown(evaluation)) + "\n").encode()
    if form == "table":
        from rich.console import Console

        text = io.StringIO()
        print_evaluation(
            evaluation, Console(file=text, width=WIDTH, highlight=False, color_system=None)
        )
        return text.getvalue().encode()
    raise UnknownNameError("evaluation form", form, FORMS)


def print_evaluation(evaluation: Evaluation, console: Console) -> None:
    """Print the tables and the sentences below them."""
    console.print(title(evaluation), style="bold", soft_wrap=True)
    for heading, header, rows in _tables(evaluation):
        console.print()
        console.print(heading, style="bold")
        _print_table(header, rows, console)
    console.print()
    for sentence in sentences(evaluation):
        console.print(sentence)


def _tables(evaluation: Evaluation) -> Iterator[tuple[str, Row, list[Row]]]:
    for level in evaluation.levels:
        yield level_title(level), SCORE_HEADER, list(score_rows(level))
    if evaluation.confusions:
        yield "Taken for something else", CONFUSION_HEADER, list(confusion_rows(evaluation))
    if evaluation.calibration:
        yield "How often a confidence is right", BIN_HEADER, list(bin_rows(evaluation))


def _print_table(header: Row, rows: Sequence[Row], console: Console) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for at, name in enumerate(header):
        table.add_column(name, justify="left" if at == 0 or name == "predicted" else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _markdown(evaluation: Evaluation) -> Iterator[str]:
    yield f"# {plain(title(evaluation))}"
    for heading, header, rows in _tables(evaluation):
        yield ""
        yield f"## {heading}"
        yield ""
        yield from markdown_table(header, rows)
    yield ""
    for sentence in sentences(evaluation):
        yield f"- {plain(sentence)}"


def markdown_table(header: Row, rows: Sequence[Row]) -> Iterator[str]:
    """A table in GitHub Flavored Markdown; cells are escaped, the first column is on the left."""
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" + "---:|" * (len(header) - 1)
    for row in rows:
        yield f"| {' | '.join(map(plain, row))} |"
