"""What every store promises, each against a real server: a disk, S3, Google Cloud Storage, Azure."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.connectors import ReadRequest, Selection, read, storage_for
from lakescan.connectors.sinks import Mode, Origin, Target, sink_for
from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    LakeError,
    NotFoundError,
    TransientError,
    UnknownNameError,
)

if TYPE_CHECKING:
    from conftest import Proxy, Store

Scan = Callable[..., tuple[list, list]]
FIXTURES = settings(max_examples=8)


def put(store: Store, key: str, data: bytes) -> str:
    return storage_for(store.root).write_bytes(f"{store.root}/{key}", data)


def parquet(rows: int, first: int = 0, group: int = 100) -> bytes:
    sink = io.BytesIO()
    ids = range(first, first + rows)
    pq.write_table(
        pa.table({"id": ids, "name": [f"n{i}" for i in ids]}), sink, row_group_size=group
    )
    return sink.getvalue()


def test_writes_describes_reads_and_deletes(store: Store) -> None:
    storage = storage_for(store.root)
    uri = f"{store.root}/odd name+%/ö.txt"
    version = storage.write_bytes(uri, b"one two")
    found = storage.stat(uri)
    assert (found.uri, found.size, found.version) == (uri, 7, version)
    assert abs(found.modified - time.time()) < 3600
    assert storage.read_bytes(uri) == b"one two"
    with storage.open(uri) as file:
        assert file.size() == 7
        assert file.read_at(3, 4) == b"two"
        file.seek(2)
        assert file.read() == b"e two"
    assert storage.exists(uri)
    assert not storage.exists(f"{store.root}/odd name+%")
    storage.delete(uri)
    storage.delete(uri)
    assert not storage.exists(uri)


def test_the_version_changes_with_the_bytes(store: Store) -> None:
    storage = storage_for(store.root)
    uri = f"{store.root}/a"
    first = storage.write_bytes(uri, b"1")
    second = storage.write_bytes(uri, b"2")
    assert first != second
    assert storage.stat(uri).version == second
    assert [f.version for f in storage.list(store.root)] == [second]


def test_lists_more_objects_than_a_page_holds(store: Store) -> None:
    storage = storage_for(store.root)
    keys = [f"many/{i:04d}" for i in range(1500)]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda key: storage.write_bytes(f"{store.root}/{key}", b"x"), keys))
    put(store, "many-other/x", b"")
    found = list(storage.list(f"{store.root}/many"))
    assert [f.uri for f in found] == [f"{store.root}/{key}" for key in keys]
    assert len({f.version for f in found}) >= 1
    assert [f.uri for f in storage.list(f"{store.root}/many/0007")] == [f"{store.root}/many/0007"]
    assert list(storage.list(f"{store.root}/none")) == []


def test_conditions_hold_or_are_refused(store: Store) -> None:
    storage = storage_for(store.root)
    uri = f"{store.root}/manifest"
    first = storage.write_bytes(uri, b"1", if_absent=True)
    with pytest.raises(ChangedSourceError):
        storage.write_bytes(uri, b"2", if_absent=True)
    second = storage.write_bytes(uri, b"3", if_match=first)
    with pytest.raises(ChangedSourceError):
        storage.write_bytes(uri, b"4", if_match=first)
    assert storage.read_bytes(uri) == b"3"
    assert storage.stat(uri).version == second


def test_of_many_creators_one_wins(store: Store) -> None:
    storage = storage_for(store.root)

    def create(i: int) -> bool:
        try:
            storage.write_bytes(f"{store.root}/race", b"%d" % i, if_absent=True)
        except ChangedSourceError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(24))) == 1


def test_streams_and_moves(store: Store) -> None:
    storage = storage_for(store.root)
    data = bytes(range(256)) * (9 << 12)  # nine megabytes: more than a part
    old, new = f"{store.root}/.hidden/staged", f"{store.root}/a/final"
    with storage.writing(old) as stream:
        for start in range(0, len(data), 1 << 20):
            stream.write(data[start : start + (1 << 20)])
        assert not storage.exists(old)
    assert storage.stat(old).size == len(data)
    put(store, "a/final", b"before")
    storage.move(old, new)
    assert storage.read_bytes(new) == data
    assert not storage.exists(old)
    with pytest.raises(NotFoundError):
        storage.move(old, new)
    assert storage.read_bytes(new) == data


def test_discovers_datasets(store: Store, scan: Scan) -> None:
    put(store, "lake/p/day=2024-01-01/part-0.parquet", parquet(50))
    put(store, "lake/p/day=2024-01-02/part-1.parquet", parquet(50, 50))
    put(store, "lake/c.csv", b"id,name\n" + b"".join(b"%d,x\n" % i for i in range(50)))
    put(store, "lake/broken.parquet", b"PAR1nothing")
    put(store, "lake/_delta_log/0.json", b"{}")
    datasets, failures = scan(f"{store.root}/lake")
    assert [d.uri for d in datasets] == [f"{store.root}/lake/c.csv", f"{store.root}/lake/p/"]
    assert datasets[1].partitions == ("day",)
    assert [f.error.kind for f in failures] == ["CorruptFile"]
    (globbed,), _ = scan(f"{store.root}/lake/**/part-*.parquet")
    assert len(globbed.splits) == 2
    (one,), _ = scan(f"{store.root}/lake", Selection(include=("c.csv",)))
    assert one.format == "csv"


def test_reads_only_the_columns_asked_for(store: Store, scan: Scan) -> None:
    put(store, "a.parquet", parquet(200))
    (dataset,), _ = scan(f"{store.root}/a.parquet")
    batches = list(read(dataset.splits[0], ReadRequest(columns=("name",))))
    assert {tuple(b.schema.names) for b in batches} == {("name",)}
    assert sum(b.num_rows for b in batches) == 200


@FIXTURES
@given(
    split_bytes=st.integers(300, 30_000), form=st.sampled_from(["a.parquet", "a.csv", "a.jsonl"])
)
def test_every_row_is_read_once(store: Store, scan: Scan, split_bytes: int, form: str) -> None:
    data = {
        "a.parquet": lambda: parquet(1000, group=37),
        "a.csv": lambda: b"id,name\n" + b"".join(b'%d,"a\nb"\n' % i for i in range(1000)),
        "a.jsonl": lambda: b"".join(b'{"id":%d}\n' % i for i in range(1000)),
    }
    uri = f"{store.root}/cover/{form}"
    if not storage_for(store.root).exists(uri):
        put(store, f"cover/{form}", data[form]())
    (dataset,), _ = scan(uri, Selection(split_bytes=split_bytes))
    ids = [int(x) for s in dataset.splits for b in read(s) for x in b.column("id").to_pylist()]
    assert ids == list(range(1000))


def test_an_object_that_changes(store: Store, scan: Scan) -> None:
    body = b"id,name\n" + b"1,some name\n" * 200_000
    put(store, "a.csv", body)
    (dataset,), _ = scan(f"{store.root}/a.csv")
    batches = read(dataset.splits[0], ReadRequest(batch_bytes=1 << 20))
    next(batches)
    put(store, "a.csv", body.replace(b"some", b"same"))
    with pytest.raises(ChangedSourceError):
        list(batches)
    with pytest.raises(ChangedSourceError):
        list(read(dataset.splits[0]))
    storage_for(store.root).delete(f"{store.root}/a.csv")
    with pytest.raises(NotFoundError):
        list(read(dataset.splits[0]))


def test_what_is_written_is_read(store: Store, scan: Scan, load: Callable) -> None:
    """The sink on this store: the same rows, types and paths; a replay changes nothing."""
    table = pa.table(
        {
            "id": pa.array([1, None, 3]),
            "text": ["å\U0001f600", None, ""],
            "at": pa.array([0, None, 10**12], pa.timestamp("us", "UTC")),
            "price": pa.array([None, "1.50", "2.25"]).cast(pa.decimal128(8, 2)),
            "home": [{"zip": "04103", "tags": ["a", None]}, None, {"zip": None, "tags": []}],
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    put(store, "in/t/day=1/part-0.parquet", sink.getvalue())
    put(store, "in/c.csv", b"id;name\n1;x\n2;y\n" * 5)
    (csv, typed), _ = scan(f"{store.root}/in")
    writer = sink_for(store.root)
    transaction = writer.begin(Target(f"{store.root}/out", "r1"))
    origin = Origin(f"{store.root}/in")
    units = [u for d in (csv, typed) for u in writer.plan(transaction, d, origin)]
    staged = [
        writer.stage(transaction, u, (b for s in u.splits for b in read(s))) for u in units * 2
    ]
    assert len(set(staged)) == 2
    with pytest.raises(NotFoundError):
        scan(f"{store.root}/out")
    committed = writer.commit(transaction, staged)
    assert writer.commit(transaction, staged) == committed
    assert writer.begin(Target(f"{store.root}/out", "r1")).committed == committed
    (csv_again, typed_again), _ = scan(f"{store.root}/out")
    assert load(typed_again).equals(load(typed))
    assert load(typed_again).drop(["day"]).equals(table)
    assert storage_for(store.root).read_bytes(csv_again.uri) == b"id;name\n1;x\n2;y\n" * 5
    late = writer.begin(Target(f"{store.root}/out", "r2", Mode.REPLACE))
    rival = writer.begin(Target(f"{store.root}/out", "r3", Mode.REPLACE))
    writer.commit(
        rival, [writer.stage(rival, units[0], (b for s in units[0].splits for b in read(s)))]
    )
    with pytest.raises(ChangedSourceError):
        writer.commit(late, [])
    writer.abort(late)
    (left,), _ = scan(f"{store.root}/out")
    assert left.format == "csv"


def test_a_missing_bucket_and_object(store: Store, scan: Scan) -> None:
    storage = storage_for(store.root)
    for call in (storage.stat, storage.open, storage.read_bytes):
        with pytest.raises(NotFoundError):
            call(f"{store.root}/nothing")
    with pytest.raises(NotFoundError, match=r"no (such file|files are there)"):
        scan(f"{store.root}/nothing/")
    if store.name != "local":
        elsewhere = store.root.replace("://lake", "://no-such-bucket")
        for name in (elsewhere, f"{elsewhere}/"):
            with pytest.raises(NotFoundError, match=r"no such (bucket|container)"):
                list(storage.list(name))
        with pytest.raises(NotFoundError):
            storage.open(f"{elsewhere}/x")
        with pytest.raises(UnknownNameError, match="did you mean 'endpoint'"):
            storage_for(store.root, {"end_point": "x"})


def test_bad_credentials(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if not store.wrong:
        pytest.skip("this server takes any credentials, or needs none")
    put(store, "a.csv", b"a\n1\n")
    for name, value in store.wrong.items():
        monkeypatch.setenv(name, value)
    storage = storage_for(store.root)
    for call in (lambda u: list(storage.list(u)), storage.stat, storage.open, storage.read_bytes):
        with pytest.raises(CredentialError) as refusal:
            call(f"{store.root}/a.csv")
        for secret in (*store.wrong.values(), *store.env.values()):
            assert secret not in str(refusal.value) or secret.startswith("http")
    with pytest.raises(CredentialError):
        storage.write_bytes(f"{store.root}/b", b"")


def test_buckets_and_their_protection(store: Store, scan: Scan) -> None:
    storage = storage_for(store.root)
    if store.name == "local":
        assert storage.posture(store.root) is None
        return
    scheme = store.root.partition("://")[0]
    put(store, "a.csv", b"id,name\n1,x\n2,y\n")
    assert f"{scheme}://lake" in list(storage.buckets(f"{scheme}://"))
    posture = storage.posture(store.root)
    assert posture.uri == f"{scheme}://lake"
    assert posture.public in ("yes", "no", "unknown")
    datasets, _ = scan(
        f"{scheme}://", Selection(include=(f"**{store.root.rsplit('/', 1)[1]}/a.csv",))
    )
    assert [d.uri for d in datasets] == [f"{store.root}/a.csv"]


def test_a_body_that_is_cut_short(store: Store, proxy: Proxy, scan: Scan) -> None:
    """Never fewer rows than there are: an error that is worth a retry, and the retry reads all."""
    put(store, "a.csv", b"id,name\n" + b"".join(b"%07d,some name\n" % i for i in range(100_000)))
    (dataset,), _ = scan(f"{store.root}/a.csv")
    proxy.tell("cut 400000")
    try:  # a client may ask for the rest by itself
        assert sum(b.num_rows for b in read(dataset.splits[0])) == 100_000
    except LakeError as cut:
        assert isinstance(cut, TransientError)  # noqa: PT017 - or it may tell
    proxy.tell("cut")
    assert sum(b.num_rows for b in read(dataset.splits[0])) == 100_000


def test_a_server_that_is_slow(store: Store, proxy: Proxy, scan: Scan) -> None:
    """However long it takes, bytes that come are waited for: no row is lost, and none asked twice."""
    put(store, "a.csv", b"id,name\n" + b"".join(b"%07d,some name\n" % i for i in range(50_000)))
    put(store, "b.parquet", parquet(20_000, group=5_000))
    datasets, _ = scan(store.root)
    proxy.tell("slow 600000")
    counts = [sum(b.num_rows for b in read(d.splits[0], ReadRequest())) for d in datasets]
    assert sum(counts) >= 50_000 + 5_000
    assert counts[0] == 50_000


def test_a_server_that_dies_in_the_middle_and_comes_back(
    store: Store, proxy: Proxy, scan: Scan
) -> None:
    put(store, "a.csv", b"id,name\n" + b"".join(b"%07d,some name\n" % i for i in range(600_000)))
    (dataset,), _ = scan(f"{store.root}/a.csv", Selection(split_bytes=1 << 30))
    batches = read(dataset.splits[0], ReadRequest(batch_bytes=1 << 20))
    count = next(batches).num_rows
    proxy.tell("down")

    def back() -> None:
        deadline = time.monotonic() + 30
        while not proxy.tell("down") and time.monotonic() < deadline:
            time.sleep(0.05)
        proxy.tell("up")

    waiter = threading.Thread(target=back)
    waiter.start()
    try:
        count += sum(b.num_rows for b in batches)
    except TransientError:
        # Worth a retry, and the retry reads it all.
        waiter.join()
        count = sum(b.num_rows for b in read(dataset.splits[0]))
    waiter.join()
    assert count == 600_000
