"""A client of the service, typed: `Client`, and `AsyncClient` for asyncio.

It needs the extra ``client`` (httpx), which is imported when a client is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from lakescan.client.errors import ServiceBusyError, ServiceRefusedError
from lakescan.client.results import (
    Anonymized,
    AnonymizedRows,
    ColumnChange,
    Found,
    JobStatus,
    Operator,
    Replaced,
)
from lakescan.errors import MissingDependencyError

if TYPE_CHECKING:
    from lakescan.client.asynchronous import AsyncClient
    from lakescan.client.retrying import Retrying
    from lakescan.client.sync import Client

__all__ = [
    "Anonymized",
    "AnonymizedRows",
    "AsyncClient",
    "Client",
    "ColumnChange",
    "Found",
    "JobStatus",
    "Operator",
    "Replaced",
    "Retrying",
    "ServiceBusyError",
    "ServiceRefusedError",
]

_HOMES = {
    "AsyncClient": "lakescan.client.asynchronous",
    "Client": "lakescan.client.sync",
    "Retrying": "lakescan.client.retrying",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if error.name != "httpx":
            raise
        raise MissingDependencyError("httpx", "client") from None
