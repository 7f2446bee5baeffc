"""What a message's value says: text, or Avro behind a schema registry's number."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import io
import json
import os
import struct
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from lakescan.connectors.kafka.messages import Decode, text
from lakescan.errors import CredentialError, NotFoundError, TransientError, UsageError

#: Where the schema registry is; a connection property ``schema.registry.url`` goes before it.
REGISTRY_VARIABLE = "SCHEMA_REGISTRY_URL"
#: A connection property or variable ``user:password`` for it.
LOGIN_VARIABLE = "SCHEMA_REGISTRY_BASIC_AUTH"
#: The registry's wire format: a zero byte, the schema's number, the record.
_HEAD = struct.Struct(">bI")
_PATIENCE = 10.0


def decoder(storage: Mapping[str, str]) -> Decode:
    """How values are decoded: with a schema registry, Avro as JSON; all else is text."""
    registry = storage.get("schema.registry.url") or os.environ.get(REGISTRY_VARIABLE)
    if not registry:
        return text
    if not registry.startswith(("http://", "https://")):
        raise UsageError(f"{REGISTRY_VARIABLE}: {registry!r} is no http or https address")
    return _Avro(registry.rstrip("/"))


class _Avro:
    def __init__(self, registry: str) -> None:
        self._registry = registry

    def __call__(self, data: bytes) -> str:
        if len(data) < _HEAD.size or data[0] != 0:
            return text(data)
        from fastavro import schemaless_reader

        _, number = _HEAD.unpack_from(data)
        schema = _schema(self._registry, number)
        stream = io.BytesIO(data)
        stream.seek(_HEAD.size)
        try:
            record = schemaless_reader(stream, schema, None)
        except (TypeError, AttributeError, StopIteration, ValueError, EOFError, IndexError):
            return text(data)
        return orjson.dumps(record, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _plain(value: object) -> object:
    """What JSON has no word for."""
    if isinstance(value, bytes):
        return text(value)
    if isinstance(value, decimal.Decimal | dt.timedelta | uuid.UUID):
        return str(value)
    raise TypeError(type(value).__name__)


@lru_cache(maxsize=4096)
def _schema(registry: str, number: int) -> Any:
    """A schema of the registry, once a process.

    Raises:
        NotFoundError: it has none of that number.
        CredentialError: it refuses us.
        TransientError: it does not answer.
    """
    from fastavro import parse_schema

    url = f"{registry}/schemas/ids/{number}"
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310
    if login := os.environ.get(LOGIN_VARIABLE):
        request.add_header("Authorization", f"Basic {base64.b64encode(login.encode()).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (401, 403):
            hint = f"set {LOGIN_VARIABLE} to user:password"
            raise CredentialError(f"{registry}: refused ({error.code})", hint=hint) from None
        if error.code == 404:
            raise NotFoundError(f"{registry}: no schema {number}", uri=registry) from None
        raise TransientError(f"{registry}: answers {error.code}", uri=registry) from None
    except (OSError, ValueError) as error:
        name = type(error).__name__
        raise TransientError(f"{registry}: does not answer ({name})", uri=registry) from None
    return parse_schema(json.loads(told["schema"]))
