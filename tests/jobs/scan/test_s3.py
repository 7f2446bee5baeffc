"""The scan job with its data and its run folder in S3."""

from __future__ import annotations

import pytest

import lakescan
from lakescan import Output
from lakescan.errors import CredentialError, NotFoundError

pytestmark = pytest.mark.s3


@pytest.fixture
def s3(s3_server, monkeypatch):
    for name, value in s3_server.env().items():
        monkeypatch.setenv(name, value)
    return s3_server.client()


@pytest.fixture
def lake(s3, make_lake):
    """The same files in a bucket as in the local folder that is given back."""
    folder = make_lake(6)
    for path in folder.iterdir():
        s3.upload_file(str(path), "lake", f"jobs/people/{path.name}")
    return folder


def keys(s3, prefix):
    listed = s3.list_objects_v2(Bucket="lake", Prefix=prefix)
    return {found["Key"][len(prefix) :] for found in listed.get("Contents", [])}


def columns(result):
    return [dataset.columns for dataset in result.value.datasets]


def test_a_run_in_s3_finds_the_same_and_goes_on_from_its_folder(s3, lake, reads):
    uri, out = "s3://lake/jobs/people", "s3://lake/jobs-out/run"
    local = lakescan.scan(str(lake))
    first = lakescan.scan(uri, output=out)
    assert columns(first) == columns(local)
    names = {"manifest.json", "run.json", "columns.parquet", "splits.parquet", "report.html"}
    assert names <= keys(s3, "jobs-out/run/")

    s3.put_object(Bucket="lake", Key="jobs/people/part-0002.csv", Body=b"id,email,phone\n1,,\n")
    s3.delete_object(Bucket="lake", Key="jobs/people/part-0004.csv")
    reads.clear()
    second = lakescan.scan(uri, output=Output(out, incremental=True))
    assert reads == ["s3://lake/jobs/people/part-0002.csv"]
    assert second.value.rows_scanned == 41
    assert columns(second) == columns(lakescan.scan(uri))


def test_an_output_that_cannot_be_written_ends_the_run_before_it_reads(
    s3, s3_server, monkeypatch, make_lake, reads
):
    lake = str(make_lake(1))
    with pytest.raises(NotFoundError):
        lakescan.scan(lake, output="s3://no-such-bucket/run")
    for name, value in s3_server.env(s3_server.reader).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CredentialError):
        lakescan.scan(lake, output="s3://lake/forbidden/run")
    assert reads == []
