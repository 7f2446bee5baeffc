"""benchmarks/service.py runs, for so short a time that its figures mean nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "service.py"


@pytest.mark.bench
@pytest.mark.usefixtures("unmeasured")
def test_the_service_answers_all_it_is_asked(tmp_path):
    figures = tmp_path / "figures.json"
    options = ["--seconds", "1", "--connections", "2", "--only", "patterns", "--json", figures]
    run = subprocess.run([sys.executable, SCRIPT, *options], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    (line,) = json.loads(figures.read_text())
    assert line["requests"] > 0
    assert line["failed"] == 0
    assert line["p50_ms"] <= line["p99_ms"]
