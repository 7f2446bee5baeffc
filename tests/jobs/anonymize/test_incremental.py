"""A second run writes what has changed, and leaves the target as a whole run would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.errors import UsageError
from lakescan.jobs.anonymize.task import AnonymizeTask

POLICY = """
accuracy_mode: patterns
anonymize:
  rules:
    - {column: customer_id, operator: fpe, domain: customer}
    - {entities: EMAIL_ADDRESS, operator: token, domain: mail}
    - {entities: PERSON, operator: fake}
"""
NOISY = "accuracy_mode: patterns\nanonymize: {rules: [{column: amount, operator: noise}]}"


@pytest.fixture
def shop(lake, tmp_path):
    return Path(shutil.copytree(lake, tmp_path / "shop"))


def run(source, target, policy=POLICY, **more):
    writing = lakescan.Writing(incremental=True, **more)
    rules = lakescan.Policy.parse(policy)
    return lakescan.anonymize(source, target, rules, engine="local", writing=writing)


def kept(result):
    return sum(table.kept for table in result.value.tables)


def contents(target):
    """Each file of a target, but for what Parquet and JSON wrote of when and where."""
    found = {}
    for path in sorted(Path(target).rglob("*")):
        name = path.relative_to(target).as_posix()
        if path.is_file() and not name.startswith("_"):
            parquet = path.suffix == ".parquet"
            found[name] = pq.read_table(path) if parquet else path.read_bytes()
    return found


def places(target):
    """Which file each name is: another inode is another file."""
    return {name: (Path(target) / name).stat().st_ino for name in contents(target)}


def test_what_has_not_changed_is_not_written_again(shop, key, tmp_path, monkeypatch):
    target, runs = tmp_path / "safe", str(tmp_path / "runs")
    first = run(shop, target, scan_output=runs)
    before = places(target)
    assert (kept(first), len(before)) == (0, 4)
    with monkeypatch.context() as patched:
        patched.setattr(AnonymizeTask, "__call__", None)  # whoever writes or reads a unit fails
        patched.setattr("lakescan.jobs.scan.task.ScanTask.__call__", None)
        again = run(shop, target, scan_output=runs)
    assert (kept(again), places(target)) == (4, before)
    assert again.value.rows == first.value.rows

    part = shop / "orders/year=2026/month=02/part.parquet"
    added = shop / "orders/year=2026/month=03/part.parquet"
    added.parent.mkdir()
    shutil.copy(part, added)
    part.unlink()
    third = run(shop, target, scan_output=runs)
    now = places(target)
    assert kept(third) == 3
    assert {name for name, place in now.items() if before.get(name) != place} == {
        "orders/year=2026/month=03/part.parquet"
    }
    assert "orders/year=2026/month=02/part.parquet" not in now
    lakescan.anonymize(shop, tmp_path / "whole", lakescan.Policy.parse(POLICY), engine="local")
    assert contents(target) == contents(tmp_path / "whole")


def test_another_policy_or_key_makes_everything_anew(shop, key, tmp_path, monkeypatch):
    target = tmp_path / "safe"
    run(shop, target)
    before = places(target)
    assert kept(run(shop, target, POLICY.replace("token", "hash"))) == 0
    assert not set(before.values()) & set(places(target).values())
    run(shop, target)
    other = tmp_path / "other.yaml"
    other.write_text(bytes(range(50, 82)).hex())
    other.chmod(0o600)
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(50, 82)).hex())
    made = contents(target)
    assert kept(run(shop, target)) == 0
    assert contents(target) != made


def test_noise_is_not_drawn_twice_for_what_has_not_changed(shop, key, tmp_path):
    target = tmp_path / "safe"
    run(shop, target, NOISY)
    before = contents(target)
    assert kept(run(shop, target, NOISY)) == 4
    assert contents(target) == before


def test_an_output_that_others_touched_is_written_anew(shop, key, tmp_path):
    target = tmp_path / "safe"
    run(shop, target)
    whole = contents(target)
    (target / "crm/customers.csv").write_text("who,knows\n")
    (target / "orders/year=2026/month=01/part.parquet").unlink()
    assert kept(run(shop, target)) == 2
    assert contents(target) == whole


def test_texts_whose_spans_an_earlier_run_exchanged_are_found_as_such(key, tmp_path):
    source = tmp_path / "notes"
    source.mkdir()
    note = "please call her on +1 202 555 01{0} or write to b{0}@x.org before noon"
    table = pa.table({"note": [note.format(n) for n in range(10, 60)]})
    pq.write_table(table, source / "part-1.parquet")
    run(source, tmp_path / "safe")
    (column,) = run(source, tmp_path / "safe").value.tables[0].columns
    assert (column.operator, column.scope, column.found) == ("replace", "spans", 0)


def test_a_run_that_was_cut_goes_on_and_keeps(shop, key, tmp_path, monkeypatch):
    target = tmp_path / "safe"
    run(shop, target)
    before = places(target)
    (shop / "crm/customers.csv").write_text(
        (shop / "crm/customers.csv").read_text().replace("mail-1.com", "mail-8.com")
    )
    with monkeypatch.context() as patched:

        def die(*_):
            raise KeyboardInterrupt

        patched.setattr("lakescan.connectors.sinks.files.sink.FileSink.commit", die)
        with pytest.raises(KeyboardInterrupt):
            run(shop, target)
    assert places(target) == before
    done = run(shop, target, resume=True)
    changed = {name for name, place in places(target).items() if before[name] != place}
    assert (kept(done), changed) == (3, {"crm/customers.csv"})


@pytest.mark.parametrize("target", ["sqlite:///safe.db", "duckdb:///safe.duckdb"])
def test_targets_that_are_written_whole_say_so(shop, key, tmp_path, monkeypatch, target):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="only files are written incrementally"):
        run(shop, target)


@pytest.mark.parametrize("mode", ["update", "in_place"])
def test_modes_that_leave_more_than_the_source_has_are_refused(mode):
    with pytest.raises(UsageError, match="what the source is now"):
        lakescan.Writing(mode, incremental=True)


@pytest.mark.s3
def test_objects_that_were_moved_in_a_store_are_kept_too(shop, key, s3_server, monkeypatch):
    target = "s3://lake/incremental/safe"
    for name, value in s3_server.env().items():
        monkeypatch.setenv(name, value)
    first = run(shop, target)
    again = run(shop, target)
    assert (kept(first), kept(again)) == (0, 4)
