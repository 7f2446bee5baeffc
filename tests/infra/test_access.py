"""The least-privilege policies let lakescan do what it does, and nothing that it does not.

The calls are recorded while it works against servers of the stores' APIs; which right a store wants for a
call is from the stores' references (Amazon S3: "Actions, resources, and condition keys"; Google:
"IAM permissions for JSON methods"; Azure: "Permissions for calling data operations").
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Template

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.connectors import storage_for

ROOT = Path(__file__).parents[2]
IAM = ROOT / "infra" / "iam"

#: boto3's operations, with the actions that Amazon asks for; pyarrow's client only reads and uploads.
S3 = {
    "ListObjectsV2": {"s3:ListBucket"},
    "HeadBucket": {"s3:ListBucket"},
    "GetBucketLocation": {"s3:GetBucketLocation"},
    "HeadObject": {"s3:GetObject"},
    "GetObject": {"s3:GetObject"},
    "PutObject": {"s3:PutObject"},
    "CreateMultipartUpload": {"s3:PutObject"},
    "UploadPart": {"s3:PutObject"},
    "CompleteMultipartUpload": {"s3:PutObject"},
    "AbortMultipartUpload": {"s3:AbortMultipartUpload"},
    "CopyObject": {"s3:GetObject", "s3:PutObject"},
    "DeleteObject": {"s3:DeleteObject"},
    "DeleteObjects": {"s3:DeleteObject"},
    "GetBucketAcl": {"s3:GetBucketAcl"},
    "GetBucketPolicyStatus": {"s3:GetBucketPolicyStatus"},
    "GetPublicAccessBlock": {"s3:GetBucketPublicAccessBlock"},
    "GetBucketVersioning": {"s3:GetBucketVersioning"},
    "GetBucketEncryption": {"s3:GetEncryptionConfiguration"},
}


def policy(name, **values):
    return json.loads(Template((IAM / f"{name}.json").read_text()).substitute(values))


def allowed(*policies):
    actions = [statement["Action"] for each in policies for statement in each["Statement"]]
    return {one for each in actions for one in ([each] if isinstance(each, str) else each)}


@pytest.fixture
def s3_calls(monkeypatch):
    """The operations that boto3 is asked for."""
    from botocore.client import BaseClient

    calls, call = set(), BaseClient._make_api_call

    def recorded(self, operation, arguments):
        calls.add(operation)
        return call(self, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", recorded)
    return calls


@pytest.fixture
def lake(s3_server, monkeypatch):
    """A bucket with a table under ``access/``."""
    for name, value in s3_server.env().items():
        monkeypatch.setenv(name, value)
    table = pa.table({"email": [f"ann{i}@example.org" for i in range(50)]})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    uri = "s3://lake/access/people.parquet"
    storage_for(uri).write_bytes(uri, sink.getvalue().to_pybytes())
    return "s3://lake/access/"


@pytest.mark.s3
def test_a_scan_on_s3_does_what_it_may_and_may_what_it_does(lake, s3_calls, tmp_path):
    lakescan.scan(lake, output=str(tmp_path / "run"))
    needed = {action for call in s3_calls for action in S3[call]} | {"s3:GetObject"}
    may = allowed(
        policy("aws-read", bucket="lake", prefix=""), policy("aws-posture", bucket="lake")
    )
    assert needed <= may
    # Where the bucket is, is asked of Amazon alone: a store of another address has one region.
    assert may - needed <= {"s3:GetBucketLocation"}


@pytest.mark.s3
def test_writing_to_s3_does_what_it_may_and_may_what_it_does(lake, s3_calls, monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", "ab" * 32)
    lakescan.anonymize(lake, to="s3://lake/access-safe/")
    lakescan.scan(lake, output="s3://lake/access-runs/1")
    needed = {action for call in s3_calls for action in S3[call]} | {"s3:GetObject", "s3:PutObject"}
    written = policy("aws-write", bucket="lake", prefix="")
    may = allowed(written, policy("aws-posture", bucket="lake"))
    assert needed <= may
    # pyarrow ends an upload that failed; here none does.
    assert allowed(written) - needed <= {"s3:GetBucketLocation", "s3:AbortMultipartUpload"}


def test_no_policy_names_more_than_one_bucket():
    for name in ("aws-read", "aws-write", "aws-posture"):
        for statement in policy(name, bucket="lake", prefix="crm/")["Statement"]:
            assert re.fullmatch(r"arn:aws:s3:::lake(/crm/\*)?", statement["Resource"])
            assert not any("*" in action for action in allowed({"Statement": [statement]}))


def test_the_guide_shows_the_policy_that_is_tested():
    page = (ROOT / "docs" / "sources" / "s3.md").read_text()
    (shown,) = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert json.loads(shown) == policy("aws-read", bucket="lake", prefix="crm/")


# --- the stores whose SDKs speak through requests -------------------------------------------------

#: Method and path, with the permission that Google asks for.
GCS = (
    (r"GET .*/b/[^/]+/o", {"storage.objects.list"}),
    (r"GET .*/b/[^/]+/o/.+", {"storage.objects.get"}),
    (r"(POST|PUT) .*/upload/.*", {"storage.objects.create"}),
    (r"POST .*/rewriteTo/.*", {"storage.objects.create", "storage.objects.get"}),
    (r"DELETE .*/b/[^/]+/o/.+", {"storage.objects.delete"}),
)
#: How a bucket is protected, which is `unknown` to whoever may not ask.
GCS_POSTURE = r"GET .*/b/[^/]+(/iam)?"

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
AZURE = (
    (r"(GET|HEAD) /[^/]+/[^/?]+\?.*comp=list.*", {f"{_BLOBS}/read"}),
    (r"(GET|HEAD) /[^/]+/[^/?]+\?.*restype=container.*", {_BLOBS.removesuffix("/blobs") + "/read"}),
    (r"(GET|HEAD) /.*", {f"{_BLOBS}/read"}),
    (r"PUT /.*", {f"{_BLOBS}/write"}),
    (r"DELETE /.*", {f"{_BLOBS}/delete"}),
)


@pytest.fixture
def http_calls(monkeypatch):
    """Method, path and query of what goes through requests."""
    import requests

    calls, send = set(), requests.Session.send

    def recorded(self, request, **options):
        calls.add(f"{request.method} {request.path_url}")
        return send(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", recorded)
    return calls


def permissions(calls, table, but=None):
    found = set()
    for call in calls:
        plain = call if "comp=" in call or "restype=" in call else call.split("?")[0]
        if but and re.fullmatch(but, plain):
            continue
        found |= next(given for pattern, given in table if re.fullmatch(pattern, plain))
    return found


@pytest.fixture
def people():
    """Write a small table under a root, and forget the calls that it took."""

    def write(root, calls):
        uri = f"{root}/access/people.csv"
        storage_for(uri).write_bytes(uri, b"email\n" + b"ann@example.org\n" * 20)
        calls.clear()
        return f"{root}/access/"

    return write


@pytest.mark.gcs
def test_gcs(gcs_store, people, http_calls, monkeypatch, tmp_path):
    for name, value in gcs_store.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LAKESCAN_KEY", "ab" * 32)
    source = people(gcs_store.root, http_calls)
    lakescan.scan(source, output=str(tmp_path / "run"))
    read = set(json.loads((IAM / "gcp-read.json").read_text()))
    assert permissions(http_calls, GCS, GCS_POSTURE) | {"storage.objects.get"} == read
    http_calls.clear()
    lakescan.anonymize(source, to=f"{gcs_store.root}/access-safe/")
    write = set(json.loads((IAM / "gcp-write.json").read_text()))
    assert permissions(http_calls, GCS, GCS_POSTURE) | {"storage.objects.get"} == write


@pytest.mark.azure
def test_azure(azure_store, people, http_calls, monkeypatch, tmp_path):
    for name, value in azure_store.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LAKESCAN_KEY", "ab" * 32)
    source = people(azure_store.root, http_calls)
    lakescan.scan(source, output=str(tmp_path / "run"))
    read, write = (
        {
            name: set(actions)
            for name, actions in json.loads((IAM / f"{file}.json").read_text()).items()
        }
        for file in ("azure-read", "azure-write")
    )
    assert (
        permissions(http_calls, AZURE) | {f"{_BLOBS}/read"}
        <= read["actions"] | read["data_actions"]
    )
    http_calls.clear()
    lakescan.anonymize(source, to=f"{azure_store.root}/access-safe/")
    needed = permissions(http_calls, AZURE)
    assert needed <= write["actions"] | write["data_actions"]
    assert write["data_actions"] <= needed
