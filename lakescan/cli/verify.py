"""``lakescan verify``."""

from __future__ import annotations

from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.cli.anonymize import AnonymizedFormat
from lakescan.cli.failure import ExitCode
from lakescan.cli.output import answer_console, start_logging, watched, write_answer


def verify(
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="Output of `lakescan anonymize`.")
    ],
    against: Annotated[
        str, typer.Option("--against", metavar="SOURCE", help="The source it was made from.")
    ],
    policy: options.PolicyOption = None,
    max_leaks: Annotated[
        int, typer.Option(min=0, help="Exit with code 1 if more values than this leak.")
    ] = 0,
    how: Annotated[
        AnonymizedFormat, typer.Option("--format", "-f", help="Output format.")
    ] = AnonymizedFormat.TABLE,
    report_files: Annotated[
        list[str] | None,
        typer.Option(
            "--report", metavar="FILE", help="Also write a report (.html or .json). Repeatable."
        ),
    ] = None,
    quasi: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="Glob of quasi-identifier columns. Default: those that the scan finds. "
            "Repeatable.",
        ),
    ] = None,
    confidential: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="Glob of confidential columns, for l-diversity. Repeatable.",
        ),
    ] = None,
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
    """Compare an anonymized copy with its source: leaks, schema, rows, joins, risk."""
    start_logging(verbose, quiet=quiet)

    import lakescan
    from lakescan.reports.verification.rendering import print_verification, to_json, write_report

    with watched(quiet=quiet) as progress:
        report = lakescan.verify(
            target,
            against,
            options.asked_policy(policy, accuracy, quiet=quiet),
            engine=options.engine_options(
                engine, address, workers, worker_cpus, worker_gpus, worker_memory, worker_resource
            ),
            selection=lakescan.Selection(
                exclude=tuple(exclude or ()),
                storage=options.storage_properties(
                    endpoint, region, profile, anonymous=anonymous, more=storage_property
                ),
            ),
            watch=lakescan.Watch(tuple(quasi or ()), tuple(confidential or ())),
            progress=progress,
        )
    for path in report_files or ():
        write_report(report, path)
    if how is AnonymizedFormat.JSON:
        write_answer(to_json(report))
    else:
        print_verification(report, answer_console())
    differs = any(table.differences for table in report.tables)
    raise typer.Exit(ExitCode.GATE if report.leaks > max_leaks or differs else ExitCode.CLEAN)
