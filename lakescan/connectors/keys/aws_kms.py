"""``aws-kms:PATH?region=REGION``: a keyring that AWS KMS has encrypted (``aws kms encrypt``)."""

from __future__ import annotations

from lakescan.connectors.keys.sealed import sealed_file
from lakescan.errors import CredentialError, MissingDependencyError, TransientError, UsageError


def fetch(rest: str) -> bytes:
    """Have KMS decrypt the file; its own header says under which key.

    Raises:
        MissingDependencyError: boto3 is not installed.
        CredentialError: KMS refuses, or there is nothing to ask it with.
        UsageError: nothing names a region.
        TransientError: it does not answer.
    """
    try:
        import boto3
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            NoCredentialsError,
            NoRegionError,
        )
    except ImportError:
        raise MissingDependencyError("boto3", "s3") from None
    sealed, values = sealed_file(rest)
    try:
        client = boto3.client(
            "kms", region_name=values.get("region"), endpoint_url=values.get("endpoint")
        )
        answer = client.decrypt(CiphertextBlob=sealed)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "an error")
        raise CredentialError(f"AWS KMS does not open the keyring: {code}") from None
    except NoCredentialsError:
        raise CredentialError(
            "AWS KMS: this machine has no credentials", hint="aws configure, or AWS_ACCESS_KEY_ID"
        ) from None
    except NoRegionError:
        raise UsageError("no region is named", hint="aws-kms:PATH?region=REGION") from None
    except BotoCoreError as error:
        raise TransientError(f"AWS KMS does not answer: {type(error).__name__}") from None
    opened: bytes = answer["Plaintext"]
    return opened
