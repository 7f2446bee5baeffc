"""The program: its commands, its version, and how it ends."""

from __future__ import annotations

import gc
from typing import Annotated

import typer
from typer.core import TyperGroup

from lakescan.cli.anonymize import anonymize
from lakescan.cli.check import check
from lakescan.cli.classify import classify
from lakescan.cli.detect import detect
from lakescan.cli.entities import entities_app
from lakescan.cli.evaluate import evaluate
from lakescan.cli.explain import explain
from lakescan.cli.failure import reported
from lakescan.cli.keys import keys_app
from lakescan.cli.output import logging_kept
from lakescan.cli.policy import policy_app
from lakescan.cli.rekey import rekey
from lakescan.cli.report import report
from lakescan.cli.reveal import reveal
from lakescan.cli.scan import scan
from lakescan.cli.serve import serve
from lakescan.cli.stream import stream
from lakescan.cli.submit import submit_app
from lakescan.cli.tags import tags
from lakescan.cli.verify import verify


class Program(TyperGroup):
    """The commands, with every error as one line and its exit code.

    typer publishes its own subclass of the context that these two methods are declared with.
    """

    def parse_args(  # type: ignore[override]
        self, ctx: typer.Context, args: list[str]
    ) -> list[str]:
        """Parse the options before the command."""
        with reported():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the command."""
        with logging_kept(), reported():
            return super().invoke(ctx)


app = typer.Typer(
    name="lakescan",
    cls=Program,
    help="Find and remove personal data in a data lake, column by column.",
    epilog="Exit codes: 0 clean, 1 a --fail-on gate tripped, 2 usage or policy error, "
    "3 source, sink or credential error, 4 partial, 130 interrupted.",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
for _panel, _commands in {
    "Find": (scan, classify, detect),
    "Anonymize": (anonymize, stream, verify, reveal, rekey),
    "Understand": (report, explain, tags, evaluate),
}.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)
app.add_typer(policy_app, name="policy", rich_help_panel="Prepare")
app.add_typer(entities_app, name="entities", rich_help_panel="Prepare")
app.add_typer(keys_app, name="keys", rich_help_panel="Prepare")
app.command(rich_help_panel="Prepare")(check)
app.add_typer(submit_app, name="submit", rich_help_panel="Run elsewhere")
app.command(rich_help_panel="Run elsewhere")(serve)


def _version(asked: bool) -> None:
    if asked:
        from lakescan.cli.version import version_lines

        for line in version_lines():
            typer.echo(line)
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback ends the program
        bool,
        typer.Option(
            "--version",
            "-V",
            callback=_version,
            is_eager=True,
            help="Show the versions of lakescan, its models and detectors.",
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


#: Objects made between two looks for garbage. Tables and patterns, which is what a start makes,
#: are no garbage: looking for some every 700 objects, as Python does, is a tenth of a short run.
_BETWEEN_COLLECTIONS = 100_000


def main() -> None:
    """Run the program on ``sys.argv`` and leave the process with its exit code."""
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    app(prog_name="lakescan")
