"""References to secrets: where one stands, never what it is.

``secret://env/NAME`` is an environment variable, ``secret://file/PATH`` a file (``/PATH``). They
are resolved where a connection is made, on each worker, so that no secret travels in a task.
"""

from __future__ import annotations

import os
from pathlib import Path

from lakescan.errors import CredentialError, UsageError

_PREFIX = "secret://"
_HINT = "write secret://env/NAME or secret://file/absolute/path"


def resolve_secret(reference: str) -> str:
    """What a reference stands for, without a line end at its end.

    Raises:
        UsageError: it is no reference; it is not repeated, as it may be a secret itself.
        CredentialError: nothing is there.
    """
    kind, slash, name = reference.removeprefix(_PREFIX).partition("/")
    if not reference.startswith(_PREFIX) or not slash or not name or kind not in ("env", "file"):
        raise UsageError("a secret is given by reference, never by value", hint=_HINT)
    if kind == "env":
        if name not in os.environ:
            raise CredentialError(f"{reference}: no such environment variable")
        return os.environ[name].rstrip("\r\n")
    try:
        return Path("/" + name).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise CredentialError(f"{reference}: {error.strerror or 'cannot be read'}") from error
