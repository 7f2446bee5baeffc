"""Iceberg tables in a SQL catalog, written by pyiceberg."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.connectors import Dataset, ReadRequest, Selection, discover, read
from lakescan.errors import NotFoundError, UnsupportedError, UsageError
from lakescan.reports.folder import read_splits


def people(first, count=10):
    ids = list(range(first, first + count))
    return pa.table({"id": ids, "email": [f"user{i}@example.com" for i in ids]})


@pytest.fixture
def table(tmp_path, monkeypatch):
    from pyiceberg.catalog import load_catalog

    monkeypatch.setenv("PYICEBERG_CATALOG__LAKE__TYPE", "sql")
    monkeypatch.setenv("PYICEBERG_CATALOG__LAKE__URI", f"sqlite:///{tmp_path}/catalog.db")
    monkeypatch.setenv("PYICEBERG_CATALOG__LAKE__WAREHOUSE", f"file://{tmp_path}/warehouse")
    catalog = load_catalog(
        "lake",
        type="sql",
        uri=f"sqlite:///{tmp_path}/catalog.db",
        warehouse=f"file://{tmp_path}/warehouse",
    )
    catalog.create_namespace("crm")
    table = catalog.create_table("crm.people", schema=people(0).schema)
    table.append(people(0))
    table.append(people(10))
    yield table
    catalog.engine.dispose()


def one(uri, selection=None):
    (dataset,) = discover(uri, selection)
    assert isinstance(dataset, Dataset), dataset
    return dataset


def ids(dataset, request=None):
    batches = [batch for split in dataset.splits for batch in read(split, request)]
    return sorted(i for batch in batches for i in batch["id"].to_pylist())


def test_a_catalog_is_listed_and_every_row_read_once(table):
    dataset = one("iceberg://lake")
    assert (dataset.uri, dataset.format) == ("iceberg://lake/crm/people", "iceberg")
    assert dataset.version == str(table.current_snapshot().snapshot_id)
    assert len(dataset.splits) == 2
    assert ids(dataset) == list(range(20))
    assert one("iceberg://lake/crm").uri == one("iceberg://lake/crm/people").uri
    with pytest.raises(NotFoundError):
        one("iceberg://lake", Selection(exclude=("people",)))


def test_deleted_rows_are_not_read_and_old_snapshots_can_be(table):
    before = table.current_snapshot().snapshot_id
    table.delete("id < 5")
    assert ids(one("iceberg://lake/crm/people")) == list(range(5, 20))
    old = one(f"iceberg://lake/crm/people@{before}")
    assert old.uri.endswith(f"@{before}")
    assert ids(old) == list(range(20))
    with pytest.raises(NotFoundError, match="no such snapshot"):
        one("iceberg://lake/crm/people@7")


def commit_deletes(table, monkeypatch, path, content, columns):
    """What merge-on-read engines write, and pyiceberg does not: a file of deletes."""
    from pyiceberg.manifest import (
        DataFile,
        DataFileContent,
        FileFormat,
        ManifestContent,
        ManifestWriterV2,
    )
    from pyiceberg.typedef import Record

    pq.write_table(pa.table(columns), path)
    deletes = DataFile.from_args(
        content=DataFileContent[content],
        file_path=f"file://{path}",
        file_format=FileFormat.PARQUET,
        partition=Record(),
        record_count=2,
        file_size_in_bytes=path.stat().st_size,
    )
    deletes.spec_id = 0
    with monkeypatch.context() as patched:
        patched.setattr(ManifestWriterV2, "content", lambda _: ManifestContent.DELETES)
        with table.transaction() as change, change.update_snapshot().fast_append() as added:
            added.append_data_file(deletes)


def test_rows_that_a_file_of_deletes_names_are_not_read(table, tmp_path, monkeypatch):
    before = {split.uri: split for split in one("iceberg://lake/crm/people").splits}
    first = min(before)
    gone = [row["id"] for b in read(before[first]) for row in b.to_pylist()][2:4]
    path = first.partition("!/")[2]
    columns = {"file_path": [path, path], "pos": pa.array([2, 3], pa.int64())}
    commit_deletes(table, monkeypatch, tmp_path / "gone.parquet", "POSITION_DELETES", columns)
    dataset = one("iceberg://lake/crm/people")
    assert ids(dataset) == sorted(set(range(20)) - set(gone))
    table.append(people(30))  # what came after the deletes is not theirs
    assert ids(one("iceberg://lake/crm/people")) == sorted({*range(20), *range(30, 40)} - set(gone))


def test_deletes_by_value_are_refused(table, tmp_path, monkeypatch):
    gone = tmp_path / "gone.parquet"
    commit_deletes(table, monkeypatch, gone, "EQUALITY_DELETES", {"id": [2, 3]})
    with pytest.raises(UnsupportedError, match="people: rows are deleted by their values"):
        one("iceberg://lake/crm/people")


def test_a_worker_reads_the_manifest_of_its_file_alone(table, monkeypatch):
    from pyiceberg.manifest import ManifestFile

    splits = one("iceberg://lake/crm/people").splits
    read_of = ManifestFile.fetch_manifest_entry
    opened = []
    monkeypatch.setattr(
        ManifestFile,
        "fetch_manifest_entry",
        lambda manifest, io: (opened.append(manifest.manifest_path), read_of(manifest, io))[1],
    )
    assert sum(batch.num_rows for batch in read(splits[0])) == 10
    assert len(opened) == 1
    assert sum(batch.num_rows for batch in read(splits[0])) == 10
    assert sum(batch.num_rows for batch in read(splits[1])) == 10
    assert len(set(opened)) == len(opened) == 2


def test_columns_and_rows_as_asked(table):
    (split, *_) = one("iceberg://lake/crm/people").splits
    batches = list(read(split, ReadRequest(columns=("email",), max_rows=3)))
    assert [b.schema.names for b in batches] == [["email"]]
    assert sum(b.num_rows for b in batches) == 3


def test_a_second_scan_reads_only_the_files_that_came(table, tmp_path):
    out = tmp_path / "out"
    uri = "iceberg://lake/crm/people"
    first = lakescan.scan(uri, output=str(out), accuracy_mode="patterns")
    assert first.value.datasets[0].columns[1].sensitive
    table.append(people(50))
    lakescan.scan(uri, output=lakescan.Output(str(out), incremental=True), accuracy_mode="patterns")
    splits = read_splits(lambda name: (out / name).read_bytes())
    assert sorted(s.status for s in splits) == ["complete", "reused", "reused"]


def test_what_is_not_there_is_said(table):
    with pytest.raises(NotFoundError):
        one("iceberg://lake/crm/nobody")
    with pytest.raises(NotFoundError):
        one("iceberg://lake/nowhere/people")
    with pytest.raises(UsageError, match="where that catalog is"):
        one("iceberg://unheard_of/crm/people")
