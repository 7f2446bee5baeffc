"""``lakescan submit`` reads the job's command line before any cluster does."""

from __future__ import annotations

import itertools

import pytest
import typer

from lakescan.cli.submitted import submitted_command
from lakescan.errors import UsageError


def test_the_order_of_options_does_not_matter_and_paths_become_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one = submitted_command("scan", ["lake", "-o", "run", "--fail-on", "PCI", "--full", "-vv"])
    two = submitted_command("scan", ["-v", "--full", "--fail-on=PCI", "lake", "--output=run", "-v"])
    assert one == two
    assert one[-2:] == ("--", str(tmp_path / "lake"))
    assert one[one.index("--output") + 1] == str(tmp_path / "run")
    assert one.count("--verbose") == 2


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("scan", ["lake", "--output", "run", "--baseline", "old"]),
        ("anonymize", ["lake", "--to", "safe", "--scan-output", "run", "--report", "a.html"]),
        ("verify", ["safe", "--against", "lake", "--report", "a.html", "--report", "a.json"]),
    ],
)
def test_every_place_of_a_job_is_told_whole(verb, given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    places = [word for word in submitted_command(verb, given) if not word.startswith("--")]
    assert all(word.startswith(f"{tmp_path}/") for word in places)
    assert len(places) == sum(not word.startswith("--") for word in given)


def test_sizes_choices_and_repeated_options_arrive():
    given = ["s3://a", "s3://b", "--max-bytes", "2GiB", "--include", "*.csv", "--include", "*.json"]
    made = submitted_command("scan", [*given, "--format", "json"])
    assert made == (
        "--format", "json", "--include", "*.csv", "--include", "*.json",
        "--max-bytes", str(2 << 30), "--", "s3://a", "s3://b",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("scan", ["s3://a"]),
        ("anonymize", ["s3://a", "--to", "s3://b"]),
        ("verify", ["s3://b", "--against", "s3://a"]),
    ],
)
def test_every_job_says_what_its_workers_need(verb, given):
    needs = ["--workers", "9", "--worker-cpus", "0.5", "--worker-memory", "2GiB"]
    made = submitted_command(verb, [*given, *needs, "--worker-resource", "highmem=1"])
    told = dict(itertools.pairwise(made))
    assert (told["--workers"], told["--worker-cpus"]) == ("9", "0.5")
    assert (told["--worker-memory"], told["--worker-resource"]) == (str(2 << 30), "highmem=1")


def test_a_key_file_is_named_by_its_whole_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = submitted_command("anonymize", ["s3://a", "--to", "s3://b", "--key", "file:key.yaml"])
    assert f"file:{tmp_path}/key.yaml" in made


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (["s3://a", "--engine", "local"], UsageError),
        (["s3://a", "--show-data"], UsageError),
        (["s3://a", "--nonsense"], Exception),
        (["s3://a", "--max-bytes", "lots"], typer.BadParameter),
        ([], Exception),
    ],
)
def test_a_command_line_that_suits_no_job_is_refused(given, error):
    with pytest.raises(error):
        submitted_command("scan", given)


def test_a_wrong_option_is_said_without_a_cluster(lakescan):
    nowhere = ["--address", "http://127.0.0.1:1"]
    ran = lakescan("submit", "scan", "lake", "--nonsense", *nowhere)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--nonsense" in ran.stderr
    ran = lakescan("submit", "scan", "lake", "--env", "TOKEN=abcdef", *nowhere)
    assert ran.returncode == 2
    assert "abcdef" not in ran.stderr
    ran = lakescan("submit", "scan", "lake", *nowhere)
    assert ran.returncode == 3
    assert "no Ray cluster answers" in ran.stderr
