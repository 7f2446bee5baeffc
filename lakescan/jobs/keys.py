"""From a key's URI to a keyring, and new keys."""

from __future__ import annotations

import base64
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from lakescan.connectors.keys import fetch_key
from lakescan.errors import TerminalError, UsageError
from lakescan.udfs.anonymize.keys import LEAST_BYTES, Keyring, parse_keyring

#: Where the keyring is looked for if nobody says where.
DEFAULT_VARIABLE = "LAKESCAN_KEY"


def keyring_at(uri: str) -> Keyring:
    """Fetch and read a keyring.

    Raises:
        UsageError: the URI is none, or what is there is no keyring.
        LakeError: it cannot be fetched.
    """
    return parse_keyring(fetch_key(uri))


def key_uri(asked: str | None, policy: str | None) -> str | None:
    """Where the keyring is: as asked, else as the policy says, else in ``LAKESCAN_KEY``."""
    if asked or policy:
        return asked or policy
    return f"env:{DEFAULT_VARIABLE}" if os.environ.get(DEFAULT_VARIABLE) else None


def new_keyring(key_id: str | None = None) -> str:
    """A keyring of one new random key, as YAML."""
    name = key_id or f"{datetime.now(UTC):%Y-%m-%d}"
    key = base64.b64encode(secrets.token_bytes(LEAST_BYTES)).decode()
    return f'primary: "{name}"\nkeys:\n  "{name}": "{key}"\n'


def write_keyring(document: str, path: Path) -> None:
    """Write a keyring into a new file that only its owner can read.

    Raises:
        UsageError: something stands there: a key that is lost cannot be made again.
        TerminalError: it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            f"{path}: something stands there", hint="name a new file; keys are never written over"
        ) from None
    except OSError as error:
        raise TerminalError(f"{path}: cannot be written: {error.strerror}") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(document)
