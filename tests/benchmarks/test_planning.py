"""benchmarks/planning.py runs, on inputs too small for its figures to mean anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "planning.py"

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("unmeasured")]


def test_every_object_is_planned_once(tmp_path):
    figures = tmp_path / "figures.json"
    command = [sys.executable, SCRIPT, "--data", tmp_path / "data", "--json", figures]
    command += ["--objects", "10", "1200", "--listed", "2100", "--size", "1"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr

    result = json.loads(figures.read_text())
    assert [one["units"] for one in result["objects"]] == [10, 1200]
    assert [one["units"] for one in result["listed"]] == [2100]
    assert result["terabyte_hours"] > 0
    assert "a terabyte:" in run.stdout
    assert list((tmp_path / "data").glob("tmp*")) == []
