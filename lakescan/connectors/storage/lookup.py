"""A URI's scheme -> its storage backend."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache

from lakescan.connectors.storage.protocol import Storage
from lakescan.errors import UnknownNameError

#: Schemes that `storage_for` knows; a bare path counts as ``file``.
STORAGE_SCHEMES = frozenset({"file", "s3"})


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
        uri: a path, ``file:///path`` or ``s3://bucket/key``.
        properties: connection properties (``endpoint``, ``region``, ``profile``, ``anonymous``).

    Raises:
        UnknownNameError: no backend has that scheme.
        MissingDependencyError: the backend's SDK is not installed.
    """
    scheme = scheme_of(uri)
    environment = _aws_environment() if scheme == "s3" else ()
    return _storage(scheme, tuple(sorted((properties or {}).items())), environment)


def _aws_environment() -> tuple[tuple[str, str], ...]:
    """What a client is made from besides its properties: another value means another client."""
    return tuple(sorted(pair for pair in os.environ.items() if pair[0].startswith("AWS_")))


@lru_cache(maxsize=32)
def _storage(
    scheme: str, properties: tuple[tuple[str, str], ...], _environment: tuple[tuple[str, str], ...]
) -> Storage:
    if scheme == "file":
        from lakescan.connectors.storage.local import LocalStorage

        return LocalStorage()
    if scheme == "s3":
        from lakescan.connectors.storage.s3 import S3Storage

        return S3Storage(dict(properties))
    raise UnknownNameError("storage scheme", scheme, STORAGE_SCHEMES)
