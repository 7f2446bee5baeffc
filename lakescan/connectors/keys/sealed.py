"""A keyring in a file that a KMS has sealed: what the modules of the clouds share."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

from lakescan.errors import CredentialError, NotFoundError


def sealed_file(rest: str) -> tuple[bytes, dict[str, str]]:
    """The bytes of the file in ``PATH?name=value``, and the values.

    Raises:
        NotFoundError: there is none.
        CredentialError: it may not be read.
    """
    path, _, query = rest.removeprefix("//").partition("?")
    values = {name: found[-1] for name, found in parse_qs(query).items()}
    try:
        return Path(path).read_bytes(), values
    except FileNotFoundError:
        raise NotFoundError(f"no sealed key file {path}") from None
    except OSError as error:
        raise CredentialError(f"the file {path} cannot be read: {error.strerror}") from None
