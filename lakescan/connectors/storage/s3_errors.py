"""What S3 and its SDK complain of -> our errors."""

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

_CHECK_KEYS = "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the profile"
_CHECK_RIGHTS = "the credentials are wrong or lack the permission"
#: Error codes of the Amazon S3 API reference, "List of error codes", by what they mean to us.
_WRONG_KEYS = frozenset(
    {
        "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken",
        "TokenRefreshRequired", "InvalidSecurity", "RequestExpired",
    }
)  # fmt: skip
_WRONG_REGION = frozenset({"PermanentRedirect", "AuthorizationHeaderMalformed", "301"})
_FORBIDDEN = frozenset({"AccessDenied", "403", "Forbidden", "AccountProblem", "AllAccessDisabled"})
_MISSING = {
    "NoSuchBucket": "no such bucket",
    "NoSuchKey": "no such object",
    "404": "no such object",
}
_FAILED_CONDITION = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})
_BUSY = frozenset(
    {
        "SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling",
        "ThrottlingException", "RequestLimitExceeded", "RequestTimeTooSkewed", "OperationAborted",
    }
)  # fmt: skip


@contextmanager
def sdk_errors(uri: str) -> Iterator[None]:
    """Turn what boto3 raises into ours."""
    from botocore import exceptions

    try:
        yield
    except exceptions.ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        raise _of_code(uri, code, status) from error
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError) as error:
        raise CredentialError(
            f"{uri}: no S3 credentials found",
            hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or anonymous=true",
            uri=uri,
        ) from error
    except (exceptions.CredentialRetrievalError, exceptions.TokenRetrievalError) as error:
        raise CredentialError(f"{uri}: the S3 credentials cannot be obtained", uri=uri) from error
    except exceptions.ParamValidationError as error:
        raise NotFoundError(f"{uri}: not a valid bucket and key", uri=uri) from error
    except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
        raise TransientError(
            f"{uri}: the store does not answer ({type(error).__name__})",
            hint="check the endpoint and the network",
            uri=uri,
        ) from error
    except exceptions.BotoCoreError as error:
        raise TerminalError(f"{uri}: {type(error).__name__}", uri=uri) from error


def _of_code(uri: str, code: str, status: int) -> LakeError:
    if code in _WRONG_KEYS:
        return CredentialError(f"{uri}: S3 refuses access: {code}", hint=_CHECK_KEYS, uri=uri)
    if code in _WRONG_REGION or status == 301:
        return TerminalError(
            f"{uri}: the bucket is in another region", hint="name it with --region", uri=uri
        )
    if code in _FORBIDDEN or status in (401, 403):
        return CredentialError(f"{uri}: S3 refuses access: {code}", hint=_CHECK_RIGHTS, uri=uri)
    if code in _MISSING or status == 404:
        what = _MISSING.get(code, "not found")
        thing = "/".join(uri.split("/")[:3]) if code == "NoSuchBucket" else uri
        return NotFoundError(f"{thing}: {what}", uri=thing)
    if code in _FAILED_CONDITION or status == 412:
        return ChangedSourceError(f"{uri}: was written by another run", uri=uri)
    if code in _BUSY or status >= 500 or status == 429:
        return TransientError(f"{uri}: the store is busy or failing ({code})", uri=uri)
    return TerminalError(f"{uri}: the store answers {code or status}", uri=uri)
