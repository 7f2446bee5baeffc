"""``env:NAME``: a variable of the environment, of every worker's."""

from __future__ import annotations

import os

from lakescan.errors import CredentialError


def fetch(name: str) -> bytes:
    """The variable's value.

    Raises:
        CredentialError: it is not set.
    """
    value = os.environ.get(name, "")
    if not value:
        raise CredentialError(
            f"the variable {name} has no key", hint="set it where lakescan and its workers run"
        )
    return value.encode()
