"""``lakescan check``."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.cli.failure import ExitCode
from lakescan.cli.output import write_answer


class CheckFormat(StrEnum):
    """How the steps are printed."""

    TABLE = "table"
    JSON = "json"


_MARKS = {"ok": "ok    ", "noted": "note  ", "failed": "FAILED"}


def check(
    uri: Annotated[str, typer.Argument(metavar="URI", help="A source, as for `lakescan scan`.")],
    write: Annotated[
        bool, typer.Option("--write", help="Also write, read and delete a hidden object.")
    ] = False,
    how: Annotated[
        CheckFormat, typer.Option("--format", "-f", help="Output format.")
    ] = CheckFormat.TABLE,
    endpoint: options.EndpointOption = None,
    region: options.RegionOption = None,
    profile: options.ProfileOption = None,
    anonymous: options.AnonymousOption = False,
    storage: options.StorageOption = None,
) -> None:
    """Check the connection to a source: name, TLS, credentials, permissions, extras."""
    from lakescan.jobs.check.job import check as run
    from lakescan.reports.legible import legible

    properties = options.storage_properties(
        endpoint, region, profile, anonymous=anonymous, more=storage
    )
    report = run(uri, properties, writing=write)
    if how is CheckFormat.JSON:
        import orjson

        value = {**asdict(report), "passed": report.passed}
        write_answer(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    else:
        for step in report.steps:
            typer.echo(f"{_MARKS[step.outcome]}  {step.name:<12}{legible(step.detail)}")
            if step.hint and step.outcome != "ok":
                typer.echo(f"{'':20}{legible(step.hint)}")
    if not report.passed:
        raise typer.Exit(ExitCode.LAKE)
