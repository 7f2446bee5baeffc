"""The same files, on a disk and on S3."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakescan.connectors import Dataset, ReadRequest, Selection, SourceFailure, read
from lakescan.errors import ChangedSourceError, CredentialError, NotFoundError

if TYPE_CHECKING:
    from seaweedfs import S3Server

Load = Callable[..., pa.Table]
Scan = Callable[..., tuple[list[Dataset], list[SourceFailure]]]


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    for name, value in s3_server.env().items():
        monkeypatch.setenv(name, value)
    return s3_server


def lake() -> dict[str, bytes]:
    csv = ("id,name\n" + "".join(f"{i},name {i}\n" for i in range(3000))).encode()
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": range(1000), "c": ["x", "y"] * 500}), sink, row_group_size=100)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("in/b.csv", csv)
    return {
        "a.csv": csv,
        "b.csv.gz": gzip.compress(csv),
        "c.zip": archive.getvalue(),
        "odd name+%.csv": csv,
        "p/day=2024-01-01/part-0.parquet": sink.getvalue(),
        "p/day=2024-01-02/part-1.parquet": sink.getvalue(),
        "p/day=2024-01-02/part-2.parquet": sink.getvalue()[:500],
        "e.json": json.dumps([{"a": 1, "b": {"c": "x"}}] * 50).encode(),
        "empty.csv": b"",
    }


def test_the_same_tables_as_on_disk(s3: S3Server, tmp_path: Path, scan: Scan, load: Load) -> None:
    client = s3.client()
    for name, data in lake().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
        client.put_object(Bucket="lake", Key=f"files/{name}", Body=data)
    selection = Selection(split_bytes=10_000)
    local, local_failures = scan(tmp_path, selection)
    remote, remote_failures = scan("s3://lake/files/", selection)

    def names(uris: list[str], root: str) -> list[str]:
        return [uri.removeprefix(root) for uri in uris]

    assert names([d.uri for d in local], f"{tmp_path}/") == names(
        [d.uri for d in remote], "s3://lake/files/"
    )
    assert [(f.error.kind) for f in local_failures] == [f.error.kind for f in remote_failures]
    for here, there in zip(local, remote, strict=True):
        assert [(s.start, s.stop, s.format) for s in here.splits] == [
            (s.start, s.stop, s.format) for s in there.splits
        ]
        assert load(here).equals(load(there))


def test_an_object_that_is_replaced(s3: S3Server, scan: Scan) -> None:
    client = s3.client()
    body = b"id,name\n" + b"1,some name\n" * 400_000
    client.put_object(Bucket="lake", Key="change/a.csv", Body=body)
    (dataset,), _ = scan("s3://lake/change/")
    batches = read(dataset.splits[0], ReadRequest(batch_bytes=1 << 20))
    next(batches)
    client.put_object(Bucket="lake", Key="change/a.csv", Body=body.replace(b"some", b"same"))
    with pytest.raises(ChangedSourceError):
        list(batches)
    with pytest.raises(ChangedSourceError):
        list(read(dataset.splits[0]))


def test_what_a_user_meets_first(s3: S3Server, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFoundError, match="no such bucket"):
        scan("s3://no-bucket-of-this-name/x/")
    with pytest.raises(NotFoundError, match="no files are there"):
        scan("s3://lake/no-such-prefix/")
    for name, value in s3.env((s3.admin[0], "wrong")).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CredentialError, match="refuses access"):
        scan("s3://lake/files/")


def test_a_missing_right_is_a_failure_of_the_file(
    s3: S3Server, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.client().put_object(Bucket="lake", Key="rights/a.csv", Body=b"id,n\n1,x\n")
    (dataset,), _ = scan("s3://lake/rights/")
    for name, value in s3.env((s3.admin[0], "wrong")).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CredentialError):
        list(read(dataset.splits[0]))
