"""What Azure Storage and its SDK complain of -> our errors."""

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

_NO_CREDENTIALS = "run `az login`, set AZURE_STORAGE_KEY or _SAS_TOKEN, or anonymous=true"
_CHECK_RIGHTS = "it takes the role Storage Blob Data Reader, or a valid key or SAS"
#: A blob of that name is there, or it was not what the condition said (Blob service error codes).
_FAILED_CONDITION = frozenset({"BlobAlreadyExists", "ConditionNotMet", "TargetConditionNotMet"})


@contextmanager
def azure_errors(uri: str) -> Iterator[None]:
    """Turn what azure-storage-blob raises into ours. Its messages may hold a signed URL."""
    from azure.core import exceptions

    try:
        yield
    except exceptions.ClientAuthenticationError as error:
        if error.status_code is None:  # no token could be had
            raise CredentialError(
                f"{uri}: no Azure credentials found", hint=_NO_CREDENTIALS, uri=uri
            ) from error
        raise _of_answer(uri, error.status_code, _code(error)) from None
    except exceptions.HttpResponseError as error:
        raise _of_answer(uri, int(error.status_code or 0), _code(error)) from None
    except (exceptions.ServiceRequestError, exceptions.ServiceResponseError) as error:
        raise TransientError(
            f"{uri}: the store does not answer ({type(error).__name__})",
            hint="check the endpoint and the network",
            uri=uri,
        ) from error
    except exceptions.AzureError as error:
        raise TerminalError(f"{uri}: {type(error).__name__}", uri=uri) from error


def _code(error: Exception) -> str:
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")


def _of_answer(uri: str, status: int, code: str) -> LakeError:
    what = code or status
    if code in _FAILED_CONDITION or status in (409, 412):
        return ChangedSourceError(f"{uri}: was written by another run ({what})", uri=uri)
    if status == 401:
        return CredentialError(f"{uri}: refused ({what})", hint=_NO_CREDENTIALS, uri=uri)
    if status == 403:
        return CredentialError(f"{uri}: refused ({what})", hint=_CHECK_RIGHTS, uri=uri)
    if status == 404:
        container = code == "ContainerNotFound"
        where = "/".join(uri.split("/")[:3]) if container else uri
        return NotFoundError(f"{where}: no such {'container' if container else 'blob'}", uri=uri)
    if status in (408, 429) or status >= 500:
        return TransientError(f"{uri}: the store is busy or failing ({what})", uri=uri)
    return TerminalError(f"{uri}: the store answers {what}", uri=uri)
