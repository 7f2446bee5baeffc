"""``file:PATH``: a file that only its owner may read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lakescan.errors import CredentialError, NotFoundError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def fetch(path: str) -> bytes:
    """The file's bytes.

    Raises:
        NotFoundError: there is none.
        CredentialError: it may not be read, or others may read it.
    """
    file = Path(path.removeprefix("//"))
    try:
        if os.name == "posix" and file.stat().st_mode & _OTHERS:
            raise CredentialError(f"others may read the key file {file}", hint=f"chmod 600 {file}")
        return file.read_bytes()
    except FileNotFoundError:
        make = f"lakescan keys new --to {file}"
        raise NotFoundError(f"no key file {file}", hint=make) from None
    except OSError as error:
        raise CredentialError(f"the key file {file} cannot be read: {error.strerror}") from None
