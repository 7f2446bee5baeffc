"""A URI's scheme -> its storage backend."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from lakescan.connectors.storage.protocol import Storage
from lakescan.errors import UnknownNameError, UsageError

#: Where each scheme's backend is, and which environment variables its client is made from.
_BACKENDS = {
    "s3": ("s3", "S3Storage", ("AWS_",)),
    "gs": ("gcs", "GcsStorage", ("GOOGLE_", "STORAGE_EMULATOR_HOST", "CLOUDSDK_")),
    "az": ("azure", "AzureStorage", ("AZURE_",)),
    "abfs": ("azure", "AzureStorage", ("AZURE_",)),
    "abfss": ("azure", "AzureStorage", ("AZURE_",)),
}
#: Schemes whose URIs name a container and an account's host.
_ADDRESSES = ("abfs", "abfss")
#: Schemes that `storage_for` knows; a bare path counts as ``file``.
STORAGE_SCHEMES = frozenset({"file", *_BACKENDS})


def scheme_of(uri: str) -> str:
    """``s3`` of ``s3://bucket/key``; ``file`` of a path."""
    scheme, separator, _ = uri.partition("://")
    return scheme.lower() if separator else "file"


def absolute(uri: str) -> str:
    """A path or ``file:`` URI as an absolute path; any other URI as it is."""
    if scheme_of(uri) != "file":
        return uri
    from lakescan.connectors.storage.local import local_path

    return local_path(uri)


def storage_for(uri: str, properties: Mapping[str, str] | None = None) -> Storage:
    """The backend that holds ``uri``; equal arguments share one.

    Args:
        uri: a path, ``file:///path``, ``s3://bucket/key``, ``gs://bucket/object``,
            ``az://container/blob`` or ``abfss://container@account.dfs.core.windows.net/path``.
        properties: connection properties (``endpoint``, ``anonymous``, ...); see the backends.

    Raises:
        UnknownNameError: no backend has that scheme, or it knows no such property.
        MissingDependencyError: the backend's SDK is not installed.
        UsageError: a login stands in the URI.
    """
    scheme = scheme_of(uri)
    given = dict(properties or {})
    if scheme in _BACKENDS:
        _refuse_login(scheme, uri)
    if scheme in _ADDRESSES:
        given |= _account(uri)
    return _storage(scheme, tuple(sorted(given.items())), _environment(scheme))


def _refuse_login(scheme: str, uri: str) -> None:
    """Neither use nor repeat what no bucket's name can hold: ``KEY:SECRET@bucket``."""
    place = uri.partition("://")[2].partition("/")[0]
    before, at, _ = place.partition("@")
    if ":" in before or (at and scheme not in _ADDRESSES):
        raise UsageError(
            f"{scheme}://: a login in the URI, where it would be seen",
            hint="give it by the environment, or --storage credentials=secret://env/NAME",
        )


def _account(uri: str) -> dict[str, str]:
    """The account that ``container@account.host`` names."""
    account = uri.partition("://")[2].partition("/")[0].partition("@")[2].partition(".")[0]
    return {"account": account} if account else {}


def _environment(scheme: str) -> tuple[tuple[str, str], ...]:
    """What a client is made from besides its properties: another value means another client."""
    prefixes = _BACKENDS[scheme][2] if scheme in _BACKENDS else ()
    if not prefixes:
        return ()
    return tuple(sorted(pair for pair in os.environ.items() if pair[0].startswith(prefixes)))


@lru_cache(maxsize=32)
def _storage(
    scheme: str, properties: tuple[tuple[str, str], ...], _environment: tuple[tuple[str, str], ...]
) -> Storage:
    if scheme == "file":
        from lakescan.connectors.storage.local import LocalStorage

        return LocalStorage()
    if scheme not in _BACKENDS:
        raise UnknownNameError("storage scheme", scheme, STORAGE_SCHEMES)
    module, name, _ = _BACKENDS[scheme]
    backend = getattr(import_module(f"lakescan.connectors.storage.{module}"), name)
    made: Storage = backend(dict(properties))
    return made
