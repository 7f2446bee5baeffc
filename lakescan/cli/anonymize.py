"""``lakescan anonymize``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lakescan.cli import options
from lakescan.cli.failure import ExitCode
from lakescan.cli.output import (
    answer_console,
    note,
    note_problems,
    start_logging,
    watched,
    write_answer,
)
from lakescan.errors import UsageError

if TYPE_CHECKING:
    from lakescan import AnonymizeResult

_WRITTEN = "Writing"


class AnonymizedFormat(StrEnum):
    """How the answer is printed."""

    TABLE = "table"
    JSON = "json"


class LayoutName(StrEnum):
    """Which files a table becomes."""

    SAME = "same"
    COMPACTED = "compacted"


class WriteMode(StrEnum):
    """What happens to what is in the target."""

    CREATE = "create"
    REPLACE = "replace"
    UPDATE = "update"


KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="PLACE",
        help="Location of the keyring, never a key itself: env:NAME, file:PATH, vault://..., "
        "aws-kms:..., gcp-kms:... or azure-keyvault://... Default: the policy's, else "
        "env:LAKESCAN_KEY.",
    ),
]
ModeOption = Annotated[
    WriteMode,
    typer.Option(
        "--mode", rich_help_panel=_WRITTEN, help="How to treat data already in the target."
    ),
]
TargetFormatOption = Annotated[
    str | None,
    typer.Option(
        "--to-format",
        metavar="NAME",
        rich_help_panel=_WRITTEN,
        help="Output file format. Default: the format of the source.",
    ),
]


def anonymize(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A file, a folder, a glob or a URI.")
    ],
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="TARGET", rich_help_panel=_WRITTEN, help="Target folder or URI."
        ),
    ] = None,
    in_place: Annotated[
        bool,
        typer.Option(
            "--in-place",
            rich_help_panel=_WRITTEN,
            help="Replace the rows of the source itself (databases and lake tables).",
        ),
    ] = False,
    policy: options.PolicyOption = None,
    key: KeyOption = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Write nothing; show masked samples of the changes."),
    ] = False,
    how: Annotated[
        AnonymizedFormat, typer.Option("--format", "-f", help="Output format.")
    ] = AnonymizedFormat.TABLE,
    report: Annotated[
        list[str] | None,
        typer.Option(
            "--report",
            metavar="FILE",
            rich_help_panel=_WRITTEN,
            help="Also write a report (.html, .json or .parquet). Repeatable.",
        ),
    ] = None,
    mode: ModeOption = WriteMode.CREATE,
    to_format: TargetFormatOption = None,
    layout: Annotated[
        LayoutName,
        typer.Option(
            "--layout",
            rich_help_panel=_WRITTEN,
            help="A file for each of the source, or the files of each folder put together.",
        ),
    ] = LayoutName.SAME,
    run_id: Annotated[
        str | None,
        typer.Option(
            "--run-id",
            metavar="NAME",
            rich_help_panel=_WRITTEN,
            help="Name of the run. Give the same name again to resume it.",
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            rich_help_panel=_WRITTEN,
            help="Resume the interrupted run in the target, if there is one.",
        ),
    ] = False,
    incremental: Annotated[
        bool,
        typer.Option(
            "--incremental",
            rich_help_panel=_WRITTEN,
            help="Write only what changed since the previous run; what was deleted from the "
            "source is deleted from the target.",
        ),
    ] = False,
    scan_output: Annotated[
        str | None,
        typer.Option(
            "--scan-output",
            metavar="DIR",
            help="Save the scan's run in this folder; with --incremental, unchanged data is not "
            "scanned again.",
        ),
    ] = None,
    max_rows: options.MaxRowsOption = None,
    max_seconds: options.MaxSecondsOption = None,
    max_bytes: options.MaxBytesOption = None,
    include: options.IncludeOption = None,
    exclude: options.ExcludeOption = None,
    engine: options.EngineOption = options.EngineName.AUTO,
    address: options.AddressOption = None,
    workers: options.WorkersOption = None,
    worker_cpus: options.CpusOption = None,
    worker_gpus: options.GpusOption = None,
    worker_memory: options.MemoryOption = None,
    worker_resource: options.ResourceOption = None,
    accuracy: options.AccuracyOption = None,
    endpoint: options.EndpointOption = None,
    region: options.RegionOption = None,
    profile: options.ProfileOption = None,
    anonymous: options.AnonymousOption = False,
    storage_property: options.StorageOption = None,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = 0,
) -> None:
    """Write an anonymized copy of tables, all of them or none."""
    start_logging(verbose, quiet=quiet)
    if [to is not None, in_place, dry_run].count(True) != 1:
        raise UsageError(
            "nowhere to write, or in more than one place",
            hint="give one of --to TARGET, --in-place and --dry-run",
        )

    import lakescan

    selection = lakescan.Selection(
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        storage=options.storage_properties(
            endpoint, region, profile, anonymous=anonymous, more=storage_property
        ),
    )
    with watched(quiet=quiet) as progress:
        result = lakescan.anonymize(
            source,
            source if in_place else to,
            options.asked_policy(policy, accuracy, quiet=quiet),
            key=key,
            engine=options.engine_options(
                engine, address, workers, worker_cpus, worker_gpus, worker_memory, worker_resource
            ),
            selection=selection,
            writing=lakescan.Writing(
                mode="in_place" if in_place else mode.value,
                format=to_format,
                run_id=run_id,
                resume=resume,
                incremental=incremental,
                scan_output=scan_output,
                layout=layout.value,
            ),
            progress=progress,
            budget=lakescan.Budget(rows=max_rows, seconds=max_seconds, bytes=max_bytes),
        )
    for path in report or ():
        result.report(path)
    _print(result, how)
    note_problems(result.value.errors)
    partial = not all(error.is_notice for error in result.value.errors)
    raise typer.Exit(ExitCode.PARTIAL if partial else ExitCode.CLEAN)


def _print(result: AnonymizeResult, how: AnonymizedFormat) -> None:
    if how is AnonymizedFormat.JSON:
        write_answer(result.to_json().encode())
        return
    from lakescan.reports.anonymization.terminal import print_anonymized

    console = answer_console()
    _print_previews(result)
    print_anonymized(result.value, console)
    unfit = sum(column.unfit for table in result.value.tables for column in table.columns)
    if unfit:
        note(f"{unfit:,} values did not suit their operator and were taken out")


def _print_previews(result: AnonymizeResult) -> None:
    from rich.table import Table

    from lakescan.reports.legible import legible

    for preview in result.previews:
        if not preview.changes:
            continue
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for name in (legible(preview.uri.rstrip("/").rsplit("/", 1)[-1]), "before", "after"):
            table.add_column(name, overflow="fold")
        for change in preview.changes:
            table.add_row(
                legible(change.column),
                "\n".join(map(legible, change.before)),
                "\n".join(legible(text) or "(null)" for text in change.after),
            )
        answer_console().print(table)
        answer_console().print()
