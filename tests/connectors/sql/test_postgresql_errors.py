"""What libpq says before there is a session, as it says it."""

from __future__ import annotations

import psycopg2
import pytest

from lakescan.connectors.sql.dialects.postgresql_errors import postgresql_error
from lakescan.errors import CredentialError, NotFoundError, TerminalError, TransientError

PREFIX = 'connection to server at "127.0.0.1", port 5432 failed: FATAL:  '


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (PREFIX + "the database system is starting up", TransientError),
        (PREFIX + "the database system is shutting down", TransientError),
        (PREFIX + "sorry, too many clients already", TransientError),
        (PREFIX + 'password authentication failed for user "ann"', CredentialError),
        (PREFIX + 'role "ann" does not exist', CredentialError),
        (PREFIX + 'no pg_hba.conf entry for host "10.0.0.1", user "ann"', CredentialError),
        (PREFIX + 'permission denied for database "shop"', CredentialError),
        (PREFIX + 'database "shop" does not exist', NotFoundError),
        (
            'could not translate host name "none" to address: Name or service not known',
            NotFoundError,
        ),
        ('connection to server at "db", port 5432 failed: Connection refused', TransientError),
        ("fe_sendauth: no password supplied", CredentialError),
        ("server does not support SSL, but SSL was required", TerminalError),
        ("server closed the connection unexpectedly", TransientError),
    ],
)
def test_what_it_means(text, error):
    found = postgresql_error("postgresql://db/shop", psycopg2.OperationalError(text))
    assert type(found) is error
    assert "ann" not in str(found)


def test_another_library_s_error_is_not_its_business():
    assert postgresql_error("postgresql://db", ValueError("x")) is None
