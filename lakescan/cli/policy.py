"""``lakescan policy``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.cli.failure import ExitCode
from lakescan.cli.output import note, write_answer
from lakescan.errors import UsageError

policy_app = typer.Typer(
    help="Check, show and import policies, or print their schema.", no_args_is_help=True
)

_Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Policy files.")]


@policy_app.command()
def check(files: _Files) -> None:
    """Check policy files and list every problem with its line, path and a suggestion."""
    from lakescan.errors import PolicyError
    from lakescan.jobs.policies import check_policy
    from lakescan.policy import Policy
    from lakescan.reports.legible import legible, plural

    wrong = 0
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise PolicyError("is not UTF-8 text", path=str(file)) from None
        except OSError as error:
            raise PolicyError(f"cannot be read: {error.strerror}", path=str(file)) from None
        problems = [str(problem) for problem in Policy.check(text, base=file.parent)]
        if not problems:
            policy = Policy.load(file)
            try:
                check_policy(policy)
            except PolicyError as error:
                problems.append(str(error))
            else:
                typer.echo(f"{file}: correct, hash {policy.hash}")
        wrong += len(problems)
        for problem in problems:
            note(legible(f"{file}: {problem}"))
    if wrong:
        note(f"{plural(wrong, 'problem')} in {plural(len(files), 'file')}")
        raise typer.Exit(ExitCode.USAGE)


@policy_app.command()
def show(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="Policy file. Default: the built-in policy."),
    ] = None,
) -> None:
    """Print a policy as YAML with all defaults filled in."""
    write_answer(options.load_policy(file).to_yaml().encode())


class _From(StrEnum):
    """Whose configuration is read."""

    PRESIDIO = "presidio"
    DLP = "dlp"


@policy_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")],
    source: Annotated[
        _From,
        typer.Option(
            "--from",
            help="Kind of file: a Presidio recognizer registry, or a Google DLP inspect template.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Output file. Default: standard output."
        ),
    ] = None,
) -> None:
    """Convert another tool's configuration to a policy, noting what could not be converted."""
    from lakescan.policy.importers import import_policy
    from lakescan.reports.legible import legible, plural

    imported = import_policy(file, source.value)
    for problem in imported.notes:
        note(legible(f"{file}: {problem}"))
    if imported.notes:
        note(f"{plural(len(imported.notes), 'note')}, which the policy repeats as comments")
    if output is None:
        write_answer(imported.to_yaml().encode())
        return
    try:
        output.write_text(imported.to_yaml(), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from None


@policy_app.command()
def schema() -> None:
    """Print the JSON Schema of policy files, for editors."""
    import orjson

    from lakescan.policy import Policy

    schema_options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    write_answer(orjson.dumps(Policy.json_schema(), option=schema_options))
