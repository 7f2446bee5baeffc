"""benchmarks/databases.py runs, on tables too small for its figures to mean anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "benchmarks" / "databases.py"

pytestmark = [
    pytest.mark.bench,
    pytest.mark.postgresql,
    pytest.mark.usefixtures("unmeasured"),
]


def test_every_way_reads_every_row_and_leaves_nothing(tmp_path, postgres_server):
    postgres_server.run("postgres", "DROP DATABASE IF EXISTS bench", "CREATE DATABASE bench")
    told = tmp_path / "told.json"
    command = [sys.executable, BENCH, postgres_server.uri("bench"), "--rows", "2000"]
    command += ["--tables", "4", "--json", told]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    figures = json.loads(told.read_text())
    assert {each["way"]: each["rows"] for each in figures} == dict.fromkeys(
        ("psql", "sqlalchemy", "read", "scan"), 2000
    )
    # Of two thousand rows psql's share may be less than a tick of the system's clock.
    assert all(each["cpu_seconds"] >= 0 for each in figures)
    assert next(each for each in figures if each["way"] == "scan")["cpu_seconds"] > 0
    assert "made-up-for-tests" not in run.stdout
    schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'lakescan_benchmark'"
    assert postgres_server.run("bench", schemas) == [(0,)]
