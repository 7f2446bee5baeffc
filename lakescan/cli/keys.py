"""``lakescan keys``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lakescan.cli.anonymize import KeyOption
from lakescan.cli.output import note
from lakescan.errors import UsageError
from lakescan.reports.legible import legible

keys_app = typer.Typer(
    help="Create and inspect keyrings for operators that need a key.", no_args_is_help=True
)


@keys_app.command("new")
def new_key(
    key_id: Annotated[
        str | None,
        typer.Option("--id", metavar="NAME", help="Id of the key. Default: today's date."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FILE",
            help="Write it to this file, readable by its owner only, instead of printing it. An "
            "existing file is never overwritten.",
        ),
    ] = None,
) -> None:
    """Create a keyring with one random key. Store it where only its users can read it."""
    from lakescan.jobs.keys import new_keyring, write_keyring

    document = new_keyring(key_id)
    if to is None:
        typer.echo(document, nl=False)
        return
    write_keyring(document, to)
    note(f"a new keyring is in {legible(str(to))}: --key file:{legible(str(to))}")


@keys_app.command("show")
def show_key(key: KeyOption = None) -> None:
    """List the key ids in a keyring, the active one first. Keys are never printed."""
    from lakescan.jobs.keys import key_uri, keyring_at

    place = key_uri(key, None)
    if place is None:
        raise UsageError("no keyring", hint="--key file:key.yaml, or set LAKESCAN_KEY")
    ring = keyring_at(place)
    typer.echo(f"{ring.primary} (in use)")
    for name in ring.ids:
        if name != ring.primary:
            typer.echo(name)
