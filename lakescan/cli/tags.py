"""``lakescan tags``."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.cli.output import note, write_answer
from lakescan.jobs.runs import open_run
from lakescan.reports.legible import legible


class Catalog(StrEnum):
    """Who is told."""

    OPENLINEAGE = "openlineage"
    DATAHUB = "datahub"
    OPENMETADATA = "openmetadata"
    DBT = "dbt"
    UNITY = "unity"
    GLUE = "glue"


def tags(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="The folder that `lakescan scan --output` wrote.")
    ],
    to: Annotated[Catalog, typer.Option("--to", help="The catalog to write for.")],
    name: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URI=NAME",
            help="What datasets below a URI are called there: s3://lake/crm/=main.crm. Repeatable.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write to a file; one of dbt's is added to."
        ),
    ] = None,
    endpoint: options.EndpointOption = None,
    region: options.RegionOption = None,
    profile: options.ProfileOption = None,
    anonymous: options.AnonymousOption = False,
) -> None:
    """Write what a run found as tags of columns, in the form that a data catalog reads."""
    from lakescan.integrations.catalogs import Names, export

    storage = options.storage_properties(endpoint, region, profile, anonymous=anonymous)
    names = Names.parse(name or ())
    found = open_run(run, storage)
    there = output.read_bytes() if output is not None and output.is_file() else None
    answer = export(found, to.value, names, there)
    for uri in answer.left_out:
        note(f"{legible(uri)}: left out, nothing says what it is called (--name URI=NAME)")
    if output is None:
        write_answer(answer.data)
        return
    staged = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        staged.write_bytes(answer.data)
        staged.replace(output)
    finally:
        staged.unlink(missing_ok=True)
    note(f"wrote {output}")
