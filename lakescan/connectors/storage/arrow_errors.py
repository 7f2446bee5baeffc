"""What pyarrow's clients of S3, Google Cloud Storage and Azure raise -> our errors.

Their messages are not repeated: one of Azure's has the URL in it, with a signature perhaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from lakescan.errors import CredentialError, LakeError, NotFoundError, TransientError

_AWS = re.compile(r"AWS Error ([A-Z_]+|\[code \d+\])")
_AWS_STATUS = re.compile(r"HTTP (?:response )?(?:status|code)\D*(\d{3})", re.IGNORECASE)
_GOOGLE = re.compile(r"google::cloud::Status\(([A-Z_]+)|\b(UNAUTHENTICATED|UNAVAILABLE)\b")
_AZURE = re.compile(r"Azure Error: \[([A-Za-z]*)\]\s*(\d{3})?")
#: A client that cannot get a token.
_AZURE_LOGIN = re.compile(r"AuthenticationException|Failed to get token|DefaultAzureCredential")
_SIGNED = re.compile(r"[?&/]sig=|[Ss]ignature=")
_MISSING = frozenset(
    {"NO_SUCH_KEY", "NO_SUCH_BUCKET", "RESOURCE_NOT_FOUND", "NOT_FOUND",
     "BlobNotFound", "ContainerNotFound", "PathNotFound"}
)  # fmt: skip
_REFUSED = frozenset(
    {"ACCESS_DENIED", "INVALID_ACCESS_KEY_ID", "SIGNATURE_DOES_NOT_MATCH", "INVALID_SIGNATURE",
     "INVALID_CLIENT_TOKEN_ID", "UNRECOGNIZED_CLIENT", "PERMISSION_DENIED", "UNAUTHENTICATED",
     "AuthenticationFailed", "AuthorizationFailure", "AuthorizationPermissionMismatch",
     "PublicAccessNotPermitted", "NoAuthenticationInformation"}
)  # fmt: skip


@contextmanager
def arrow_errors(uri: str) -> Iterator[None]:
    """Turn what pyarrow's clients raise into ours."""
    try:
        yield
    except LakeError:
        raise
    except OSError as error:
        raise of_arrow(uri, error) or TransientError(
            f"{uri}: cannot be opened ({type(error).__name__})", uri=uri
        ) from cause(error)


def of_arrow(uri: str, error: OSError) -> LakeError | None:
    """Our error for one of pyarrow's clients; None if it is of another kind."""
    if isinstance(error, FileNotFoundError):
        return NotFoundError(f"{uri}: no such object", uri=uri)
    text = str(error)
    code, status = _code(text)
    if not code and not status:
        return None
    if code in _MISSING or status == "404":
        return NotFoundError(f"{uri}: no such object", uri=uri)
    if code in _REFUSED or status in ("401", "403"):
        return CredentialError(
            f"{uri}: refused ({code or status})",
            hint="check the credentials; `lakescan check` says more",
            uri=uri,
        )
    return TransientError(f"{uri}: the store failed ({code or status})", uri=uri)


def cause(error: Exception) -> Exception | None:
    """The error as another's cause; None where a traceback would show a signed URL."""
    return None if _SIGNED.search(str(error)) else error


def _code(text: str) -> tuple[str, str]:
    """The store's code, and the HTTP status where the text has one."""
    if found := _AWS.search(text):
        status = _AWS_STATUS.search(text)
        return found[1], status[1] if status else ""
    if found := _GOOGLE.search(text):
        return found[1] or found[2], ""
    if found := _AZURE.search(text):
        return found[1], found[2] or ""
    return ("AuthenticationFailed", "") if _AZURE_LOGIN.search(text) else ("", "")
