"""Connection properties and object URIs, as all stores read them."""

from __future__ import annotations

from collections.abc import Mapping

from lakescan.errors import NotFoundError, UnknownNameError, UsageError


def checked(properties: Mapping[str, str], known: frozenset[str]) -> None:
    """Make sure of the names.

    Raises:
        UnknownNameError: there is no such property.
    """
    for name in properties:
        if name not in known:
            raise UnknownNameError("storage property", name, known)


def is_true(value: str) -> bool:
    """Whether a property says yes."""
    return value.lower() in ("true", "1", "yes")


def all_versions(properties: Mapping[str, str]) -> bool:
    """Whether old versions are listed, too.

    Raises:
        UsageError: neither ``all`` nor ``latest``.
    """
    value = properties.get("versions", "latest")
    if value not in ("all", "latest"):
        raise UsageError(f"storage property versions: {value!r}", hint="choose from all, latest")
    return value == "all"


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of ``scheme://bucket/key``.

    Raises:
        NotFoundError: it names no bucket.
    """
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if not bucket:
        raise NotFoundError(
            f"{uri}: names no bucket", hint=f"write {scheme}://bucket/prefix", uri=uri
        )
    return bucket, key
