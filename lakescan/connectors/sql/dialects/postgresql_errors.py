"""What PostgreSQL's errors mean, by their SQLSTATE; before a session, by libpq's words."""

from __future__ import annotations

import re

from lakescan.connectors.sql.relational import MISFITS
from lakescan.errors import (
    CorruptFileError,
    CredentialError,
    LakeError,
    LimitExceededError,
    NotFoundError,
    TerminalError,
    TransientError,
)

#: SQLSTATE or its class (PostgreSQL documentation, appendix A) -> error and what is the matter.
_STATES: tuple[tuple[str, type[LakeError], str], ...] = (
    ("28", CredentialError, "the login is refused"),
    ("42501", CredentialError, "permission denied"),
    ("3D000", NotFoundError, "no such database"),
    ("3F000", NotFoundError, "no such schema"),
    ("42P01", NotFoundError, "no such table"),
    ("42703", NotFoundError, "a column is gone"),
    ("22001", TerminalError, "a value is too long for its column"),
    ("23502", TerminalError, "a column takes no nulls"),
    ("23505", TerminalError, "a key would be there twice"),
    ("55P03", TransientError, "a lock was not free in time"),
    ("57014", TransientError, "a statement took too long"),
    ("XX001", CorruptFileError, "the server finds its data damaged"),
    ("XX002", CorruptFileError, "the server finds an index damaged"),
    ("54", LimitExceededError, "over a limit of the server"),
    ("08", TransientError, "the connection broke"),
    ("53", TransientError, "the server is short of resources"),
    ("57", TransientError, "the server is going down or coming up"),
    ("58", TransientError, "the server's system failed"),
    ("40", TransientError, "a conflict with other transactions"),
)
#: libpq's words, which it has in English alone when the server says no more -> as above.
_WORDS: tuple[tuple[str, type[LakeError], str], ...] = (
    (r"system is (starting|shutting)|in recovery", TransientError, "the server is not up yet"),
    (r"too many (clients|connections)|slots are reserved", TransientError, "no connection is free"),
    (r"authentication failed", CredentialError, "the login is refused"),
    (r"role .* does not exist|not permitted to log in", CredentialError, "the login is refused"),
    (r"no password supplied", CredentialError, "the server wants a password"),
    (r"pg_hba\.conf", CredentialError, "the server refuses logins from here"),
    (r"permission denied", CredentialError, "permission denied"),
    (r"certificate", CredentialError, "TLS: the certificate is not accepted"),
    (r"could not translate host|[Nn]ame or service", NotFoundError, "no such server"),
    (r"database .* does not exist", NotFoundError, "no such database"),
    (r"does not support SSL", TerminalError, "TLS: the server has none"),
)
_HINTS = {
    **MISFITS,
    "permission denied": "grant USAGE on the schema and SELECT on its tables; to write, also CREATE"
    " on the schema, or on the database for a new one",
    "the login is refused": "see PGUSER and PGPASSWORD, or write password=secret://env/NAME",
    "the server wants a password": "set PGPASSWORD, or write password=secret://env/NAME",
}


def postgresql_error(uri: str, error: Exception) -> LakeError | None:
    """Our error for psycopg2's; None where it is none of psycopg2's."""
    import psycopg2

    if not isinstance(error, psycopg2.Error):
        return None
    state = error.pgcode or ""
    for start, cls, what in _STATES:
        if state and state.startswith(start):
            return cls(f"{uri}: {what} ({state})", hint=_HINTS.get(what), uri=uri)
    if state:
        return TerminalError(f"{uri}: the server refuses a statement ({state})", uri=uri)
    text = str(error)
    if isinstance(error, psycopg2.OperationalError):
        fatal = text.partition("FATAL:")[2] or text
        for words, cls, what in _WORDS:
            if re.search(words, fatal):
                return cls(f"{uri}: {what}", hint=_HINTS.get(what), uri=uri)
    return TransientError(f"{uri}: the server does not answer, or no more", uri=uri)
