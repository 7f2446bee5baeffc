"""The file sink: nothing shows before the commit, all of it after, whatever dies and whoever races."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.connectors.sinks import Mode, Origin, Target, sink_for
from lakescan.connectors.storage.local import LocalStorage
from lakescan.errors import ChangedSourceError, UnknownNameError, UnsupportedError, UsageError

if TYPE_CHECKING:
    from seaweedfs import S3Server

OUTPUTS = {"a.csv", "b.jsonl", "p/day=2024-01-01/part-0.parquet"}


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing is tidied up after it."""


@contextmanager
def dying(operation: int) -> Iterator[None]:
    """Let nothing more change on the disk from the n-th change on."""
    lock, count = Lock(), [0]
    patched = pytest.MonkeyPatch()

    def guarded(name: str) -> None:
        original = getattr(LocalStorage, name)

        def call(self: LocalStorage, *args: object, **options: object) -> object:
            with lock:
                count[0] += 1
                if count[0] > operation:
                    raise Killed
            return original(self, *args, **options)

        patched.setattr(LocalStorage, name, call)

    for name in ("write_bytes", "writing", "move", "delete"):
        guarded(name)
    try:
        yield
    finally:
        patched.undo()


def seen(folder: Path) -> dict[str, bytes]:
    """What a reader sees: names that do not begin with ``_`` or ``.``."""
    files = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
    return {n: p.read_bytes() for n, p in files.items() if n[0] not in "_."}


def hidden_leftovers(folder: Path) -> list[str]:
    ours = {"outcome.json", "published.json", "manifest.json"}
    return [str(p) for p in (folder / "_lakescan").rglob("*") if p.is_file() and p.name not in ours]


def test_nothing_shows_before_the_commit_and_all_after(copy: Callable, tmp_path: Path) -> None:
    run = copy()
    transaction = run.begin()
    staged = run.stage(transaction, run.units(transaction))
    assert seen(tmp_path / "out") == {}
    committed = run.sink.commit(transaction, staged)
    assert seen(tmp_path / "out").keys() == OUTPUTS
    assert (committed.outputs, committed.rows) == (3, 200)
    assert (tmp_path / "out" / "_SUCCESS").exists()
    assert hidden_leftovers(tmp_path / "out") == []


def test_text_files_are_copied_byte_for_byte(copy: Callable, lake: Path, tmp_path: Path) -> None:
    copy().go()
    for name in ("a.csv", "b.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (lake / name).read_bytes()


def test_the_values_of_a_run_travel(copy: Callable) -> None:
    run = copy()
    transaction = run.begin()
    units = run.units(transaction)
    staged = run.stage(transaction, units)
    for value in (transaction, units, staged):
        assert pickle.loads(pickle.dumps(value)) == value


def test_a_run_that_is_killed_at_any_change_goes_on(copy: Callable, tmp_path: Path) -> None:
    """Old state or new state, and a second driver always reaches the new one."""
    whole = tmp_path / "whole"
    copy(to=str(whole)).go()
    operation = 0
    while True:
        out = tmp_path / f"out{operation}"
        try:
            with dying(operation):
                copy(to=str(out)).go()
        except Killed:
            if not (out / "_lakescan" / "manifest.json").exists():
                assert seen(out) == {}
            assert copy(to=str(out)).go().rows == 200
            assert seen(out) == seen(whole)
            assert hidden_leftovers(out) == []
        else:
            assert seen(out) == seen(whole)
            break
        operation += 1
    assert operation > 15


def test_who_waits_for_success_sees_the_old_files_or_the_new_ones(
    copy: Callable, lake: Path, tmp_path: Path
) -> None:
    """A run that takes another's place takes its ``_SUCCESS`` away before it moves a file."""
    copy(to=str(tmp_path / "old")).go()
    old = seen(tmp_path / "old")
    (lake / "a.csv").write_text((lake / "a.csv").read_text().replace("1", "2"))
    (lake / "b.jsonl").unlink()
    copy(to=str(tmp_path / "new")).go()
    new = seen(tmp_path / "new")
    between = 0
    for operation in range(60):
        out = tmp_path / f"out{operation}"
        shutil.copytree(tmp_path / "old", out)
        with suppress(Killed), dying(operation):
            copy("r2", Mode.REPLACE, to=str(out)).go()
        if (out / "_SUCCESS").exists():
            assert seen(out) in (old, new)
        between += seen(out) not in (old, new)
    assert between


@settings(max_examples=25)
@given(first=st.integers(0, 25), second=st.integers(0, 25), data=st.data())
def test_two_deaths_and_another_run(
    copy: Callable,
    tmp_path_factory: pytest.TempPathFactory,
    first: int,
    second: int,
    data: st.DataObject,
) -> None:
    """After two deaths the next run finishes or passes over the dead one, and has its own way."""
    out = tmp_path_factory.mktemp("deaths") / "out"
    for operation in (first, second):
        try:
            with dying(operation):
                copy(to=str(out)).go()
        except Killed:
            pass
    committed = (out / "_lakescan" / "manifest.json").exists()
    mode = data.draw(st.sampled_from([Mode.REPLACE, Mode.UPDATE]))
    copy("r2", mode, str(out)).go()
    assert seen(out).keys() == OUTPUTS
    again = copy(to=str(out))
    if committed:
        assert again.begin().committed is not None
    else:
        with pytest.raises((UsageError, ChangedSourceError)):
            again.go()
    assert seen(out).keys() == OUTPUTS


def test_a_process_that_is_really_killed(copy: Callable, lake: Path, tmp_path: Path) -> None:
    """SIGKILL between stage and commit, in the middle of writing an output."""
    code = f"""
        import sys, time
        sys.path.insert(0, {str(Path(__file__).parents[1])!r})
        from conftest import Run
        from lakescan.connectors.sinks import Target
        from lakescan.connectors import read
        run = Run({str(lake)!r}, Target({str(tmp_path / "out")!r}, "r1"))
        transaction = run.begin()
        first, *_, last = run.units(transaction)
        run.stage(transaction, [first])
        def slow():
            for split in last.splits:
                for batch in read(split):
                    yield batch
                    print("now", flush=True)
                    time.sleep(600)
        run.sink.stage(transaction, last, slow())
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        process.kill()
    assert seen(tmp_path / "out") == {}
    run = copy()
    transaction = run.begin()
    assert len(list(run.sink.staged(transaction))) == 1
    assert run.go().rows == 200
    assert seen(tmp_path / "out").keys() == OUTPUTS
    assert hidden_leftovers(tmp_path / "out") == []


def test_a_replay_changes_nothing(copy: Callable, tmp_path: Path) -> None:
    run = copy()
    transaction = run.begin()
    units = run.units(transaction)
    staged = run.stage(transaction, units)
    assert run.stage(transaction, units) == staged

    def unread() -> Iterator[pa.RecordBatch]:
        raise AssertionError
        yield

    assert run.sink.stage(transaction, units[0], unread()) == staged[0]
    committed = run.sink.commit(transaction, [*staged, *staged])
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*")}
    assert run.sink.commit(transaction, staged) == committed
    assert copy().go() == committed
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*")} == before


def test_of_duplicate_workers_one_counts(copy: Callable, tmp_path: Path) -> None:
    run = copy()
    transaction = run.begin()
    units = run.units(transaction) * 6
    with ThreadPoolExecutor(6) as pool:
        staged = list(pool.map(lambda u: run.stage(transaction, [u])[0], units))
    assert len(set(staged)) == 3
    folder = tmp_path / "out" / "_lakescan" / "r1" / "staged"
    assert len(list(folder.iterdir())) == 3
    assert run.sink.commit(transaction, staged).rows == 200


def test_a_worker_that_is_late_is_refused(copy: Callable, tmp_path: Path) -> None:
    run = copy()
    transaction = run.begin()
    units = run.units(transaction)
    run.sink.commit(transaction, run.stage(transaction, units))
    with pytest.raises(ChangedSourceError, match="is over"):
        run.stage(transaction, units[:1])
    assert hidden_leftovers(tmp_path / "out") == []


@pytest.mark.parametrize("attempt", range(4))
def test_racing_drivers_of_one_run_agree(copy: Callable, tmp_path: Path, attempt: int) -> None:
    run = copy()
    transaction = run.begin()
    staged = run.stage(transaction, run.units(transaction))
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: run.sink.commit(transaction, staged), range(4)))
    assert len(set(outcomes)) == 1
    assert seen(tmp_path / "out").keys() == OUTPUTS


def test_of_racing_runs_one_wins(copy: Callable, tmp_path: Path) -> None:
    runs = [copy(f"r{i}", Mode.REPLACE) for i in range(4)]
    begun = [run.begin() for run in runs]
    staged = [run.stage(t, run.units(t)) for run, t in zip(runs, begun, strict=True)]

    def commit(i: int) -> str | None:
        try:
            return runs[i].sink.commit(begun[i], staged[i]).run_id
        except ChangedSourceError:
            return None

    with ThreadPoolExecutor(4) as pool:
        winners = [w for w in pool.map(commit, range(4)) if w]
    assert len(winners) == 1
    assert seen(tmp_path / "out").keys() == OUTPUTS
    for i in range(4):
        if f"r{i}" not in winners:
            runs[i].sink.abort(begun[i])
    assert hidden_leftovers(tmp_path / "out") == []


def test_an_aborted_run_leaves_nothing_and_is_over(copy: Callable, tmp_path: Path) -> None:
    run = copy()
    transaction = run.begin()
    units = run.units(transaction)
    staged = run.stage(transaction, units)
    run.sink.abort(transaction)
    run.sink.abort(transaction)
    assert hidden_leftovers(tmp_path / "out") == []
    with pytest.raises(ChangedSourceError, match="aborted"):
        run.sink.commit(transaction, staged)
    with pytest.raises(ChangedSourceError):
        run.stage(transaction, units)
    with pytest.raises(UsageError, match="aborted"):
        run.begin()
    assert copy("r2").go().rows == 200
    copy("r2").sink.abort(transaction)
    assert seen(tmp_path / "out").keys() == OUTPUTS


def test_an_error_in_the_rows_leaves_nothing_staged(copy: Callable, tmp_path: Path) -> None:
    run = copy()
    transaction = run.begin()
    unit = run.units(transaction)[0]

    def broken() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"id": ["1"], "name": ["x"]})
        raise OSError(5, "gone")

    with pytest.raises(OSError, match="gone"):
        run.sink.stage(transaction, unit, broken())
    assert list(run.sink.staged(transaction)) == []
    assert not list((tmp_path / "out" / "_lakescan" / "r1").rglob("staged/*"))


def test_modes(copy: Callable, lake: Path, tmp_path: Path) -> None:
    copy().go()
    with pytest.raises(UsageError, match="something stands there"):
        copy("r2").begin()
    foreign = tmp_path / "out" / "foreign.txt"
    foreign.write_text("not ours")
    (lake / "a.csv").rename(lake / "new.csv")
    copy("r3", Mode.UPDATE).go()
    assert seen(tmp_path / "out").keys() == OUTPUTS | {"new.csv", "foreign.txt"}
    copy("r4", Mode.REPLACE).go()
    assert seen(tmp_path / "out").keys() == (OUTPUTS - {"a.csv"}) | {"new.csv", "foreign.txt"}


def test_a_commit_on_top_of_another_run_is_refused(copy: Callable, tmp_path: Path) -> None:
    late = copy("late", Mode.REPLACE)
    transaction = late.begin()
    staged = late.stage(transaction, late.units(transaction))
    copy("r1", Mode.REPLACE).go()
    with pytest.raises(ChangedSourceError, match="another run was committed"):
        late.sink.commit(transaction, staged)
    late.sink.abort(transaction)
    assert hidden_leftovers(tmp_path / "out") == []


def test_what_cannot_be_planned(lake: Path, tmp_path: Path, copy: Callable) -> None:
    run = copy(to=str(lake), mode=Mode.REPLACE)
    with pytest.raises(UsageError, match="over itself"):
        run.units(run.begin())
    with pytest.raises(UnknownNameError, match="format to write"):
        sink_for("/x").begin(Target(str(tmp_path / "o"), "r", format="word"))
    with pytest.raises(UnknownNameError, match="sink scheme"):
        sink_for("gopher://x")
    with pytest.raises(UsageError, match="names no run"):
        sink_for("/x").begin(Target(str(tmp_path / "o"), "a/b"))


def test_another_format(lake: Path, tmp_path: Path, copy: Callable, scan: Callable) -> None:
    run = copy()
    run.target = Target(str(tmp_path / "out"), "r1", format="parquet")
    assert run.go().rows == 200
    assert seen(tmp_path / "out").keys() == {"a.parquet", "b.parquet", *OUTPUTS} - {
        "a.csv",
        "b.jsonl",
    }
    assert pq.read_table(tmp_path / "out" / "b.parquet").schema.names == ["id", "n"]


def test_a_partition_value_that_changes_changes_the_path(copy: Callable, tmp_path: Path) -> None:
    run = copy()
    transaction = run.begin()
    *_, unit = run.units(transaction)
    rows = [pa.record_batch({"id": [1, 2], "c": ["x", None], "day": ["<a/b>", "<a/b>"]})]
    staged = run.sink.stage(transaction, unit, rows)
    run.sink.commit(transaction, [staged])
    (name,) = seen(tmp_path / "out")
    assert name.startswith("p/day=%3Ca%2Fb%3E/part-0-")
    assert name.endswith(".parquet")
    table = pq.ParquetFile(tmp_path / "out" / name).read()
    assert table.schema.names == ["id", "c"]
    mixed = [pa.record_batch({"id": [1, 2], "c": ["x", None], "day": ["a", "b"]})]
    other = copy("r2", Mode.UPDATE)
    with pytest.raises(UsageError, match="several values"):
        other.sink.stage(other.begin(), unit, mixed)


def test_rows_of_no_file_become_parts(tmp_path: Path, lake: Path, copy: Callable) -> None:
    """A dataset of a database, say: a folder of its name, a file a split."""
    from lakescan.connectors import Dataset, FileFormat, Split

    splits = tuple(
        Split("postgresql://h/db/people", "1", FileFormat("table"), i, i + 1, "key") for i in (0, 1)
    )
    dataset = Dataset("postgresql://h/db/people", "table", "1", splits)
    sink = sink_for(str(tmp_path))
    transaction = sink.begin(Target(str(tmp_path / "db"), "r1"))
    units = list(sink.plan(transaction, dataset, Origin("postgresql://h/db")))
    assert [u.output for u in units] == ["people/part-00000.parquet", "people/part-00001.parquet"]
    assert len({u.id for u in units}) == 2
    with pytest.raises(UsageError, match="no batch"):
        sink.stage(transaction, units[0], [])
    staged = [
        sink.stage(transaction, u, [pa.record_batch({"a": [i]})]) for i, u in enumerate(units)
    ]
    assert sink.commit(transaction, staged).rows == 2


def test_two_units_of_one_output_are_refused(copy: Callable) -> None:
    from dataclasses import replace

    run = copy()
    transaction = run.begin()
    (one, *_) = run.stage(transaction, run.units(transaction))
    with pytest.raises(UsageError, match="written twice"):
        run.sink.commit(transaction, [one, replace(one, unit="other")])


def test_a_format_that_is_only_read(tmp_path: Path, one: Callable, copy: Callable) -> None:
    from lakescan.connectors import Dataset, FileFormat, Split

    split = Split("/lake/letter.docx", "1", FileFormat("word"))
    dataset = Dataset("/lake/letter.docx", "word", "1", (split,))
    run = copy()
    with pytest.raises(UnsupportedError, match="not written"):
        list(run.sink.plan(run.begin(), dataset, Origin("/lake")))


@pytest.mark.s3
def test_on_s3(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, copy: Callable, lake: Path
) -> None:
    """The same road on an object store, with racing workers and racing drivers."""
    for name, value in s3_server.env().items():
        monkeypatch.setenv(name, value)
    to = f"s3://lake/sink-{time.time_ns()}"
    run = copy(to=to)
    client = s3_server.client()
    prefix = to.removeprefix("s3://lake/")

    def keys() -> list[str]:
        found = client.list_objects_v2(Bucket="lake", Prefix=f"{prefix}/").get("Contents", [])
        return [item["Key"].removeprefix(f"{prefix}/") for item in found]

    transaction = run.begin()
    units = run.units(transaction) * 3
    with ThreadPoolExecutor(6) as pool:
        staged = list(pool.map(lambda u: run.stage(transaction, [u])[0], units))
    assert len(set(staged)) == 3
    assert {key.split("/")[0] for key in keys()} == {"_lakescan"}
    rival = copy("rival", Mode.REPLACE, to)
    rivals = rival.begin()
    rival_staged = rival.stage(rivals, rival.units(rivals))
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: run.sink.commit(transaction, staged), range(4)))
    assert len(set(outcomes)) == 1
    assert {key for key in keys() if key[0] != "_"} == OUTPUTS
    with pytest.raises(ChangedSourceError, match="another run"):
        rival.sink.commit(rivals, rival_staged)
    rival.sink.abort(rivals)
    assert sum(key.startswith("_lakescan") for key in keys()) == 4
    body = client.get_object(Bucket="lake", Key=f"{prefix}/a.csv")["Body"].read()
    assert body == (lake / "a.csv").read_bytes()
    back = lake.parent / "back"
    assert copy("r5", to=str(back)).go().rows == 200
