"""Who we are at Azure Storage: the account, its endpoint, and a key, a signature or a login."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from lakescan.connectors.secrets import resolve_secret
from lakescan.connectors.storage.properties import is_true
from lakescan.errors import CredentialError, UsageError


@dataclass(frozen=True, slots=True)
class AzureIdentity:
    """An account and how to be let in.

    Args:
        account: the storage account's name.
        url: the blob service's.
        key: the account key; never shown.
        sas: a shared access signature; never shown.
        anonymous: send nothing.
    """

    account: str
    url: str
    key: str | None = field(default=None, repr=False)
    sas: str | None = field(default=None, repr=False)
    anonymous: bool = False

    @property
    def scheme(self) -> str:
        """Of the URL."""
        return self.url.partition("://")[0]

    @property
    def authority(self) -> str:
        """Host and port, or the domain below which the account is a name."""
        host = self.url.partition("://")[2].partition("/")[0]
        return host.removeprefix(self.account)

    @classmethod
    def of(cls, properties: Mapping[str, str]) -> AzureIdentity:
        """From properties first, then from the environment as the Azure CLI names it.

        Raises:
            UsageError: no account is named.
            CredentialError: a connection string that is none.
        """
        environment = os.environ
        given = properties.get("credentials")
        told = environment.get("AZURE_STORAGE_CONNECTION_STRING")
        text = resolve_secret(given) if given else told
        parts = _connection(text) if text else {}
        account = (
            properties.get("account")
            or parts.get("accountname")
            or environment.get("AZURE_STORAGE_ACCOUNT")
        )
        if not account:
            raise UsageError(
                "no Azure storage account is named",
                hint="set AZURE_STORAGE_ACCOUNT, or write "
                "abfss://container@account.dfs.core.windows.net/path",
            )
        scheme = parts.get("defaultendpointsprotocol", "https")
        suffix = parts.get("endpointsuffix", "core.windows.net")
        url = (
            properties.get("endpoint")
            or parts.get("blobendpoint")
            or environment.get("AZURE_STORAGE_BLOB_ENDPOINT")
            or f"{scheme}://{account}.blob.{suffix}"
        )
        if is_true(properties.get("anonymous", "")):
            return cls(account, url.rstrip("/"), anonymous=True)
        sas = parts.get("sharedaccesssignature")
        key = parts.get("accountkey")
        if not parts:
            key = environment.get("AZURE_STORAGE_KEY")
            sas = environment.get("AZURE_STORAGE_SAS_TOKEN")
        return cls(account, url.rstrip("/"), key, sas.lstrip("?") if sas and not key else None)


def _connection(text: str) -> dict[str, str]:
    """The parts of a connection string, by their names in lower case."""
    parts = [part.partition("=") for part in text.strip().split(";") if part]
    found = {name.strip().lower(): value for name, _, value in parts}
    if not found.keys() & {"accountname", "blobendpoint"}:
        raise CredentialError(
            "the Azure connection string names no account",
            hint="copy it from the portal: AccountName=...;AccountKey=...",
        )
    return found
