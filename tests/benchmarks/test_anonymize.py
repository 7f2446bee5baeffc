from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "benchmarks" / "anonymize.py"


@pytest.mark.bench
@pytest.mark.usefixtures("unmeasured")
def test_every_operator_is_measured(tmp_path):
    told = tmp_path / "told.json"
    command = [sys.executable, BENCH, "--rows", "300", "--json", told]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    figures = json.loads(told.read_text())
    assert {"hash: email", "mask: card", "token: card", "fpe: ssn", "fake: name"} <= set(
        figures["distinct"]
    )
    assert min(figures["distinct"].values()) > 0
    assert figures["prose"] > 0
    assert "spans in prose" in run.stdout
