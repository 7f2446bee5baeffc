"""The S3 backend against a real server."""

from __future__ import annotations

import json
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from ports import free_port

from lakescan.connectors import ReadRequest, Selection, discover, read, storage_for
from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    NotFoundError,
    TransientError,
    UnknownNameError,
    UsageError,
)

if TYPE_CHECKING:
    from seaweedfs import S3Server


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    for name, value in s3_server.env().items():
        monkeypatch.setenv(name, value)
    return s3_server


def test_a_prefix_ends_at_a_slash(s3: S3Server) -> None:
    storage = storage_for("s3://lake/")
    for key in ("pre/a", "pre/b/c", "prefix/d"):
        storage.write_bytes(f"s3://lake/{key}", b"x")
    assert [f.uri for f in storage.list("s3://lake/pre")] == [
        "s3://lake/pre/a",
        "s3://lake/pre/b/c",
    ]


@pytest.mark.parametrize(
    "identity", [("AKIALAKESCANADMIN001", "wrong-secret"), ("AKIANOBODYKNOWSTHIS1", "x" * 20)]
)
def test_wrong_credentials_are_named_as_such(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch, identity: tuple[str, str]
) -> None:
    storage_for("s3://lake").write_bytes("s3://lake/secret/a.csv", b"a\n1\n")
    for name, value in s3.env(identity).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CredentialError) as refusal:
        list(storage_for("s3://lake").list("s3://lake/secret/"))
    assert identity[1] not in str(refusal.value)
    with pytest.raises(CredentialError):
        storage_for("s3://lake").open("s3://lake/secret/a.csv")


def test_a_reader_may_read_and_not_write(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    storage_for("s3://lake").write_bytes("s3://lake/ro/a.csv", b"a\n1\n")
    for name, value in s3.env(s3.reader).items():
        monkeypatch.setenv(name, value)
    storage = storage_for("s3://lake")
    assert storage.read_bytes("s3://lake/ro/a.csv") == b"a\n1\n"
    with pytest.raises(CredentialError):
        storage.write_bytes("s3://lake/ro/b.csv", b"")


def test_no_credentials_at_all(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(CredentialError, match="no S3 credentials"):
        list(storage_for("s3://lake").list("s3://lake/"))
    with pytest.raises(CredentialError):
        list(storage_for("s3://lake", {"anonymous": "true"}).list("s3://lake/"))


def test_a_missing_bucket_and_object(s3: S3Server) -> None:
    storage = storage_for("s3://lake")
    with pytest.raises(NotFoundError, match="no such bucket"):
        list(storage.list("s3://no-such-bucket/x"))
    with pytest.raises(NotFoundError, match="no such object"):
        storage.stat("s3://lake/nothing-here")
    with pytest.raises(NotFoundError):
        storage.open("s3://lake/nothing-here")


def test_properties_override_the_environment(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    properties = {"endpoint": s3.endpoint, "region": "us-east-1"}
    storage = storage_for("s3://lake", properties)
    storage.write_bytes("s3://lake/props/a", b"x")
    assert storage.open("s3://lake/props/a").read() == b"x"
    with pytest.raises(UnknownNameError, match="did you mean 'endpoint'"):
        storage_for("s3://lake", {"end_point": s3.endpoint})
    with pytest.raises(CredentialError, match="profile"):
        storage_for("s3://lake", {"profile": "nobody"})


def test_a_profile_brings_its_keys(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("aws") / "credentials"
    file.write_text(
        f"[work]\naws_access_key_id={s3.admin[0]}\naws_secret_access_key={s3.admin[1]}\n"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    storage = storage_for("s3://lake", {"profile": "work"})
    storage.write_bytes("s3://lake/profile/a", b"x")
    assert storage.open("s3://lake/profile/a").read() == b"x"


def test_a_closed_port_is_transient(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakescan.connectors.storage.s3.ATTEMPTS", 2)
    storage = storage_for("s3://lake", {"endpoint": f"http://127.0.0.1:{free_port()}"})
    with pytest.raises(TransientError, match="does not answer"):
        list(storage.list("s3://lake/"))


def test_busy_answers_are_retried(s3: S3Server) -> None:
    """A proxy that answers 503 once, then hands on nothing but an empty listing."""
    body = b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
    answers = [
        b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
        + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body,
    ]
    served: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)
                    served.append(1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        endpoint = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert list(storage_for("s3://x", {"endpoint": endpoint}).list("s3://x/")) == []
        thread.join(10)
    assert len(served) == 2


def test_a_bucket_that_is_public_encrypted_and_versioned() -> None:
    """What Amazon answers, by its API reference, to the five questions."""
    from botocore.stub import Stubber

    from lakescan.connectors.storage.s3_posture import posture_of

    boto3 = pytest.importorskip("boto3")
    client = boto3.client(
        "s3", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "key"}
    }
    with Stubber(client) as stub:
        bucket = {"Bucket": "b"}
        stub.add_response("get_bucket_versioning", {"Status": "Enabled"}, bucket)
        stub.add_client_error("get_public_access_block", "NoSuchPublicAccessBlockConfiguration")
        stub.add_response("get_bucket_policy_status", {"PolicyStatus": {"IsPublic": True}}, bucket)
        stub.add_response("get_bucket_acl", {"Grants": []}, bucket)
        stub.add_response(
            "get_bucket_encryption",
            {"ServerSideEncryptionConfiguration": {"Rules": [rule]}},
            bucket,
        )
        found = posture_of(client, "b")
    assert (found.public, found.encryption, found.versioning) == ("yes", "aws:kms with key", "on")
    with Stubber(client) as stub:
        stub.add_client_error("get_bucket_versioning", "AccessDenied", http_status_code=403)
        stub.add_client_error("get_public_access_block", "AccessDenied", http_status_code=403)
        stub.add_client_error("get_bucket_policy_status", "NoSuchBucketPolicy")
        stub.add_client_error("get_bucket_acl", "AccessDenied", http_status_code=403)
        stub.add_client_error("get_bucket_encryption", "AccessDenied", http_status_code=403)
        found = posture_of(client, "b")
    assert (found.public, found.encryption, found.versioning) == ("unknown", "unknown", "unknown")


def test_keys_by_reference_and_what_the_requester_pays(
    s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys from a secret; with ``requester_pays`` the SDK reads, range by range, one version."""
    secret = {"AccessKeyId": s3.admin[0], "SecretAccessKey": s3.admin[1]}
    monkeypatch.setenv("LAKE_KEYS", json.dumps(secret))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    given = {"credentials": "secret://env/LAKE_KEYS", "requester_pays": "true"}
    storage = storage_for("s3://lake", given)
    data = bytes(range(256)) * 10_000
    storage.write_bytes("s3://lake/pays/a", data)
    with storage.open("s3://lake/pays/a") as file:
        assert file.size() == len(data)
        assert file.read_at(1000, 2_000_001) == data[2_000_001:2_001_001]
        file.seek(0)
        assert file.read(10) == data[:10]
        storage.write_bytes("s3://lake/pays/a", data[::-1])
        with pytest.raises(ChangedSourceError):
            file.read_at(1000, 2_200_000)
    monkeypatch.setenv("LAKE_KEYS", "not json")
    with pytest.raises(CredentialError, match="not JSON with AccessKeyId"):
        storage_for("s3://lake", {**given, "region": "x"})


def test_old_versions_are_read_too_where_asked(s3: S3Server) -> None:
    """What was overwritten or deleted still lies in a versioned bucket."""
    client = s3.client()
    client.create_bucket(Bucket="kept")
    client.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"id,name\n1,old\n2,old\n", b"id,name\n1,new\n2,new\n"):
        client.put_object(Bucket="kept", Key="a.csv", Body=body)
    client.put_object(Bucket="kept", Key="gone.csv", Body=b"id,mail\n1,x\n2,y\n")
    client.delete_object(Bucket="kept", Key="gone.csv")
    assert storage_for("s3://kept").posture("s3://kept").versioning == "on"
    assert [d.uri for d in discover("s3://kept/")] == ["s3://kept/a.csv"]
    storage = {"versions": "all"}
    found = list(discover("s3://kept/", Selection(storage=storage)))
    assert [d.uri for d in found if d.uri.endswith("/")] == ["s3://kept/"]
    names = {
        tuple(batch.column(1).to_pylist())
        for dataset in found
        for split in dataset.splits
        for batch in read(split, ReadRequest(storage=storage))
    }
    assert names == {("old", "old"), ("new", "new"), ("x", "y")}
    with pytest.raises(UsageError, match="versions"):
        storage_for("s3://kept", {"versions": "some"})
