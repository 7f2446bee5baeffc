"""A key's URI -> the bytes of the keyring that is there."""

from __future__ import annotations

from importlib import import_module

from lakescan.errors import UsageError, did_you_mean

#: Schemes, and the modules whose ``fetch`` reads them.
_HOMES = {
    "aws-kms": "aws_kms",
    "azure-keyvault": "azure_keyvault",
    "env": "environment",
    "file": "file",
    "gcp-kms": "gcp_kms",
    "vault": "vault",
}


def fetch_key(uri: str) -> bytes:
    """Read a keyring.

    Args:
        uri: ``env:NAME``, ``file:PATH``, ``vault://MOUNT/PATH#FIELD``,
            ``aws-kms:PATH?region=REGION``, ``gcp-kms:PATH?key=projects/...`` or
            ``azure-keyvault://VAULT/SECRET``.

    Raises:
        UsageError: it is no such URI (which is not repeated: it may be a key).
        CredentialError, NotFoundError, TransientError: what is told of the place, not of the key.
        MissingDependencyError: its SDK is not installed.
    """
    scheme, colon, rest = uri.partition(":")
    if not colon or scheme not in _HOMES:
        near = did_you_mean(scheme, _HOMES) if colon else None
        raise UsageError(
            "a key is named by where it is, and never given itself",
            hint=near or "env:NAME, file:PATH, or the URI of a vault",
        )
    data: bytes = import_module(f"lakescan.connectors.keys.{_HOMES[scheme]}").fetch(rest)
    return data
