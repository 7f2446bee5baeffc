"""``lakescan explain``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.cli.output import answer_console, write_answer


class ExplanationFormat(StrEnum):
    """How an explanation is printed."""

    TABLE = "table"
    JSON = "json"


def explain(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="Folder written by `lakescan scan --output`.")
    ],
    column: Annotated[
        str, typer.Argument(metavar="COLUMN", help="Path of the column, or its position: #3.")
    ],
    dataset: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Only datasets whose URI contains this text."),
    ] = None,
    how: Annotated[
        ExplanationFormat, typer.Option("--format", "-f", help="Output format.")
    ] = ExplanationFormat.TABLE,
    endpoint: options.EndpointOption = None,
    region: options.RegionOption = None,
    profile: options.ProfileOption = None,
    anonymous: options.AnonymousOption = False,
) -> None:
    """Explain the verdict on a column: the weight of each piece of evidence, and the rest."""
    from lakescan.jobs.explain import explain as explain_columns
    from lakescan.jobs.runs import open_run
    from lakescan.reports.explanation.contract import columns_json
    from lakescan.reports.explanation.terminal import print_columns

    storage = options.storage_properties(endpoint, region, profile, anonymous=anonymous)
    found = explain_columns(open_run(run, storage), column, dataset)
    if how is ExplanationFormat.JSON:
        write_answer(columns_json(found))
    else:
        print_columns(found, answer_console())
