"""``lakescan report``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.cli.answer import gates_of, trips
from lakescan.cli.failure import ExitCode
from lakescan.cli.output import note, print_report
from lakescan.jobs.runs import open_run


class ReportFormat(StrEnum):
    """What a run is shown as."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    HTML = "html"
    SARIF = "sarif"


def report(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="Folder written by `lakescan scan --output`.")
    ],
    how: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="Output format.")
    ] = ReportFormat.TABLE,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Output file. Default: standard output."
        ),
    ] = None,
    policy: options.PolicyOption = None,
    fail_on: options.FailOnOption = None,
    baseline: options.BaselineOption = None,
    endpoint: options.EndpointOption = None,
    region: options.RegionOption = None,
    profile: options.ProfileOption = None,
    anonymous: options.AnonymousOption = False,
) -> None:
    """Show an earlier run in any format, or compare it with an older one."""
    storage = options.storage_properties(endpoint, region, profile, anonymous=anonymous)
    gates = gates_of(options.load_policy(policy), fail_on) if policy or fail_on else ()
    found = open_run(run, storage)
    before = open_run(baseline, storage) if baseline else None
    if output is None:
        print_report(found, how.value, before)
    else:
        from lakescan.reports.rendering import render

        output.write_bytes(render(found, how.value, before))
        note(f"wrote {output}")
    if trips(found, gates, before):
        raise typer.Exit(ExitCode.GATE)
