"""``lakescan keys``."""

from __future__ import annotations

from typing import Annotated

import typer

from lakescan.cli.anonymize import KeyOption
from lakescan.errors import UsageError

keys_app = typer.Typer(help="Keyrings for the operators that need a key.", no_args_is_help=True)


@keys_app.command("new")
def new_key(
    key_id: Annotated[
        str | None, typer.Option("--id", metavar="NAME", help="The key's id; the day by default.")
    ] = None,
) -> None:
    """Print a keyring with one new random key. Keep it where only its users can read it."""
    from lakescan.jobs.keys import new_keyring

    typer.echo(new_keyring(key_id), nl=False)


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
