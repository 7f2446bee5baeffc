"""A schema registry of Confluent's REST API: schemas by their number."""

from __future__ import annotations

import base64
import json
import os
import struct
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lakescan.connectors.secrets import resolve_secret
from lakescan.errors import (
    CredentialError,
    NotFoundError,
    TransientError,
    UnsupportedError,
    UsageError,
)

#: Where the schema registry is; a connection property goes before it.
REGISTRY_VARIABLE = "SCHEMA_REGISTRY_URL"
REGISTRY_PROPERTY = "schema.registry.url"
#: ``user:password`` for it; as a connection property by reference only.
LOGIN_VARIABLE = "SCHEMA_REGISTRY_BASIC_AUTH"
LOGIN_PROPERTY = "schema.registry.basic_auth"
#: The registry's wire format: a zero byte, the schema's number, the record.
HEAD = struct.Struct(">bI")
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry, by its address.

    Args:
        url: ``http://host:port``, without a slash at its end.
        login: where its login is; empty for ``SCHEMA_REGISTRY_BASIC_AUTH``, if that is set.
    """

    url: str
    login: str = ""

    @classmethod
    def named(cls, storage: Mapping[str, str]) -> Registry | None:
        """The one that connection properties or the environment name; None if there is none.

        Raises:
            UsageError: its address is none of HTTP.
        """
        url = storage.get(REGISTRY_PROPERTY) or os.environ.get(REGISTRY_VARIABLE)
        if not url:
            return None
        if not url.startswith(("http://", "https://")) or "@" in url:
            raise UsageError(
                f"{REGISTRY_VARIABLE} is no http or https address",
                hint=f"http://host:port; a login goes into {LOGIN_VARIABLE}",
            )
        return cls(url.rstrip("/"), storage.get(LOGIN_PROPERTY, ""))

    def schema(self, number: int) -> object:
        """A schema, parsed; asked for once a process.

        Raises:
            NotFoundError: it has none of that number.
            CredentialError: it refuses us.
            TransientError: it does not answer.
            UnsupportedError: it is no Avro schema.
        """
        return _schema(self, number)


@lru_cache(maxsize=4096)
def _schema(registry: Registry, number: int) -> object:
    from fastavro import parse_schema

    url = f"{registry.url}/schemas/ids/{number}"
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310
    login = resolve_secret(registry.login) if registry.login else os.environ.get(LOGIN_VARIABLE)
    if login:
        request.add_header("Authorization", f"Basic {base64.b64encode(login.encode()).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (401, 403):
            hint = f"set {LOGIN_VARIABLE} to user:password"
            raise CredentialError(f"{registry.url}: refused ({error.code})", hint=hint) from None
        if error.code == 404:
            raise NotFoundError(f"{registry.url}: no schema {number}", uri=registry.url) from None
        raise TransientError(f"{registry.url}: answers {error.code}", uri=registry.url) from None
    except (OSError, ValueError) as error:
        name = type(error).__name__
        raise TransientError(
            f"{registry.url}: does not answer ({name})", uri=registry.url
        ) from None
    if told.get("schemaType", "AVRO") != "AVRO":
        raise UnsupportedError(f"{registry.url}: schema {number} is {told['schemaType']}, not Avro")
    parsed: object = parse_schema(json.loads(told["schema"]))
    return parsed
