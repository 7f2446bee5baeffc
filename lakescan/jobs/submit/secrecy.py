"""Secrets have no place in a job's command line: the cluster shows it to all who see its jobs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lakescan.errors import UsageError

_REFERENCES = ("secret://", "env:", "file:")
#: A login with a password, as URIs have it before the host.
_LOGIN = re.compile(r"://[^/?#@\s]*:[^/?#@\s]+@")
#: As an option's, a property's or a URI's query's: NAME=VALUE.
_NAMED = re.compile(r"(?P<name>[\w.-]+)=(?P<value>[^&;,\s]+)")
_SECRET = re.compile(
    r"password|passwd|pwd|secret|token|credential|signature|jaas|(?:^|[_.-])(?:sig|sas)$"
    r"|(?:api|account|access|private|shared)[_.-]?key$",
    re.IGNORECASE,
)
#: Names that look like it, and are none.
_HARMLESS = re.compile(r"[_.-](?:id|uri|url|path|file|name)$", re.IGNORECASE)
_HINT = (
    "give it to the cluster's nodes (an environment variable, an instance role) "
    "or by reference: secret://env/NAME"
)


def refuse_secrets(texts: Iterable[str]) -> None:
    """Make sure that no text holds a secret.

    Raises:
        UsageError: one does; it is not repeated.
    """
    for text in texts:
        if _LOGIN.search(text):
            raise UsageError("a URI with a password cannot be submitted", hint=_HINT)
        for match in _NAMED.finditer(text):
            name, value = match["name"], match["value"]
            secret = _SECRET.search(name) and not _HARMLESS.search(name)
            if secret and not value.startswith(_REFERENCES):
                raise UsageError(
                    f"a value of {name} cannot be submitted: the cluster would show it", hint=_HINT
                )
