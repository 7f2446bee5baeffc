"""``lakescan tags``."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lakescan.cli import options
from lakescan.cli.output import note, write_answer
from lakescan.errors import NotFoundError, UsageError
from lakescan.jobs.runs import open_run
from lakescan.reports.legible import legible, plural

if TYPE_CHECKING:
    from lakescan.integrations.catalogs import Names, Target
    from lakescan.reports.model import ScanReport


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
        str,
        typer.Argument(
            metavar="RUN",
            help="Folder written by `lakescan scan --output`, or, for column lineage, the file "
            "written by `lakescan anonymize --report FILE.json`.",
        ),
    ],
    to: Annotated[Catalog, typer.Option("--to", help="The catalog to write for.")],
    name: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URI=NAME",
            help="Catalog name of the datasets below a URI: s3://lake/crm/=main.crm. Repeatable.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Output file; an existing dbt file is extended. Default: standard output.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help="Earlier run whose tags were written: tags that no longer apply are removed "
            "(unity, glue).",
        ),
    ] = None,
    send: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Send the tags to the catalog at this URL (openlineage, datahub, openmetadata).",
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="REFERENCE",
            help="Location of the token for --send: secret://env/NAME or secret://file/PATH.",
        ),
    ] = None,
    endpoint: options.EndpointOption = None,
    region: options.RegionOption = None,
    profile: options.ProfileOption = None,
    anonymous: options.AnonymousOption = False,
) -> None:
    """Write the findings of a run as column tags for a data catalog, or send them to it."""
    from lakescan.integrations.catalogs import Names, Target, export

    if send is None and key is not None:
        raise UsageError("--key is for --send", hint="give --send URL")
    if send is not None and output is not None:
        raise UsageError("--send and --output exclude each other", hint="run it once for each")
    if send is not None and baseline is not None:
        raise UsageError("--send needs no --baseline", hint="the catalog is asked what it has")
    storage = options.storage_properties(endpoint, region, profile, anonymous=anonymous)
    if run.endswith(".json"):
        _tell_lineage(Path(run), to, output, None if send is None else Target(to.value, send, key))
        return
    names = Names.parse(name or ())
    found = open_run(run, storage)
    if send is not None:
        _send(found, Target(to.value, send, key), names)
        return
    there = output.read_bytes() if output is not None and output.is_file() else None
    before = None if baseline is None else open_run(baseline, storage)
    answer = export(found, to.value, names, there, before)
    _note_left_out(answer.left_out)
    _write(answer.data, output)


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        write_answer(data)
        return
    staged = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        staged.write_bytes(data)
        staged.replace(output)
    finally:
        staged.unlink(missing_ok=True)
    note(f"wrote {output}")


def _tell_lineage(path: Path, to: Catalog, output: Path | None, target: Target | None) -> None:
    """The columns of an anonymize run, for OpenLineage."""
    from lakescan.integrations.catalogs import lineage, send_lineage
    from lakescan.reports.anonymization.contract import from_json

    if to is not Catalog.OPENLINEAGE:
        raise UsageError("only openlineage is told of an anonymize run", hint="--to openlineage")
    if not path.is_file():
        raise NotFoundError(f"{path}: there is no such file", uri=str(path))
    report = from_json(path.read_bytes())
    if target is None:
        _write(lineage(report), output)
        return
    send_lineage(report, target)
    note(f"openlineage was told of {plural(len(report.tables), 'table')}")


def _send(found: ScanReport, target: Target, names: Names) -> None:
    from lakescan.integrations.catalogs import send

    sent = send(found, target, names)
    _note_left_out(sent.left_out)
    for name in sent.unknown:
        note(f"{legible(name)}: the catalog does not know it")
    note(
        f"{target.catalog} was told of {plural(sent.tables, 'table')}:"
        f" {plural(sent.added, 'tag')} added, {sent.removed:,} removed"
    )


def _note_left_out(uris: tuple[str, ...]) -> None:
    for uri in uris:
        note(f"{legible(uri)}: left out, nothing says what it is called (--name URI=NAME)")
