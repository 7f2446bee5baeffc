"""``azure-keyvault://VAULT/SECRET``: a secret of Azure Key Vault."""

from __future__ import annotations

from http import HTTPStatus

from lakescan.errors import CredentialError, MissingDependencyError, NotFoundError, TransientError


def fetch(rest: str) -> bytes:
    """The secret's latest version, with the environment's identity.

    Raises:
        MissingDependencyError: the client libraries are not installed.
        NotFoundError: there is no such secret.
        CredentialError: the vault refuses.
        TransientError: it does not answer.
    """
    try:
        from azure.core.exceptions import (
            AzureError,
            ClientAuthenticationError,
            HttpResponseError,
            ResourceNotFoundError,
        )
        from azure.identity import DefaultAzureCredential
        from azure.keyvault.secrets import SecretClient
    except ImportError:
        raise MissingDependencyError("azure-keyvault-secrets", "azure-keyvault") from None
    vault, _, secret = rest.removeprefix("//").partition("/")
    try:
        client = SecretClient(f"https://{vault}.vault.azure.net", DefaultAzureCredential())
        found = client.get_secret(secret)
    except ResourceNotFoundError:
        raise NotFoundError(f"no secret {secret} in the vault {vault}") from None
    except ClientAuthenticationError:
        raise CredentialError(f"the vault {vault} refuses") from None
    except HttpResponseError as error:
        if error.status_code == HTTPStatus.FORBIDDEN:
            raise CredentialError(f"the vault {vault} refuses to show {secret}") from None
        raise TransientError(f"the vault {vault} answers {error.status_code}") from None
    except AzureError as error:
        raise TransientError(f"the vault {vault}: {type(error).__name__}") from None
    return (found.value or "").encode()
