"""What Google Cloud Storage and its SDK complain of -> our errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    LakeError,
    NotFoundError,
    TerminalError,
    TransientError,
)

_NO_CREDENTIALS = (
    "run `gcloud auth application-default login`, set GOOGLE_APPLICATION_CREDENTIALS, or "
    "anonymous=true"
)

_PROJECT = "for all buckets of a project name none: gs://, with --storage project=NAME"


@contextmanager
def gcs_errors(uri: str) -> Iterator[None]:
    """Turn what google-cloud-storage raises into ours."""
    import requests
    from google.api_core import exceptions
    from google.auth import exceptions as auth

    try:
        yield
    except exceptions.RetryError as error:
        raise _silent(uri, error) from error
    except exceptions.GoogleAPICallError as error:
        raise _of_status(uri, int(error.code or 0), str(error.message)) from error
    except auth.DefaultCredentialsError as error:
        raise CredentialError(
            f"{uri}: no Google Cloud credentials found", hint=_NO_CREDENTIALS, uri=uri
        ) from error
    except auth.RefreshError as error:
        raise CredentialError(
            f"{uri}: the Google Cloud credentials are refused", hint=_NO_CREDENTIALS, uri=uri
        ) from error
    except (auth.TransportError, requests.RequestException, ConnectionError) as error:
        raise _silent(uri, error) from error


def _silent(uri: str, error: Exception) -> TransientError:
    return TransientError(
        f"{uri}: the store does not answer ({type(error).__name__})",
        hint="check the endpoint and the network",
        uri=uri,
    )


def _of_status(uri: str, status: int, message: str) -> LakeError:
    """By HTTP status (Cloud Storage JSON API, "HTTP status and error codes")."""
    if status == 401:
        return CredentialError(f"{uri}: refused (401)", hint=_NO_CREDENTIALS, uri=uri)
    if status == 400 and "user project" in message.lower():
        return CredentialError(
            f"{uri}: the requester pays",
            hint="name a project to bill: requester_pays=PROJECT",
            uri=uri,
        )
    if status == 403:
        return CredentialError(
            f"{uri}: refused (403)", hint="it takes storage.objects.list and .get", uri=uri
        )
    if status == 404:
        named = "bucket" in message.lower() and "object" not in message.lower()
        bucket = "/".join(uri.split("/")[:3])
        if named or uri.rstrip("/") == bucket:
            return NotFoundError(f"{bucket}: no such bucket", hint=_PROJECT, uri=uri)
        return NotFoundError(f"{uri}: no such object", uri=uri)
    if status == 412:
        return ChangedSourceError(f"{uri}: was written by another run", uri=uri)
    if status in (408, 429) or status >= 500:
        return TransientError(f"{uri}: the store is busy or failing ({status})", uri=uri)
    return TerminalError(f"{uri}: the store answers {status}", uri=uri)
