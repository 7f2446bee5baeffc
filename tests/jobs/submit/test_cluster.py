"""A Ray cluster of three nodes takes jobs of lakescan's, and loses nodes and drivers meanwhile."""

from __future__ import annotations

import json
import time
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.reports.folder import read_splits

pytestmark = [pytest.mark.ray, pytest.mark.slow]

FILES = 36
POLICY = """
accuracy_mode: patterns
anonymize:
  rules:
    - {entities: EMAIL_ADDRESS, operator: slow_hash}
"""


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """One table in many files."""
    folder = tmp_path_factory.mktemp("lake") / "people"
    folder.mkdir()
    for part in range(FILES):
        rows = [f"{part * 20 + row},user{part * 20 + row}@example.com" for row in range(20)]
        (folder / f"part-{part:03d}.csv").write_text("\n".join(["id,email", *rows, ""]))
    return folder


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    path = tmp_path_factory.mktemp("policy") / "policy.yaml"
    path.write_text(POLICY)
    return path


def kept(out):
    """What of a run must not depend on how it went."""
    value = json.loads((out / "run.json").read_text())
    return value["status"], value["rows_scanned"], value["errors"]


def columns(out):
    return pq.read_table(out / "columns.parquet")


def await_files(pattern, count, folder):
    deadline = time.monotonic() + 180
    while len(list(Path(folder).glob(pattern))) < count:
        assert time.monotonic() < deadline, f"no {count} files {pattern} in {folder}"
        time.sleep(0.02)


def kill_driver(word, out):
    """End the process of the job that writes there at once, as a machine that dies does."""
    drivers = [
        process
        for process in psutil.process_iter(["cmdline"])
        if {"-m", "lakescan", "--engine", word, str(out)} <= set(process.info["cmdline"] or ())
    ]
    assert len(drivers) == 1
    drivers[0].kill()


def job_id(ran):
    return next(word.rstrip(",") for word in ran.stderr.split() if word.startswith("lakescan-"))


def test_a_run_is_submitted_once_and_its_exit_code_is_handed_on(
    cluster, lake, policy, wheel, tmp_path
):
    scan = ["--output", tmp_path / "run", "--policy", policy, "--wheel", wheel]
    first = cluster.submit("scan", lake, *scan, "--fail-on", "sensitive")
    assert first.returncode == 1, first.stdout + first.stderr
    assert "EMAIL_ADDRESS" in first.stdout
    report = json.loads((tmp_path / "run/run.json").read_text())
    assert report["engine"] == "ray"
    assert report["versions"]["lakescan"] == f"{lakescan.__version__}+wheel"

    # In another order, it is the same run, and it has its answer.
    again = cluster.submit("scan", "--fail-on", "sensitive", *scan, lake)
    assert (again.returncode, job_id(again)) == (1, job_id(first))
    assert "attached to" in again.stderr
    assert "EMAIL_ADDRESS" in again.stdout
    status = cluster.submit("status", job_id(first))
    assert (status.returncode, "failed, exit code 1" in status.stdout) == (1, True)


def test_a_job_is_cancelled(cluster, lake):
    begun = cluster.submit("scan", lake, "--no-wait", "--env", "SLOW_DETECTOR=9")
    assert begun.returncode == 0, begun.stderr
    stopped = cluster.submit("cancel", job_id(begun))
    assert "stopped, exit code 130" in stopped.stdout


def test_a_scan_outlives_a_node_and_its_driver(cluster, lake, tmp_path):
    out, quiet = tmp_path / "run", tmp_path / "undisturbed"
    scan = ["scan", lake, "--accuracy-mode", "patterns"]
    sent = [*scan, "--output", out, "--worker-cpus", "0.9"]
    begun = cluster.submit(*sent, "--no-wait", "--env", "SLOW_DETECTOR=0.4")
    assert begun.returncode == 0, begun.stderr
    await_files("_lakescan/*/parts/*.arrow", 1, out)
    cluster.kill()
    done = len(list(out.glob("_lakescan/*/parts/*.arrow")))
    await_files("_lakescan/*/parts/*.arrow", done + 1, out)
    kill_driver("scan", out)
    assert not (out / "run.json").exists()
    lost = cluster.submit("logs", job_id(begun), "--follow")
    assert lost.returncode not in (0, 1)

    resumed = cluster.submit(*sent)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    statuses = [s.status for s in read_splits(lambda name: (out / name).read_bytes())]
    assert 0 < statuses.count("reused") < len(statuses) == FILES
    undisturbed = cluster.lakescan(*scan, "--engine", "local", "--output", quiet)
    assert undisturbed.returncode == 0, undisturbed.stderr
    assert kept(out) == kept(quiet) == ("complete", FILES * 20, [])
    assert columns(out).equals(columns(quiet))


def test_an_anonymize_outlives_a_node_and_its_driver(cluster, lake, policy, tmp_path):
    safe, quiet = tmp_path / "safe", tmp_path / "undisturbed"
    job = ["anonymize", lake, "--policy", policy]
    begun = cluster.submit(*job, "--to", safe, "--no-wait", "--env", "SLOW_OPERATOR=0.5")
    assert begun.returncode == 0, begun.stderr
    await_files("_lakescan/*/receipts/*.json", 3, safe)
    cluster.kill()
    done = len(list(safe.glob("_lakescan/*/receipts/*.json")))
    await_files("_lakescan/*/receipts/*.json", done + 2, safe)
    kill_driver("anonymize", safe)
    assert [path.name for path in safe.iterdir()] == ["_lakescan"]
    lost = cluster.submit("logs", job_id(begun), "--follow")
    assert lost.returncode not in (0, 1)

    resumed = cluster.submit(*job, "--to", safe)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    undisturbed = cluster.lakescan(*job, "--engine", "local", "--to", quiet)
    assert undisturbed.returncode == 0, undisturbed.stderr
    assert written(safe) == written(quiet)
    ids = [line.split(",")[0] for text in written(safe).values() for line in text.splitlines()[1:]]
    assert sorted(map(int, ids)) == list(range(FILES * 20))


def written(target):
    paths = sorted(path for path in target.rglob("*.csv") if "_lakescan" not in path.parts)
    return {str(path.relative_to(target)): path.read_text() for path in paths}
