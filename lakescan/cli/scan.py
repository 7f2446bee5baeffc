"""``lakescan scan``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lakescan.cli import options
from lakescan.cli.answer import conclude, gates_of
from lakescan.cli.options import Format, Header
from lakescan.cli.output import (
    check_show_data,
    note,
    note_errors,
    print_glimpses,
    print_report,
    start_logging,
    watched,
)
from lakescan.errors import UsageError
from lakescan.jobs.runs import open_run

if TYPE_CHECKING:
    from lakescan.policy import Sampling


class Grouping(StrEnum):
    """What is one dataset."""

    AUTO = "auto"
    FILE = "file"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class _Look:
    """What ``--sample`` reads: enough to see what a column is for, not what is rare in it."""

    rows: int = 10_000
    row_groups: int = 4
    files: int = 16


_LOOK = _Look()
_WHAT = "Selecting data"
_KEPT = "Saving and resuming"


def scan(
    uris: Annotated[
        list[str],
        typer.Argument(
            metavar="URI", help="Files, folders, globs, buckets, databases, lake tables or topics."
        ),
    ],
    policy: options.PolicyOption = None,
    how: options.FormatOption = Format.TABLE,
    include: options.IncludeOption = None,
    exclude: options.ExcludeOption = None,
    group: Annotated[
        Grouping,
        typer.Option(rich_help_panel=_WHAT, help="Which files form one dataset."),
    ] = Grouping.AUTO,
    full: Annotated[
        bool, typer.Option("--full", rich_help_panel=_WHAT, help="Read every row of every file.")
    ] = False,
    sample: Annotated[
        bool,
        typer.Option(
            "--sample",
            rich_help_panel=_WHAT,
            help="Sample: 10,000 rows per split, 4 row groups per file, 16 files per dataset.",
        ),
    ] = False,
    rows: Annotated[
        int | None,
        typer.Option(
            min=0,
            rich_help_panel=_WHAT,
            help="Maximum rows per split; 0 judges by column names alone.",
        ),
    ] = None,
    row_groups: Annotated[
        int | None,
        typer.Option(min=1, rich_help_panel=_WHAT, help="Maximum row groups per file."),
    ] = None,
    files: Annotated[
        int | None,
        typer.Option(min=1, rich_help_panel=_WHAT, help="Maximum files per dataset."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            rich_help_panel=_KEPT,
            help="Folder or URI for the run: run.json, columns.parquet, splits.parquet, "
            "report.html, report.sarif.",
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", rich_help_panel=_KEPT, help="Resume the interrupted run in --output."
        ),
    ] = False,
    incremental: Annotated[
        bool,
        typer.Option(
            "--incremental",
            rich_help_panel=_KEPT,
            help="Read only what changed since the run in --output.",
        ),
    ] = False,
    max_rows: options.MaxRowsOption = None,
    max_seconds: options.MaxSecondsOption = None,
    max_bytes: options.MaxBytesOption = None,
    engine: options.EngineOption = options.EngineName.AUTO,
    address: options.AddressOption = None,
    workers: options.WorkersOption = None,
    worker_cpus: options.CpusOption = None,
    worker_gpus: options.GpusOption = None,
    worker_memory: options.MemoryOption = None,
    worker_resource: options.ResourceOption = None,
    accuracy: options.AccuracyOption = None,
    fail_on: options.FailOnOption = None,
    baseline: options.BaselineOption = None,
    input_format: options.InputFormatOption = None,
    delimiter: options.DelimiterOption = None,
    quote: options.QuoteOption = None,
    encoding: options.EncodingOption = None,
    header: options.HeaderOption = Header.AUTO,
    sheet: options.SheetOption = None,
    endpoint: options.EndpointOption = None,
    region: options.RegionOption = None,
    profile: options.ProfileOption = None,
    anonymous: options.AnonymousOption = False,
    storage_property: options.StorageOption = None,
    show_data: options.ShowDataOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = 0,
) -> None:
    """Find personal data in files, buckets, databases, lake tables and topics."""
    start_logging(verbose, quiet=quiet)
    check_show_data(show_data, how.value)
    if (resume or incremental) and output is None:
        raise UsageError(
            f"--{'resume' if resume else 'incremental'} needs an earlier run",
            hint="name its folder with --output",
        )
    how_much = _sampling(rows, row_groups, files, full=full, sample=sample)

    import lakescan

    rules = options.asked_policy(policy, accuracy, quiet=quiet)
    gates = gates_of(rules, fail_on)
    storage = options.storage_properties(
        endpoint, region, profile, anonymous=anonymous, more=storage_property
    )
    before = open_run(baseline, storage) if baseline else None
    selection = lakescan.Selection(
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        group=group.value,
        format=input_format,
        options=options.file_options(delimiter, quote, encoding, header, sheet),
        storage=storage,
    )
    with watched(quiet=quiet) as progress:
        result = lakescan.scan(
            uris,
            policy=rules,
            engine=options.engine_options(
                engine, address, workers, worker_cpus, worker_gpus, worker_memory, worker_resource
            ),
            selection=selection,
            output=lakescan.Output(output, resume=resume, incremental=incremental)
            if output
            else None,
            sample=how_much,
            progress=progress,
            budget=lakescan.Budget(rows=max_rows, seconds=max_seconds, bytes=max_bytes),
        )
    print_report(result.value, how.value, before)
    if show_data:
        from lakescan.jobs.peek import peek

        print_glimpses(peek(result.value, uris, rules, selection))
    if how is not Format.TABLE:
        note_errors(result.value)
    if output is not None and not quiet:
        note(f"report: {options.absolute(output).rstrip('/')}/report.html")
    conclude(result.value, gates, before)


def _sampling(
    rows: int | None, row_groups: int | None, files: int | None, *, full: bool, sample: bool
) -> Sampling | None:
    """How much to read, where the command line says so."""
    given = (rows, row_groups, files) != (None, None, None)
    if full and (sample or given):
        raise UsageError("--full goes with no other bound", hint="leave one of them out")
    if not (full or sample or given):
        return None
    from lakescan.policy import Sampling

    if full:
        return Sampling(full=True)
    return Sampling(
        full=None,
        rows=rows if rows is not None else _LOOK.rows if sample else None,
        row_groups=row_groups or (_LOOK.row_groups if sample else None),
        files=files or (_LOOK.files if sample else None),
    )
