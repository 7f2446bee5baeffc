"""Every exit code, by a real case in a real process; errors are one line without a traceback."""

import json
import os
import signal
import subprocess
import time

import pytest


def one_line(result):
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("lakescan: ")
    return lines[0]


def test_0_where_no_gate_is_asked(lakescan, lake):
    result = lakescan("scan", lake, "-f", "json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["status"] == "complete"
    assert result.stderr == ""


def test_0_where_the_gate_holds(lakescan, lake):
    assert lakescan("scan", lake, "--fail-on", "CREDIT_CARD").returncode == 0


def test_1_where_a_gate_trips(lakescan, lake):
    result = lakescan(
        "scan", lake, "-f", "json", "--fail-on", "CREDIT_CARD", "--fail-on", "EMAIL_ADDRESS>0.5"
    )
    assert result.returncode == 1
    assert json.loads(result.stdout)["status"] == "complete"
    assert one_line(result) == (
        "lakescan: gate 'EMAIL_ADDRESS>0.5' tripped by 1 finding: people.csv: email (EMAIL_ADDRESS)"
    )


def test_1_where_the_policys_gate_trips(lakescan, lake, tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\ngates: [sensitive]\n")
    assert lakescan("classify", lake / "people.csv", "--policy", policy).returncode == 1


def test_2_where_the_command_makes_no_sense(lakescan):
    result = lakescan("scan", "x", "--bogus")
    assert result.returncode == 2
    assert "No such option: --bogus" in one_line(result)
    assert result.stdout == ""


def test_2_where_the_policy_is_wrong(lakescan, lake, tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nthresholds: {defalt: 0.5}\n")
    result = lakescan("scan", lake, "--policy", policy)
    assert result.returncode == 2
    assert "thresholds.defalt" in one_line(result)
    assert "did you mean 'default'" in result.stderr


def test_2_with_help_where_no_command_is_given(lakescan):
    result = lakescan()
    assert result.returncode == 2
    assert "Usage: lakescan" in result.stdout


def test_3_where_there_is_nothing(lakescan):
    result = lakescan("scan", "/no/such/place")
    assert result.returncode == 3
    assert "/no/such/place" in one_line(result)


def test_3_where_there_is_no_run(lakescan, tmp_path):
    result = lakescan("report", tmp_path)
    assert result.returncode == 3
    assert "no finished run" in one_line(result)


def test_3_where_the_run_folder_is_broken(lakescan, tmp_path):
    (tmp_path / "run.json").write_text("{}")
    result = lakescan("report", tmp_path)
    assert result.returncode == 3
    assert "not a run folder" in one_line(result)


def test_3_where_the_one_file_cannot_be_read(lakescan, broken):
    result = lakescan("classify", broken / "cut.parquet", "-f", "json")
    assert result.returncode == 3
    assert json.loads(result.stdout)["status"] == "failed"
    assert "CorruptFile" in one_line(result)


@pytest.mark.s3
def test_3_with_wrong_credentials(lakescan, s3_server):
    result = lakescan(
        "scan", "s3://lake/x", env=s3_server.env(("AKIANOBODY0000000000", "wrong-secret"))
    )
    assert result.returncode == 3
    assert "s3://lake" in one_line(result)
    assert "wrong-secret" not in result.stderr


@pytest.mark.s3
def test_3_without_a_bucket(lakescan, s3_server):
    result = lakescan("scan", "s3://no-such-bucket/x", env=s3_server.env())
    assert result.returncode == 3
    assert "no-such-bucket" in one_line(result)


@pytest.mark.s3
def test_a_run_kept_in_a_bucket_is_shown_and_compared_again(lakescan, lake, s3_server):
    s3_server.client().create_bucket(Bucket="runs")
    env = s3_server.env()
    run = "s3://runs/nightly/1"
    scanned = lakescan("scan", lake, "--output", run, "-f", "json", env=env)
    assert scanned.returncode == 0, scanned.stderr
    assert lakescan("report", run, "-f", "json", env=env).stdout == scanned.stdout
    again = lakescan(
        "scan", lake, "--baseline", run, "--fail-on", "sensitive", "-f", "jsonl", env=env
    )
    assert again.returncode == 0, again.stderr


def test_4_where_one_file_is_broken_and_the_rest_is_reported(lakescan, broken):
    result = lakescan("scan", broken, "-f", "json")
    assert result.returncode == 4
    value = json.loads(result.stdout)
    assert value["status"] == "partial"
    assert len(value["datasets"]) >= 2
    assert "cut.parquet: CorruptFile" in one_line(result)


def test_1_counts_more_than_4(lakescan, broken):
    assert lakescan("scan", broken, "--fail-on", "sensitive").returncode == 1


def test_130_where_it_is_interrupted_and_a_resume_ends_it(lakescan, tmp_path):
    """Ctrl-C reaches the whole process group, workers included, and no one prints a traceback."""
    lake = tmp_path / "many"
    lake.mkdir()
    row = "Ann Lee writes to ann.lee@example.org about 202-555-0142 and more\n"
    for number in range(40):
        (lake / f"notes_{number}.txt").write_text("".join(f"{n} {row}" for n in range(4000)))
    run = tmp_path / "run"
    args = ("scan", lake, "--output", run, "-f", "json", "--workers", 2)
    process = subprocess.Popen(
        lakescan.command(*args), env=lakescan.environment(), start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not run.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert out == ""
    assert err.splitlines() == [
        "lakescan: interrupted (a scan with --output goes on with --resume)"
    ]

    result = lakescan(*args, "--resume", "--quiet")
    assert result.returncode == 0, result.stderr
    assert sum(dataset["rows"] for dataset in json.loads(result.stdout)["datasets"]) == 160_000


def test_a_fault_of_lakescans_own_shows_no_values_and_no_traceback(lakescan, tmp_path):
    """A plug-in that breaks is a fault: its message may quote data, so it is not repeated."""
    (tmp_path / "sitecustomize.py").write_text(
        "import lakescan.jobs.detect as d\n"
        "def broken(*_, **__): raise ValueError('secret 123-45-6789')\n"
        "d.detect = broken\n"
    )
    result = lakescan("detect", "x", env={"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 3
    assert "ValueError" in one_line(result)
    assert "123-45-6789" not in result.stderr
    debug = lakescan("detect", "x", env={"PYTHONPATH": str(tmp_path), "LAKESCAN_DEBUG": "1"})
    assert "Traceback" in debug.stderr


def test_a_reader_that_has_enough_is_no_error(lakescan, lake):
    command = " ".join(lakescan.command("entities", "list", "-f", "json"))
    shell = f"{command} | head -c 10; exit ${{PIPESTATUS[0]}}"
    result = subprocess.run(
        ["bash", "-c", shell], env=lakescan.environment(), capture_output=True, text=True
    )
    assert result.stderr == ""
    assert result.returncode == 0
