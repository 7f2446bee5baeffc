"""``lakescan keys``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lakescan.cli.anonymize import KeyOption
from lakescan.cli.output import note
from lakescan.errors import UsageError
from lakescan.reports.legible import legible

keys_app = typer.Typer(help="Keyrings for the operators that need a key.", no_args_is_help=True)


@keys_app.command("new")
def new_key(
    key_id: Annotated[
        str | None, typer.Option("--id", metavar="NAME", help="The key's id; the day by default.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FILE",
            help="Write it there, for its owner's eyes only, instead of printing it; what is there"
            " is never written over.",
        ),
    ] = None,
) -> None:
    """Make a keyring with one new random key. Keep it where only its users can read it."""
    from lakescan.jobs.keys import new_keyring, write_keyring

    document = new_keyring(key_id)
    if to is None:
        typer.echo(document, nl=False)
        return
    write_keyring(document, to)
    note(f"a new keyring is in {legible(str(to))}: --key file:{legible(str(to))}")


@keys_app.command("show")
def show_key(key: KeyOption = None) -> None:
    """Print the ids in a keyring, the one in use first; never a key."""
    from lakescan.jobs.keys import key_uri, keyring_at

    place = key_uri(key, None)
    if place is None:
        raise UsageError("no keyring", hint="--key file:key.yaml, or set LAKESCAN_KEY")
    ring = keyring_at(place)
    typer.echo(f"{ring.primary} (in use)")
    for name in ring.ids:
        if name != ring.primary:
            typer.echo(name)
