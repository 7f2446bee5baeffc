"""Amazon S3 and stores that speak its API.

boto3 lists and describes objects and writes small ones; the bytes of data files come through
pyarrow's own S3 client, which reads ranges in parallel without the interpreter.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import fs

from lakescan.connectors.paths import split_version, with_version
from lakescan.connectors.secrets import resolve_secret
from lakescan.connectors.storage.arrow_errors import arrow_errors
from lakescan.connectors.storage.posture import Posture
from lakescan.connectors.storage.properties import all_versions, checked, is_true, split_uri
from lakescan.connectors.storage.protocol import FileObject
from lakescan.connectors.storage.ranges import range_file
from lakescan.connectors.storage.s3_errors import sdk_errors
from lakescan.connectors.storage.timeouts import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS
from lakescan.errors import (
    CredentialError,
    MissingDependencyError,
    NotFoundError,
)

if TYPE_CHECKING:
    from botocore.client import BaseClient as S3Client
    from botocore.credentials import Credentials, ReadOnlyCredentials

#: What `Selection.storage` may say. Keys and tokens come from the environment or a profile only.
PROPERTIES = frozenset(
    {"endpoint", "region", "profile", "anonymous", "credentials", "requester_pays", "versions"}
)
_DEFAULT_REGION = "us-east-1"


class S3Storage:
    """Objects in buckets. The version of an object is its ETag.

    Args:
        properties: ``endpoint`` (a URL; buckets are then addressed by path), ``region``,
            ``profile``, ``anonymous`` (``true``), ``credentials`` (a ``secret://`` reference to
            JSON as the AWS "credential process" gives it), ``requester_pays`` (``true``),
            ``versions`` (``all``: old versions are listed, too, as ``key?version=ID``). What is
            missing comes from the AWS_* environment (AWS_ENDPOINT_URL too) and the AWS
            configuration files.

    Raises:
        MissingDependencyError: boto3 is not installed.
        UnknownNameError: there is no such property.
        CredentialError: there is no such profile.
    """

    def __init__(self, properties: Mapping[str, str]) -> None:
        checked(properties, PROPERTIES)
        self._anonymous = is_true(properties.get("anonymous", ""))
        payer = is_true(properties.get("requester_pays", ""))
        self._payer = {"RequestPayer": "requester"} if payer else {}
        self._all_versions = all_versions(properties)
        self._region = properties.get("region")
        self._endpoint = (
            properties.get("endpoint")
            or os.environ.get("AWS_ENDPOINT_URL_S3")
            or os.environ.get("AWS_ENDPOINT_URL")
        )
        self._lock = threading.Lock()
        self._filesystems: dict[tuple[str, ReadOnlyCredentials | None], fs.S3FileSystem] = {}
        self._regions: dict[str, str] = {}
        self._client, self._credentials = self._connect(
            properties.get("profile"), properties.get("credentials")
        )

    def list(self, prefix: str) -> Iterator[FileObject]:
        """List the object of this name, or else all below it; see `Storage`."""
        bucket, key = split_uri(prefix)
        if key and not key.endswith("/"):
            if self.exists(prefix):
                yield self.stat(prefix)
                return
            key += "/"
        if self._all_versions:
            yield from self._versions(prefix, bucket, key)
            return
        paginator = self._client.get_paginator("list_objects_v2")
        pages = paginator.paginate(Bucket=bucket, Prefix=key, **self._payer)
        with sdk_errors(prefix):
            for page in pages:
                for item in page.get("Contents", ()):
                    if not item["Key"].endswith("/"):
                        yield FileObject(
                            f"s3://{bucket}/{item['Key']}",
                            item["Size"],
                            item["ETag"].strip('"'),
                            item["LastModified"].timestamp(),
                        )

    def _versions(self, prefix: str, bucket: str, key: str) -> Iterator[FileObject]:
        """Every version of every object; the present one has the object's own name."""
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=bucket, Prefix=key, **self._payer
        )
        with sdk_errors(prefix):
            for page in pages:
                for item in page.get("Versions", ()):
                    uri = f"s3://{bucket}/{item['Key']}"
                    if not uri.endswith("/"):
                        yield FileObject(
                            uri if item["IsLatest"] else with_version(uri, item["VersionId"]),
                            item["Size"],
                            item["ETag"].strip('"'),
                            item["LastModified"].timestamp(),
                        )

    def address(self, uri: str) -> str | None:  # noqa: ARG002 - one for all buckets
        """The endpoint."""
        return str(self._client.meta.endpoint_url)

    def identity(self) -> str:
        """Where the keys come from, and the key's id, which is no secret."""
        if self._anonymous:
            return "nobody (anonymous)"
        if self._credentials is None:
            raise CredentialError(
                "no S3 credentials found",
                hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile",
            )
        key = self._credentials.get_frozen_credentials().access_key
        return f"key {key} from {self._credentials.method}"

    def buckets(self, uri: str) -> Iterator[str]:
        """The account's buckets, as URIs."""
        with sdk_errors(uri):
            for bucket in self._client.list_buckets()["Buckets"]:
                yield f"s3://{bucket['Name']}"

    def posture(self, uri: str) -> Posture:
        """How the bucket is protected, as far as we may see it."""
        from lakescan.connectors.storage.s3_posture import posture_of

        return posture_of(self._client, split_uri(uri)[0])

    def stat(self, uri: str) -> FileObject:
        """Describe one object."""
        if not split_uri(uri)[1]:
            raise NotFoundError(f"{uri}: is a bucket, not an object", uri=uri)
        with sdk_errors(uri):
            head = self._client.head_object(**_place(uri), **self._payer)
        return FileObject(
            uri, head["ContentLength"], head["ETag"].strip('"'), head["LastModified"].timestamp()
        )

    def open(self, uri: str) -> pa.NativeFile:
        """Open an object for random access."""
        if self._payer or split_version(uri)[1]:
            return self._ranged(uri)
        bucket, key = split_uri(uri)
        with arrow_errors(uri):
            return self._filesystem(bucket).open_input_file(f"{bucket}/{key}")

    def read_bytes(self, uri: str) -> bytes:
        """Read a whole (small) object."""
        with sdk_errors(uri):
            answer = self._client.get_object(**_place(uri), **self._payer)
            data: bytes = answer["Body"].read()
        return data

    def write_bytes(
        self, uri: str, data: bytes, *, if_absent: bool = False, if_match: str | None = None
    ) -> str:
        """Put an object, conditionally where asked (If-None-Match, If-Match); see `Storage`."""
        bucket, key = split_uri(uri)
        condition = {}
        if if_absent:
            condition = {"IfNoneMatch": "*"}
        elif if_match is not None:
            condition = {"IfMatch": f'"{if_match}"'}
        options = {**condition, **self._payer}
        from botocore.exceptions import ClientError

        with sdk_errors(uri):
            try:
                answer = self._client.put_object(Bucket=bucket, Key=key, Body=data, **options)
            except ClientError as error:
                # A put whose answer was lost is sent again and then meets its own object.
                again = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
                if condition and again and self._holds(uri, data):
                    return self.stat(uri).version
                raise
        return str(answer["ETag"]).strip('"')

    @contextmanager
    def writing(self, uri: str) -> Iterator[pa.NativeFile]:
        """Upload in parts, which become an object at the end; see `Storage`."""
        bucket, key = split_uri(uri)
        with arrow_errors(uri):
            stream = self._filesystem(bucket).open_output_stream(f"{bucket}/{key}")
        with stream:
            yield stream
            with arrow_errors(uri):
                stream.close()

    def move(self, source: str, uri: str) -> None:
        """Copy within the store (in parts above 5 GB), then delete."""
        bucket, key = split_uri(uri)
        of, name = split_uri(source)
        with sdk_errors(source):
            self._client.copy({"Bucket": of, "Key": name}, bucket, key, ExtraArgs=self._payer)
        self.delete(source)

    def delete(self, uri: str) -> None:
        """Remove an object; one that is not there is fine."""
        bucket, key = split_uri(uri)
        with sdk_errors(uri):
            self._client.delete_object(Bucket=bucket, Key=key, **self._payer)

    def exists(self, uri: str) -> bool:
        """Whether there is an object of exactly this name."""
        if not split_uri(uri)[1] or uri.endswith("/"):
            return False
        try:
            self.stat(uri)
        except NotFoundError:
            return False
        return True

    def _holds(self, uri: str, data: bytes) -> bool:
        """Whether an object is there with these very bytes."""
        return self.exists(uri) and self.read_bytes(uri) == data

    def _ranged(self, uri: str) -> pa.NativeFile:
        """An object read through the SDK, at its present version: pyarrow's client cannot pay."""
        found = self.stat(uri)

        def fetch(start: int, stop: int) -> bytes:
            with sdk_errors(uri):
                answer = self._client.get_object(
                    **_place(uri),
                    Range=f"bytes={start}-{stop - 1}",
                    IfMatch=f'"{found.version}"',
                    **self._payer,
                )
                data: bytes = answer["Body"].read()
            return data

        return range_file(found.size, fetch)

    def _connect(
        self, profile: str | None, reference: str | None
    ) -> tuple[S3Client, Credentials | None]:
        """The SDK's client and where its credentials come from."""
        try:
            import boto3
            import botocore.session
            from botocore import UNSIGNED
            from botocore.config import Config
            from botocore.exceptions import ProfileNotFound
        except ModuleNotFoundError as error:
            raise MissingDependencyError("boto3", "s3") from error
        try:
            core = botocore.session.Session()
            # Of a listing the SDK spends a half on dates, whose form it guesses anew each time.
            core.get_component("response_parser_factory").set_parser_defaults(
                timestamp_parser=_moment
            )
            session = boto3.Session(
                botocore_session=core,
                profile_name=profile,
                region_name=self._region,
                **(_keys(reference) if reference is not None else {}),
            )
            credentials = None if self._anonymous else session.get_credentials()
        except ProfileNotFound as error:
            raise CredentialError(
                str(error), hint="see the profiles in the AWS configuration file"
            ) from error
        self._region = session.region_name
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            s3={"addressing_style": "path" if self._endpoint else "auto"},
            signature_version=UNSIGNED if self._anonymous else None,
            max_pool_connections=32,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        client = session.client(
            "s3",
            endpoint_url=self._endpoint,
            region_name=self._region or _DEFAULT_REGION,
            config=config,
        )
        return client, credentials

    def _filesystem(self, bucket: str) -> fs.S3FileSystem:
        """Pyarrow's client with the same identity; made anew when temporary credentials turn."""
        frozen = self._credentials.get_frozen_credentials() if self._credentials else None
        region = self._region_of(bucket)
        with self._lock:
            if (region, frozen) not in self._filesystems:
                self._filesystems[region, frozen] = self._make_filesystem(region, frozen)
            return self._filesystems[region, frozen]

    def _make_filesystem(self, region: str, frozen: ReadOnlyCredentials | None) -> fs.S3FileSystem:
        scheme, _, host = (self._endpoint or "https://").rstrip("/").rpartition("://")
        return fs.S3FileSystem(
            access_key=frozen.access_key if frozen else None,
            secret_key=frozen.secret_key if frozen else None,
            session_token=frozen.token if frozen else None,
            anonymous=frozen is None,
            region=region,
            scheme=scheme or "https",
            endpoint_override=host or None,
            connect_timeout=CONNECT_SECONDS,
            request_timeout=READ_SECONDS,
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=ATTEMPTS),
        )

    def _region_of(self, bucket: str) -> str:
        """The configured region; at Amazon itself the bucket's own, which HeadBucket tells."""
        if self._endpoint:
            return self._region or _DEFAULT_REGION
        if bucket not in self._regions:
            with sdk_errors(f"s3://{bucket}"):
                answer = self._client.head_bucket(Bucket=bucket)
            headers = answer["ResponseMetadata"]["HTTPHeaders"]
            self._regions[bucket] = str(
                headers.get("x-amz-bucket-region") or self._region or _DEFAULT_REGION
            )
        return self._regions[bucket]


def _place(uri: str) -> dict[str, str]:
    """Where an object is, in the API's words; an old version with its id."""
    plain, version = split_version(uri)
    bucket, key = split_uri(plain)
    place = {"Bucket": bucket, "Key": key}
    return place | {"VersionId": version} if version else place


def _moment(written: str | float) -> datetime:
    """A time of an answer: ISO 8601 in listings, other forms elsewhere."""
    from botocore.utils import parse_timestamp

    if isinstance(written, str) and written[10:11] == "T":
        with suppress(ValueError):
            return datetime.fromisoformat(written)
    moment: datetime = parse_timestamp(written)
    return moment


def _keys(reference: str) -> dict[str, str]:
    """The session's arguments from a secret: JSON as a credential process of the AWS CLI has it."""
    try:
        value = json.loads(resolve_secret(reference))
        keys = {
            "aws_access_key_id": value["AccessKeyId"],
            "aws_secret_access_key": value["SecretAccessKey"],
            "aws_session_token": value.get("SessionToken"),
        }
    except (ValueError, KeyError, TypeError) as error:
        raise CredentialError(
            f"{reference}: not JSON with AccessKeyId and SecretAccessKey"
        ) from error
    return {name: str(key) for name, key in keys.items() if key is not None}
