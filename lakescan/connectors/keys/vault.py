"""``vault://MOUNT/PATH#FIELD``: HashiCorp Vault's key-value engine, version 2.

The server is ``VAULT_ADDR``, the token ``VAULT_TOKEN``, as for Vault's own client.
"""

from __future__ import annotations

import os
from http import HTTPStatus
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import orjson

from lakescan.errors import CredentialError, LakeError, NotFoundError, TransientError

_SECONDS = 10


def fetch(rest: str) -> bytes:
    """The secret's field (``key`` if none is named).

    Raises:
        LakeError: of the kind that the server's answer is.
    """
    path, _, field = rest.removeprefix("//").partition("#")
    mount, _, secret = path.partition("/")
    server, token = os.environ.get("VAULT_ADDR", ""), os.environ.get("VAULT_TOKEN", "")
    if not server.startswith(("https://", "http://")) or not token:
        raise CredentialError("VAULT_ADDR and VAULT_TOKEN are not both set")
    url = f"{server.rstrip('/')}/v1/{quote(mount)}/data/{quote(secret)}"
    request = Request(url, headers={"X-Vault-Token": token})  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            found = orjson.loads(answer.read())["data"]["data"]
    except HTTPError as error:
        with error:
            raise _error(error.code, path) from None
    except (URLError, TimeoutError):
        raise TransientError(f"vault does not answer for {path}") from None
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise NotFoundError(f"vault has no version 2 secret at {path}") from None
    value = found.get(field or "key")
    if not isinstance(value, str):
        raise NotFoundError(f"the secret {path} has no field {field or 'key'}")
    return value.encode()


def _error(status: int, path: str) -> LakeError:
    if status in (HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED):
        return CredentialError(f"vault refuses to show {path}")
    if status == HTTPStatus.NOT_FOUND:
        return NotFoundError(f"vault has nothing at {path}")
    return TransientError(f"vault answers {status} for {path}")
