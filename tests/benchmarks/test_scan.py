"""benchmarks/scan.py runs, on inputs too small for its figures to mean anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "scan.py"

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("unmeasured")]


def bench(tmp_path, *options):
    figures = tmp_path / "figures.json"
    command = [sys.executable, SCRIPT, "--data", tmp_path / "data", "--json", figures, *options]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(figures.read_text()), run.stdout


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_speed_goes_over_every_row(tmp_path, file_format):
    options = ["--size", "1", "--format", file_format, "--only", "pyarrow", "local"]
    results, printed = bench(tmp_path, *options)

    rows = {result["rows"] for result in results}
    assert len(rows) == 1
    assert rows.pop() > 1_000
    assert all(result["mb_per_second"] > 0 and result["peak_mb"] > 10 for result in results)
    assert "lakescan local" in printed


def test_memory_repeats_the_input(tmp_path):
    results, printed = bench(tmp_path, "--size", "1", "--memory", "1", "2")

    small, large = results
    assert large["rows"] == 2 * small["rows"]
    assert all(0 < result["planning"] < result["seconds"] for result in results)
    assert "CPU h/TB" in printed


def test_a_peer_that_is_not_installed_is_said_to_have_failed(tmp_path):
    command = [sys.executable, SCRIPT, "--data", tmp_path / "data", "--size", "1"]
    command += ["--only", "presidio", "--peers-python", sys.executable]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 1
    assert "failed: ModuleNotFoundError" in run.stdout
