"""``gcp-kms:PATH?key=projects/...``: a keyring that Google Cloud KMS has encrypted."""

from __future__ import annotations

from lakescan.connectors.keys.sealed import sealed_file
from lakescan.errors import CredentialError, MissingDependencyError, TransientError, UsageError


def fetch(rest: str) -> bytes:
    """Have KMS decrypt the file.

    Raises:
        MissingDependencyError: the client library is not installed.
        UsageError: no key is named.
        CredentialError: KMS refuses.
        TransientError: it does not answer.
    """
    try:
        from google.api_core.exceptions import ClientError, GoogleAPIError
        from google.auth.exceptions import GoogleAuthError
        from google.cloud import kms
    except ImportError:
        raise MissingDependencyError("google-cloud-kms", "gcp-kms") from None
    sealed, values = sealed_file(rest)
    if "key" not in values:
        raise UsageError("no KMS key is named", hint="gcp-kms:PATH?key=projects/.../cryptoKeys/K")
    try:
        client = kms.KeyManagementServiceClient()
        answer = client.decrypt(request={"name": values["key"], "ciphertext": sealed})
    except ClientError as error:
        raise CredentialError(f"Google Cloud KMS refuses: {error.code}") from None
    except GoogleAuthError:
        raise CredentialError(
            "Google Cloud KMS: this machine has no credentials",
            hint="gcloud auth application-default login, or GOOGLE_APPLICATION_CREDENTIALS",
        ) from None
    except GoogleAPIError as error:
        raise TransientError(f"Google Cloud KMS: {type(error).__name__}") from None
    opened: bytes = answer.plaintext
    return opened
