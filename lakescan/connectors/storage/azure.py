"""Azure Blob Storage and Data Lake Storage: ``az://container/blob``, ``abfss://container@account...``.

azure-storage-blob lists, describes and writes small blobs; the bytes of data files come through
pyarrow's own client, which reads ranges in parallel without the interpreter, as the same identity.
Anonymous reads go through the SDK: pyarrow's client always looks for credentials.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import fs

from lakescan.connectors.storage.arrow_errors import arrow_errors
from lakescan.connectors.storage.azure_blocks import Blocks
from lakescan.connectors.storage.azure_errors import azure_errors
from lakescan.connectors.storage.azure_identity import AzureIdentity
from lakescan.connectors.storage.posture import Posture
from lakescan.connectors.storage.properties import checked, split_uri
from lakescan.connectors.storage.protocol import FileObject
from lakescan.connectors.storage.ranges import range_file
from lakescan.connectors.storage.timeouts import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS
from lakescan.errors import (
    ChangedSourceError,
    MissingDependencyError,
    NotFoundError,
    TransientError,
)

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.storage.blob import BlobClient, BlobProperties, BlobServiceClient

PROPERTIES = frozenset({"endpoint", "account", "anonymous", "credentials"})
#: How often a copy within the account is looked after, and for how long.
_COPY_STEP_SECONDS, _COPY_SECONDS = 0.2, 600


class AzureStorage:
    """Blobs in containers. The version of a blob is its ETag.

    Args:
        properties: ``account``, ``endpoint`` (the blob service's URL), ``anonymous`` (``true``),
            ``credentials`` (a ``secret://`` reference to a connection string). What is missing
            comes from AZURE_STORAGE_CONNECTION_STRING, _ACCOUNT, _KEY, _SAS_TOKEN, or else the
            login that azure-identity finds (environment, workload or managed identity, Azure CLI).

    Raises:
        MissingDependencyError: azure-storage-blob is not installed.
        UnknownNameError: there is no such property.
        UsageError: no account is named.
    """

    def __init__(self, properties: Mapping[str, str]) -> None:
        checked(properties, PROPERTIES)
        self._identity = AzureIdentity.of(properties)
        self._client = _connect(self._identity)
        self._lock = threading.Lock()
        self._native: fs.AzureFileSystem | None = None

    def list(self, prefix: str) -> Iterator[FileObject]:
        """List the blob of this name, or else all below it; see `Storage`."""
        container, key = _split(prefix)
        if key and not key.endswith("/"):
            if self.exists(prefix):
                yield self.stat(prefix)
                return
            key += "/"
        root = "/".join(prefix.split("/")[:3])
        with azure_errors(prefix):
            client = self._client.get_container_client(container)
            for blob in client.list_blobs(name_starts_with=key, include=["metadata"]):
                if not blob.name.endswith("/") and not _is_folder(blob):
                    yield _object(f"{root}/{blob.name}", blob)

    def address(self, uri: str) -> str | None:  # noqa: ARG002 - one for all containers
        """The blob service."""
        return self._identity.url

    def identity(self) -> str:
        """The kind of credentials."""
        identity = self._identity
        if identity.anonymous:
            return "nobody (anonymous)"
        kind = "account key" if identity.key else "shared access signature" if identity.sas else ""
        return f"{kind or 'the login that azure-identity finds'} at account {identity.account}"

    def buckets(self, uri: str) -> Iterator[str]:
        """The account's containers, as URIs."""
        scheme, _, host = uri.partition("://")
        account = host.strip("/").partition("@")[2]
        with azure_errors(uri):
            for container in self._client.list_containers():
                yield f"{scheme}://{container.name}{f'@{account}' if account else ''}"

    def posture(self, uri: str) -> Posture:
        """How the container is protected, as far as we may see it. Azure always encrypts."""
        container, _ = _split(uri)
        with azure_errors(uri):
            found = self._client.get_container_client(container).get_container_properties()
        scope = found.encryption_scope
        return Posture(
            "/".join(uri.split("/")[:3]),
            "yes" if found.public_access else "no",
            f"encryption scope {scope.default_encryption_scope}" if scope else "on",
        )

    def stat(self, uri: str) -> FileObject:
        """Describe one blob."""
        blob = self._blob(uri)
        with azure_errors(uri):
            found = blob.get_blob_properties()
        if _is_folder(found):
            raise NotFoundError(f"{uri}: is a directory, not a blob", uri=uri)
        return _object(uri, found)

    def open(self, uri: str) -> pa.NativeFile:
        """Open a blob for random access."""
        if self._identity.anonymous:
            return self._ranged(uri)
        self.stat(uri)  # pyarrow's client waits on and on where nobody answers: the SDK tells
        with arrow_errors(uri):
            return self._filesystem().open_input_file("/".join(_split(uri)))

    def read_bytes(self, uri: str) -> bytes:
        """Read a whole (small) blob."""
        blob = self._blob(uri)
        with azure_errors(uri):
            data: bytes = blob.download_blob().readall()
        return data

    def write_bytes(
        self, uri: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        """Write a blob, conditionally where asked (If-None-Match, If-Match); see `Storage`."""
        from azure.core import MatchConditions

        blob = self._blob(uri)
        again: list[object] = []
        try:
            with azure_errors(uri):
                if if_match is None:
                    answer = blob.upload_blob(
                        data, overwrite=not if_absent, retry_hook=lambda **told: again.append(told)
                    )
                else:
                    answer = blob.upload_blob(
                        data,
                        overwrite=True,
                        etag=f'"{if_match}"',
                        match_condition=MatchConditions.IfNotModified,
                        retry_hook=lambda **told: again.append(told),
                    )
        except ChangedSourceError:
            # A write whose answer was lost is sent again and then meets its own blob.
            if again and self.exists(uri) and self.read_bytes(uri) == data:
                return self.stat(uri).version
            raise
        return str(answer["etag"]).strip('"')

    @contextmanager
    def writing(self, uri: str) -> Iterator[pa.NativeFile]:
        """Stage blocks, and commit them at the end; see `Storage`.

        Through the SDK: pyarrow's client makes an empty blob first, which others would see.
        """
        blocks = Blocks(self._blob(uri), uri)
        with pa.PythonFile(blocks, "w") as stream:
            yield stream
        blocks.commit()

    def move(self, source: str, uri: str) -> None:
        """Copy within the account, then delete."""
        old, new = self._blob(source), self._blob(uri)
        with azure_errors(source):
            status = str(new.start_copy_from_url(old.url)["copy_status"])
            ends = time.monotonic() + _COPY_SECONDS
            while status == "pending" and time.monotonic() < ends:
                time.sleep(_COPY_STEP_SECONDS)
                status = str(new.get_blob_properties().copy.status)
        if status != "success":
            raise TransientError(f"{uri}: the copy within the account is {status}", uri=uri)
        self.delete(source)

    def delete(self, uri: str) -> None:
        """Remove a blob; one that is not there is fine."""
        blob = self._blob(uri)
        try:
            with azure_errors(uri):
                blob.delete_blob(delete_snapshots="include")
        except NotFoundError:
            return

    def exists(self, uri: str) -> bool:
        """Whether there is a blob of exactly this name."""
        if not _split(uri)[1] or uri.endswith("/"):
            return False
        try:
            self.stat(uri)
        except NotFoundError:
            return False
        return True

    def _blob(self, uri: str) -> BlobClient:
        container, key = _split(uri)
        if not key:
            raise NotFoundError(f"{uri}: is a container, not a blob", uri=uri)
        return self._client.get_blob_client(container, key)

    def _ranged(self, uri: str) -> pa.NativeFile:
        """A blob read through the SDK, at its present version."""
        from azure.core import MatchConditions

        blob = self._blob(uri)
        found = self.stat(uri)

        def fetch(start: int, stop: int) -> bytes:
            with azure_errors(uri):
                data: bytes = blob.download_blob(
                    start,
                    stop - start,
                    etag=f'"{found.version}"',
                    match_condition=MatchConditions.IfNotModified,
                ).readall()
            return data

        return range_file(found.size, fetch)

    def _filesystem(self) -> fs.AzureFileSystem:
        """Pyarrow's client with the same identity."""
        with self._lock:
            if self._native is None:
                identity = self._identity
                blob = identity.authority
                self._native = fs.AzureFileSystem(
                    identity.account,
                    account_key=identity.key,
                    # It is put behind the URL as it stands.
                    sas_token=f"?{identity.sas}" if identity.sas else None,
                    blob_storage_authority=blob,
                    blob_storage_scheme=identity.scheme,
                    dfs_storage_authority=blob.replace(".blob.", ".dfs.", 1),
                    dfs_storage_scheme=identity.scheme,
                )
            return self._native


def _connect(identity: AzureIdentity) -> BlobServiceClient:
    try:
        from azure.storage.blob import BlobServiceClient
    except ModuleNotFoundError as error:
        raise MissingDependencyError("azure-storage-blob", "azure") from error
    credential: str | TokenCredential | None = identity.key or identity.sas
    if credential is None and not identity.anonymous:
        try:
            from azure.identity import DefaultAzureCredential
        except ModuleNotFoundError as error:
            raise MissingDependencyError("azure-identity", "azure") from error
        credential = DefaultAzureCredential()
    client: BlobServiceClient = BlobServiceClient(
        identity.url,
        credential=credential,
        connection_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retry_total=ATTEMPTS - 1,
        retry_connect=ATTEMPTS - 1,
        initial_backoff=1,
        increment_base=2,
    )
    return client


def _split(uri: str) -> tuple[str, str]:
    """Container and blob of a URI; the account behind ``@`` is the client's."""
    bucket, key = split_uri(uri)
    return bucket.partition("@")[0], key


def _is_folder(blob: BlobProperties) -> bool:
    """Whether a blob only stands for a directory of a hierarchical account."""
    return str((blob.metadata or {}).get("hdi_isfolder", "")).lower() == "true"


def _object(uri: str, blob: BlobProperties) -> FileObject:
    return FileObject(
        uri, int(blob.size), str(blob.etag).strip('"'), blob.last_modified.timestamp()
    )
