"""Google Cloud Storage: ``gs://bucket/object``.

google-cloud-storage lists, describes and writes small objects; the bytes of data files come
through pyarrow's own client, which reads ranges in parallel without the interpreter, as the same
identity. Where the requester pays, the SDK reads too: pyarrow's client cannot say who does.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import fs

from lakescan.connectors.paths import split_version, with_version
from lakescan.connectors.secrets import resolve_secret
from lakescan.connectors.storage.arrow_errors import arrow_errors
from lakescan.connectors.storage.gcs_errors import gcs_errors
from lakescan.connectors.storage.posture import Posture
from lakescan.connectors.storage.properties import all_versions, checked, is_true, split_uri
from lakescan.connectors.storage.protocol import FileObject
from lakescan.connectors.storage.ranges import range_file
from lakescan.connectors.storage.timeouts import CONNECT_SECONDS, READ_SECONDS, TRY_SECONDS
from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    MissingDependencyError,
    NotFoundError,
)

if TYPE_CHECKING:
    from google.api_core.retry import Retry
    from google.auth.credentials import Credentials
    from google.cloud.storage import Blob, Bucket, Client

PROPERTIES = frozenset(
    {"endpoint", "project", "anonymous", "credentials", "requester_pays", "versions"}
)
_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
_FIELDS = "items(name,size,generation,updated,timeDeleted),nextPageToken"
_TIMEOUT = (CONNECT_SECONDS, READ_SECONDS)
#: A token is renewed so long before it ends.
_SPARE = dt.timedelta(minutes=5)


class GcsStorage:
    """Objects in buckets. The version of an object is its generation.

    Args:
        properties: ``endpoint`` (a URL), ``project``, ``anonymous`` (``true``), ``credentials`` (a
            ``secret://`` reference to a key file's JSON), ``requester_pays`` (the project that is
            billed), ``versions`` (``all``: old generations are listed, too, as
            ``object?version=GENERATION``). What is missing comes from the environment
            (STORAGE_EMULATOR_HOST, GOOGLE_CLOUD_PROJECT) and the application default credentials.

    Raises:
        MissingDependencyError: google-cloud-storage is not installed.
        UnknownNameError: there is no such property.
        CredentialError: there are no credentials.
    """

    def __init__(self, properties: Mapping[str, str]) -> None:
        checked(properties, PROPERTIES)
        self._endpoint = properties.get("endpoint") or os.environ.get("STORAGE_EMULATOR_HOST")
        self._all_versions = all_versions(properties)
        self._payer = properties.get("requester_pays")
        self._anonymous = is_true(properties.get("anonymous", "")) or (
            "endpoint" not in properties and "STORAGE_EMULATOR_HOST" in os.environ
        )
        self._project = properties.get("project") or os.environ.get("GOOGLE_CLOUD_PROJECT")
        self._lock = threading.Lock()
        self._native: tuple[str | None, fs.GcsFileSystem] | None = None
        self._credentials, self._client = self._connect(properties.get("credentials"))

    def list(self, prefix: str) -> Iterator[FileObject]:
        """List the object of this name, or else all below it; see `Storage`."""
        bucket, key = split_uri(prefix)
        if key and not key.endswith("/"):
            if self.exists(prefix):
                yield self.stat(prefix)
                return
            key += "/"
        with gcs_errors(prefix):
            for blob in self._client.list_blobs(
                self._bucket(bucket),
                prefix=key,
                versions="true" if self._all_versions else None,  # as JSON has it
                fields=_FIELDS,
                timeout=_TIMEOUT,
                retry=_retry(),
            ):
                if not blob.name.endswith("/"):
                    uri = f"gs://{bucket}/{blob.name}"
                    old = blob.time_deleted is not None
                    yield _object(with_version(uri, str(blob.generation)) if old else uri, blob)

    def address(self, uri: str) -> str | None:  # noqa: ARG002 - one for all buckets
        """The endpoint."""
        return (self._endpoint or "https://storage.googleapis.com").rstrip("/")

    def identity(self) -> str:
        """The account, as far as the credentials name it."""
        if self._anonymous:
            return "nobody (anonymous)"
        account = getattr(self._credentials, "service_account_email", None)
        return f"{account or 'a user'} ({type(self._credentials).__module__})"

    def buckets(self, uri: str) -> Iterator[str]:
        """The project's buckets, as URIs."""
        with gcs_errors(uri):
            for bucket in self._client.list_buckets(timeout=_TIMEOUT, retry=_retry()):
                yield f"gs://{bucket.name}"

    def stat(self, uri: str) -> FileObject:
        """Describe one object."""
        blob = self._blob(uri)
        with gcs_errors(uri):
            blob.reload(timeout=_TIMEOUT, retry=_retry())
        return _object(uri, blob)

    def open(self, uri: str) -> pa.NativeFile:
        """Open an object for random access."""
        if self._payer or split_version(uri)[1]:
            return self._ranged(uri)
        self.stat(uri)  # pyarrow's client waits for minutes where nobody answers: the SDK tells
        bucket, key = split_uri(uri)
        with arrow_errors(uri):
            return self._filesystem(uri).open_input_file(f"{bucket}/{key}")

    def read_bytes(self, uri: str) -> bytes:
        """Read a whole (small) object."""
        blob = self._blob(uri)
        with gcs_errors(uri):
            data: bytes = blob.download_as_bytes(timeout=_TIMEOUT, retry=_retry())
        return data

    def write_bytes(
        self, uri: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        """Write an object, on a generation where asked; see `Storage`."""
        match = 0 if if_absent else int(if_match) if if_match is not None else None
        again: list[Exception] = []
        blob = self._blob(uri)
        try:
            with gcs_errors(uri):
                blob.upload_from_string(
                    data, if_generation_match=match, timeout=_TIMEOUT, retry=_retry(again.append)
                )
        except ChangedSourceError:
            # A write whose answer was lost is sent again and then meets its own object.
            if again and self.exists(uri) and self.read_bytes(uri) == data:
                return self.stat(uri).version
            raise
        return str(blob.generation)

    @contextmanager
    def writing(self, uri: str) -> Iterator[pa.NativeFile]:
        """Upload in parts, which become an object at the end; see `Storage`."""
        self.exists(uri)  # as in `open`
        bucket, key = split_uri(uri)
        with arrow_errors(uri):
            stream = self._filesystem(uri).open_output_stream(f"{bucket}/{key}")
        with stream:
            yield stream
            with arrow_errors(uri):
                stream.close()

    def move(self, source: str, uri: str) -> None:
        """Rewrite within the store, then delete."""
        old, new = self._blob(source), self._blob(uri)
        with gcs_errors(source):
            token, _, _ = new.rewrite(old, timeout=_TIMEOUT, retry=_retry())
            while token is not None:
                token, _, _ = new.rewrite(old, token=token, timeout=_TIMEOUT, retry=_retry())
        self.delete(source)

    def delete(self, uri: str) -> None:
        """Remove an object; one that is not there is fine."""
        blob = self._blob(uri)
        try:
            with gcs_errors(uri):
                blob.delete(timeout=_TIMEOUT, retry=_retry())
        except NotFoundError:
            return

    def exists(self, uri: str) -> bool:
        """Whether there is an object of exactly this name."""
        if not split_uri(uri)[1] or uri.endswith("/"):
            return False
        try:
            self.stat(uri)
        except NotFoundError:
            return False
        return True

    def posture(self, uri: str) -> Posture:
        """How the bucket is protected, as far as we may see it."""
        name = split_uri(uri)[0]
        bucket = self._bucket(name)
        with gcs_errors(uri):
            bucket.reload(timeout=_TIMEOUT, retry=_retry())
        key = bucket.default_kms_key_name
        return Posture(
            f"gs://{name}",
            "no"
            if bucket.iam_configuration.public_access_prevention == "enforced"
            else self._public(bucket, uri),
            f"customer-managed key {key}" if key else "Google-managed keys",
            "on" if bucket.versioning_enabled else "off",
        )

    def _public(self, bucket: Bucket, uri: str) -> str:
        """Whether everyone has a role on the bucket."""
        try:
            with gcs_errors(uri):
                policy = bucket.get_iam_policy(
                    requested_policy_version=3, timeout=_TIMEOUT, retry=_retry()
                )
        except (CredentialError, NotFoundError):
            return "unknown"
        members = {member for binding in policy.bindings for member in binding["members"]}
        return "yes" if members & {"allUsers", "allAuthenticatedUsers"} else "no"

    def _connect(self, reference: str | None) -> tuple[Credentials, Client]:
        try:
            import google.auth
            from google.auth.credentials import AnonymousCredentials
            from google.cloud.storage import Client
            from google.oauth2.service_account import Credentials as KeyFile
        except ModuleNotFoundError as error:
            raise MissingDependencyError("google-cloud-storage", "gcs") from error
        project = self._project
        if self._anonymous:
            credentials: Credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]
        elif reference is not None:
            try:
                info = json.loads(resolve_secret(reference))
                read = KeyFile.from_service_account_info
                credentials = read(info, scopes=[_SCOPE])  # type: ignore[no-untyped-call]
            except ValueError as error:
                raise CredentialError(f"{reference}: is no service account key") from error
            project = project or str(info.get("project_id", ""))
        else:
            with gcs_errors("gs://"):
                credentials, found = google.auth.default(scopes=[_SCOPE])
            project = project or found
        options = {"api_endpoint": self._endpoint} if self._endpoint else None
        # Without a project the SDK looks for one, which can take seconds: only listing needs it.
        client = Client(project or "none", credentials, client_options=options)
        return credentials, client

    def _bucket(self, name: str) -> Bucket:
        return self._client.bucket(name, user_project=self._payer)

    def _blob(self, uri: str) -> Blob:
        plain, version = split_version(uri)
        bucket, key = split_uri(plain)
        if not key:
            raise NotFoundError(f"{uri}: is a bucket, not an object", uri=uri)
        return self._bucket(bucket).blob(key, generation=int(version) if version else None)

    def _ranged(self, uri: str) -> pa.NativeFile:
        """An object read through the SDK, at its present generation."""
        found = self.stat(uri)
        bucket, key = split_uri(split_version(uri)[0])
        blob = self._bucket(bucket).blob(key, generation=int(found.version))

        def fetch(start: int, stop: int) -> bytes:
            try:
                with gcs_errors(uri):
                    data: bytes = blob.download_as_bytes(
                        start=start, end=stop - 1, timeout=_TIMEOUT, retry=_retry()
                    )
            except NotFoundError as error:
                raise ChangedSourceError(f"{uri}: changed since it was opened", uri=uri) from error
            return data

        return range_file(found.size, fetch)

    def _filesystem(self, uri: str) -> fs.GcsFileSystem:
        """Pyarrow's client with the same identity; made anew when the token turns."""
        with self._lock:
            token, expires = (None, None) if self._anonymous else self._token(uri)
            if self._native is None or self._native[0] != token:
                scheme, _, host = (self._endpoint or "https://").rstrip("/").rpartition("://")
                self._native = (
                    token,
                    fs.GcsFileSystem(
                        anonymous=self._anonymous,
                        access_token=token,
                        credential_token_expiration=expires,
                        scheme=scheme or "https",
                        endpoint_override=host or None,
                        retry_time_limit=dt.timedelta(seconds=TRY_SECONDS),
                    ),
                )
            return self._native[1]

    def _token(self, uri: str) -> tuple[str, dt.datetime]:
        from google.auth.transport.requests import Request

        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        expiry = self._credentials.expiry
        if not self._credentials.token or (expiry is not None and expiry < now + _SPARE):
            with gcs_errors(uri):
                self._credentials.refresh(Request())  # type: ignore[no-untyped-call]
        ends = self._credentials.expiry or now + dt.timedelta(hours=1)
        return str(self._credentials.token), ends.replace(tzinfo=dt.UTC)


def _object(uri: str, blob: Blob) -> FileObject:
    updated = blob.updated.timestamp() if blob.updated else 0.0
    return FileObject(uri, int(blob.size or 0), str(blob.generation), updated)


def _retry(told: Callable[[Exception], object] | None = None) -> Retry:
    """Tries of one request; ``told`` hears of each that failed.

    Conditions on generations make every request of ours safe to repeat.
    """
    import requests
    from google.api_core import exceptions
    from google.api_core.retry import Retry, if_exception_type
    from google.auth.exceptions import TransportError

    passing = if_exception_type(
        ConnectionError,
        requests.ConnectionError,
        requests.Timeout,
        TransportError,
        exceptions.TooManyRequests,
        exceptions.InternalServerError,
        exceptions.BadGateway,
        exceptions.ServiceUnavailable,
        exceptions.GatewayTimeout,
    )
    return Retry(passing, initial=0.5, maximum=10, timeout=TRY_SECONDS, on_error=told)
