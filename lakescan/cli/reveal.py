"""``lakescan reveal``."""

from __future__ import annotations

from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.cli.anonymize import (
    AnonymizedFormat,
    KeyOption,
    ModeOption,
    TargetFormatOption,
    WriteMode,
)
from lakescan.cli.output import answer_console, start_logging, write_answer


def reveal(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Output of `lakescan anonymize`.")
    ],
    to: Annotated[str, typer.Option("--to", metavar="TARGET", help="Target folder or URI.")],
    audit: Annotated[
        str,
        typer.Option("--audit", metavar="FILE", help="Audit log; one line of JSON is appended."),
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Reason, for the audit log.")
    ],
    key: KeyOption = None,
    how: Annotated[
        AnonymizedFormat, typer.Option("--format", "-f", help="Output format.")
    ] = AnonymizedFormat.TABLE,
    mode: ModeOption = WriteMode.CREATE,
    to_format: TargetFormatOption = None,
    engine: options.EngineOption = options.EngineName.AUTO,
    address: options.AddressOption = None,
    workers: options.WorkersOption = None,
    worker_cpus: options.CpusOption = None,
    worker_gpus: options.GpusOption = None,
    worker_memory: options.MemoryOption = None,
    worker_resource: options.ResourceOption = None,
    endpoint: options.EndpointOption = None,
    region: options.RegionOption = None,
    profile: options.ProfileOption = None,
    anonymous: options.AnonymousOption = False,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = 0,
) -> None:
    """Restore reversible values with the key, with an audit record."""
    start_logging(verbose, quiet=quiet)

    import lakescan

    result = lakescan.reveal(
        source,
        to,
        lakescan.Audit(audit, reason),
        key=key,
        engine=options.engine_options(
            engine, address, workers, worker_cpus, worker_gpus, worker_memory, worker_resource
        ),
        selection=lakescan.Selection(
            storage=options.storage_properties(endpoint, region, profile, anonymous=anonymous)
        ),
        writing=lakescan.Writing(mode=mode.value, format=to_format),
    )
    if how is AnonymizedFormat.JSON:
        import orjson

        write_answer(orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    for column in result.columns:
        answer_console().print(
            f"{column.table}  {column.column}  {column.operator}  {column.changed:,} cells revealed"
        )
