"""Delta tables written by deltalake: the log counts, not the folder."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import struct
import time
from typing import TYPE_CHECKING

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
import pyroaring
import pytest

import lakescan
from lakescan.connectors import Dataset, ReadRequest, Selection, discover, read, storage_for
from lakescan.connectors.sinks.files import delta as sink_delta
from lakescan.errors import ChangedSourceError, NotFoundError, UnsupportedError
from lakescan.reports.folder import read_splits

if TYPE_CHECKING:
    from conftest import Store


def people(first, count=10):
    ids = list(range(first, first + count))
    return pa.table(
        {
            "id": ids,
            "email": [f"user{i}@example.com" for i in ids],
            "country": ["de" if i % 2 else "fr" for i in ids],
        }
    )


@pytest.fixture
def table(tmp_path):
    """Three versions: written, appended to, rows deleted by rewriting files."""
    path = tmp_path / "people"
    deltalake.write_deltalake(path, people(0), partition_by=["country"])
    deltalake.write_deltalake(path, people(10), mode="append")
    deltalake.DeltaTable(path).delete("id < 5")
    return path


def ids(dataset, request=None):
    batches = [batch for split in dataset.splits for batch in read(split, request)]
    return sorted(i for batch in batches for i in batch["id"].to_pylist())


def one(uri, selection=None):
    (dataset,) = discover(str(uri), selection)
    assert isinstance(dataset, Dataset), dataset
    return dataset


def test_a_folder_with_a_log_is_one_table_without_its_stale_files(table, tmp_path):
    pq.write_table(people(900), table / "country=de" / "stray.parquet")
    pq.write_table(people(0), tmp_path / "plain.parquet")
    found = {d.uri: d for d in discover(str(tmp_path), Selection())}
    assert set(found) == {f"{table}/", str(tmp_path / "plain.parquet")}
    dataset = found[f"{table}/"]
    assert (dataset.format, dataset.version, dataset.partitions) == ("delta", "2", ("country",))
    assert ids(dataset) == list(range(5, 20))


def test_partition_values_come_as_columns(table):
    batches = [b for s in one(table).splits for b in read(s)]
    assert {tuple(b.schema.names) for b in batches} == {("id", "email", "country")}
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert all(row["country"] == ("de" if row["id"] % 2 else "fr") for row in rows)


def test_an_older_version_can_be_read(table):
    old = one(f"{table}@v0")
    assert (old.uri, old.version) == (f"{table}@v0", "0")
    assert ids(old) == list(range(10))
    found = list(discover(f"{table}@v9", Selection()))
    assert [type(f.error) for f in found] == [NotFoundError]


def test_globs_leave_partitions_out(table):
    assert all(i % 2 for i in ids(one(table, Selection(include=("country=de",)))))


def test_globs_leave_whole_tables_out(table):
    """Else a copy of what is wanted would have empty tables for all others."""
    lake = table.parent
    deltalake.write_deltalake(f"{lake}/orders", people(5))
    for selection in (Selection(include=("orders/*",)), Selection(exclude=("people",))):
        assert one(lake, selection).uri == f"{lake}/orders/"
    with pytest.raises(NotFoundError, match="all files there are left out"):
        list(discover(str(lake), Selection(include=("none/*",))))


def test_columns_added_later_are_null_before(table):
    more = people(100).append_column("born", pa.array([dt.date(1980, 1, 1)] * 10))
    deltalake.write_deltalake(table, more, mode="append", schema_mode="merge")
    rows = [r for s in one(table).splits for b in read(s) for r in b.to_pylist()]
    assert {row["born"] for row in rows if row["id"] < 100} == {None}
    assert {row["born"] for row in rows if row["id"] >= 100} == {dt.date(1980, 1, 1)}


def test_only_so_many_rows(table):
    (split, *_) = one(table).splits
    assert sum(b.num_rows for b in read(split, ReadRequest(max_rows=2))) == 2


def test_a_second_scan_reads_only_the_files_that_came(table, tmp_path):
    out = tmp_path / "out"
    lakescan.scan(table, output=str(out), accuracy_mode="patterns")
    deltalake.write_deltalake(table, people(50), mode="append")
    lakescan.scan(
        table, output=lakescan.Output(str(out), incremental=True), accuracy_mode="patterns"
    )
    splits = read_splits(lambda name: (out / name).read_bytes())
    assert sorted(s.status for s in splits) == ["complete"] * 2 + ["reused"] * (len(splits) - 2)
    assert len(splits) > 3


def test_the_same_verdicts_as_of_a_file(table, tmp_path):
    rows = pa.Table.from_batches(_plain(table))
    pq.write_table(rows, tmp_path / "people.parquet")
    told = []
    for uri in (table, tmp_path / "people.parquet"):
        (dataset,) = lakescan.scan(uri, accuracy_mode="patterns").value.datasets
        told.append(
            [
                (c.column, c.rows, c.sensitive, [v.entity for v in c.classifications])
                for c in dataset.columns
            ]
        )
    assert told[0] == told[1]


def _plain(table):
    frame = deltalake.DeltaTable(table).to_pyarrow_table()
    return frame.select(["id", "email", "country"]).to_batches()


def test_a_file_that_is_gone_is_told(table):
    lost = next(p for p in deltalake.DeltaTable(table).file_uris())
    (table / lost.removeprefix(f"{table}/")).unlink()
    found = list(discover(str(table), Selection()))
    assert [type(f).__name__ for f in found] == ["Dataset", "SourceFailure"]


#: The alphabet of Z85 (rfc.zeromq.org/spec/32), in which the log holds a vector.
Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"


def deletion_vector(rows):
    """A RoaringBitmapArray of one bitmap, as the protocol's section "Deletion Vectors" has it."""
    data = struct.pack("<IQI", 1681511377, 1, 0) + pyroaring.BitMap(rows).serialize()
    return data + b"\0" * (-len(data) % 4)


def z85(data):
    text = ""
    for (word,) in struct.iter_unpack(">I", data):
        text += "".join(Z85[word // 85**place % 85] for place in (4, 3, 2, 1, 0))
    return text


def with_vector(path):
    """A vector in the log itself, as the protocol has it."""
    deltalake.write_deltalake(path, people(0, 40))
    log = path / "_delta_log" / "00000000000000000000.json"
    actions = [json.loads(line) for line in log.read_text().splitlines()]
    for action in actions:
        if "protocol" in action:
            action["protocol"] = {
                "minReaderVersion": 3,
                "minWriterVersion": 7,
                "readerFeatures": ["deletionVectors"],
                "writerFeatures": ["deletionVectors"],
            }
        if "metaData" in action:
            action["metaData"]["configuration"]["delta.enableDeletionVectors"] = "true"
        if "add" in action:
            data = deletion_vector([3, 4, 7, 11, 18, 29])
            action["add"]["deletionVector"] = {
                "storageType": "i",
                "pathOrInlineDv": z85(data),
                "sizeInBytes": len(data),
                "cardinality": 6,
            }
    log.write_text("\n".join(map(json.dumps, actions)) + "\n")
    return [i for i in range(40) if i not in (3, 4, 7, 11, 18, 29)]


def test_deletion_vectors_are_honoured(tmp_path):
    left = with_vector(tmp_path / "vectors")
    assert ids(one(tmp_path / "vectors")) == left


def test_tables_in_every_store(table, tmp_path, store: Store):
    left = with_vector(tmp_path / "vectors")
    storage = storage_for(store.root)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            storage.write_bytes(f"{store.root}/{path.relative_to(tmp_path)}", path.read_bytes())
    assert ids(one(f"{store.root}/vectors")) == left
    assert ids(one(f"{store.root}/people")) == list(range(5, 20))
    assert ids(one(f"{store.root}/people@v1")) == list(range(20))
    assert ids(one(f"{store.root}/people", Selection(include=("country=fr",)))) == [
        i for i in range(5, 20) if not i % 2
    ]


def put(table, root):
    """The table on a store."""
    storage = storage_for(root)
    for path in table.rglob("*"):
        if path.is_file():
            storage.write_bytes(f"{root}/people/{path.relative_to(table)}", path.read_bytes())
    return f"{root}/people"


@pytest.fixture
def stored(table, store: Store):
    return put(table, store.root)


PLAIN = "accuracy_mode: patterns"
HASHED = f"{PLAIN}\nanonymize: {{rules: [{{column: email, operator: redact}}]}}"


def emails(uri):
    return {e for s in one(uri).splits for b in read(s) for e in b["email"].to_pylist()}


@pytest.mark.azure
def test_a_table_under_the_address_of_a_data_lake(table, azure_store: Store, monkeypatch):
    for name, value in azure_store.env.items():
        monkeypatch.setenv(name, value)
    account = azure_store.env["AZURE_STORAGE_ACCOUNT"]
    root = f"abfss://lake@{account}.dfs.core.windows.net/t{time.time_ns()}"
    check_copied_and_changed_in_place(put(table, root), root)


def test_tables_are_copied_and_changed_in_place_on_every_store(stored, store: Store):
    check_copied_and_changed_in_place(stored, store.root)


def check_copied_and_changed_in_place(stored, root):
    policy, clean = lakescan.Policy.parse(HASHED), f"{root}/clean"
    lakescan.anonymize(stored, clean, policy, engine="local")
    copy = one(clean)
    assert (copy.format, copy.version, copy.partitions) == ("delta", "0", ("country",))
    assert (ids(copy), emails(clean)) == (list(range(5, 20)), {""})
    writing = lakescan.Writing(mode="in_place")
    lakescan.anonymize(stored, stored, policy, engine="local", writing=writing)
    assert (one(stored).version, emails(stored)) == ("3", {""})
    assert ids(one(stored)) == list(range(5, 20))
    assert len(emails(f"{stored}@v2")) == 15


@pytest.mark.parametrize("mode", ["replace", "in_place"])
def test_of_two_writers_on_every_store_none_is_lost(stored, store: Store, mode, monkeypatch):
    """Another's commit comes between our look at the log and ours."""
    policy, storage = lakescan.Policy.parse(HASHED), storage_for(store.root)
    target = stored if mode == "in_place" else f"{store.root}/clean"
    if mode == "replace":
        lakescan.anonymize(stored, target, policy, engine="local")
    (seen,) = (int(one(target).version),)
    theirs = f"{target}/_delta_log/{seen + 1:020d}.json"
    theirs_said = b'{"commitInfo":{"timestamp":1,"operation":"theirs"}}\n'
    real = sink_delta._committed
    met = []

    def late(*given):
        done = real(*given)
        if not met:
            met.append(1)
            with contextlib.suppress(ChangedSourceError):  # where deltalake itself has written
                storage.write_bytes(theirs, theirs_said, if_absent=True)
        return done

    monkeypatch.setattr(sink_delta, "_committed", late)
    writing = lakescan.Writing(mode=mode)
    ours = store.name in ("gcs", "azure")
    if ours and mode == "in_place":
        with pytest.raises(ChangedSourceError, match="was changed while it was read"):
            lakescan.anonymize(stored, target, policy, engine="local", writing=writing)
        assert len(emails(target)) == 15
    else:
        lakescan.anonymize(stored, target, policy, engine="local", writing=writing)
        assert emails(target) == {""}
    assert met
    assert (storage.read_bytes(theirs) == theirs_said) == ours


def test_mapped_columns_are_refused(table):
    log = table / "_delta_log" / "00000000000000000000.json"
    log.write_text(
        log.read_text().replace(
            '"configuration":{}', '"configuration":{"delta.columnMapping.mode":"name"}'
        )
    )
    (found,) = discover(str(table), Selection())
    assert type(found.error) is UnsupportedError
