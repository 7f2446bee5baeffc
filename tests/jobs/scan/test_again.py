"""Runs that go on after a kill, and runs that read only what changed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

import lakescan
from lakescan import Output
from lakescan.errors import ChangedSourceError
from lakescan.jobs.ledger.book import Book
from lakescan.jobs.ledger.folder import RunFolder
from lakescan.reports.folder import read_splits
from lakescan.udfs.detect import detector_set

#: Writes each unit down as it ends, and after three of them waits for its end.
DRIVER = """
import signal, sys
from pathlib import Path
import lakescan
from lakescan.jobs.ledger import book
from lakescan.jobs.scan import task
read, book.PART_SECONDS = task.read, 0
def waiting(split, request):
    if len(list(Path(sys.argv[2]).glob("_lakescan/*/parts/*.arrow"))) >= 3:
        signal.pause()
    return read(split, request)
task.read = waiting
lakescan.scan(sys.argv[1], output=sys.argv[2])
"""


def statuses(out):
    return [s.status for s in read_splits(lambda name: (out / name).read_bytes())]


def kill_in_the_middle(lake, out):
    driver = subprocess.Popen([sys.executable, "-c", DRIVER, str(lake), str(out)])
    deadline = time.monotonic() + 120
    while len(list(out.glob("_lakescan/*/parts/*.arrow"))) < 3:
        assert driver.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    driver.send_signal(signal.SIGKILL)
    assert driver.wait() == -signal.SIGKILL


def test_a_killed_driver_is_resumed_where_it_was(make_lake, tmp_path, reads, findings):
    lake, out = make_lake(20), tmp_path / "out"
    kill_in_the_middle(lake, out)
    assert not (out / "run.json").exists()

    resumed = lakescan.scan(str(lake), output=Output(str(out), resume=True))
    reused = statuses(out).count("reused")
    assert 0 < reused < 20
    assert len(reads) == len(set(reads)) == 20 - reused

    assert findings(resumed) == findings(lakescan.scan(str(lake)))
    assert len(list((out / "_lakescan").iterdir())) == 1, "the run kept its name"


def test_resuming_a_finished_run_reads_nothing(make_lake, tmp_path, reads, findings):
    lake, out = make_lake(5), tmp_path / "out"
    first = lakescan.scan(str(lake), output=str(out))
    reads.clear()
    second = lakescan.scan(str(lake), output=Output(str(out), resume=True))
    assert reads == []
    assert findings(second) == findings(first)


def test_without_resume_everything_is_read_again(make_lake, tmp_path, reads):
    lake, out = make_lake(5), tmp_path / "out"
    lakescan.scan(str(lake), output=str(out))
    reads.clear()
    lakescan.scan(str(lake), output=str(out))
    assert len(reads) == 5
    assert len(list((out / "_lakescan").glob("*/parts/*"))) == 1, "the old ledger is gone"


def test_an_incremental_run_reads_what_changed(make_lake, tmp_path, reads, findings):
    lake, out = make_lake(20), tmp_path / "out"
    lakescan.scan(str(lake), output=str(out))
    touched = lake / "part-0007.csv"
    touched.write_text(touched.read_text() + "7000,zoe@example.net,202-555-0199\n")
    (lake / "part-0003.csv").unlink()
    reads.clear()

    second = lakescan.scan(str(lake), output=Output(str(out), incremental=True))
    assert reads == [str(touched)]
    assert sorted(statuses(out)) == ["complete"] + ["reused"] * 18
    assert second.value.rows_scanned == 191
    assert findings(second) == findings(lakescan.scan(str(lake)))

    reads.clear()
    third = lakescan.scan(str(lake), output=Output(str(out), incremental=True))
    assert reads == []
    assert findings(third) == findings(second)


def test_another_policy_reuses_nothing(make_lake, tmp_path, reads):
    lake, out = make_lake(3), tmp_path / "out"
    lakescan.scan(str(lake), output=str(out))
    reads.clear()
    policy = lakescan.Policy.parse("version: 1\nthresholds: {default: 0.7}\n")
    lakescan.scan(str(lake), policy, output=Output(str(out), incremental=True))
    assert len(reads) == 3


def test_other_code_of_detection_reuses_nothing(make_lake, tmp_path, reads, monkeypatch):
    lake, out = make_lake(3), tmp_path / "out"
    lakescan.scan(str(lake), output=str(out))
    reads.clear()
    monkeypatch.setattr(detector_set, "revision", lambda: "00000000")
    lakescan.scan(str(lake), output=Output(str(out), incremental=True))
    assert len(reads) == 3
    lakescan.scan(str(lake), output=Output(str(out), incremental=True))
    assert len(reads) == 3


def test_failed_splits_are_tried_again(make_lake, tmp_path, reads):
    lake, out = make_lake(3), tmp_path / "out"
    bad = lake.parent / "bad.parquet"
    bad.write_bytes(b"PAR1 this is none PAR1")
    assert lakescan.scan(str(lake.parent), output=str(out)).status == "partial"
    bad.unlink()
    reads.clear()
    again = lakescan.scan(str(lake.parent), output=Output(str(out), resume=True))
    assert again.status == "complete"
    assert reads == []


def test_a_run_that_dies_before_its_commit_changes_nothing_that_is_read(
    make_lake, tmp_path, monkeypatch
):
    lake, out = make_lake(3), tmp_path / "out"
    first = lakescan.scan(str(lake), output=str(out))
    before = {path: path.read_bytes() for path in out.iterdir() if path.is_file()}
    (lake / "part-0000.csv").unlink()

    def die(self, manifest, before):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(RunFolder, "commit", die)
        with pytest.raises(KeyboardInterrupt):
            lakescan.scan(str(lake), output=str(out))
    assert {path: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    assert first.value.run_id.encode() in RunFolder(str(out), {}).published("run.json")


def test_of_two_runs_into_one_folder_the_later_commit_is_refused(make_lake, tmp_path):
    lake, out = make_lake(2), tmp_path / "out"
    first = lakescan.scan(str(lake), output=str(out))
    slow = Book(RunFolder(str(out), {}), resume=False)
    quick = lakescan.scan(str(lake), output=str(out))
    with pytest.raises(ChangedSourceError):
        slow.commit(first.value, [])
    assert quick.value.run_id.encode() in (out / "run.json").read_bytes()


def test_a_local_folder_may_be_relative(make_lake, tmp_path, monkeypatch):
    lake = make_lake(1)
    monkeypatch.chdir(tmp_path)
    lakescan.scan(os.path.relpath(lake), output="out")
    assert (tmp_path / "out" / "run.json").exists()
