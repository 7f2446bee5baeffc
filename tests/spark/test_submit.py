"""What ``spark-submit`` is given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


def path_of_the_application():
    ask = [sys.executable, "-m", "lakescan.spark.submit"]
    return subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.spark
def test_the_command_line_runs_on_the_spark_it_was_submitted_to(tmp_path):
    rows = "".join(f"{n},user{n}@example.org\n" for n in range(60))
    (tmp_path / "a.csv").write_text(f"id,email\n{rows}")
    submit = [BIN / "spark-submit", "--master", "local[2]", "--conf", "spark.ui.enabled=false"]
    scan = ["scan", tmp_path / "a.csv", "--output", tmp_path / "run", "--accuracy-mode", "patterns"]
    env = os.environ | {"PYSPARK_PYTHON": sys.executable, "PATH": f"{BIN}:{os.environ['PATH']}"}
    ran = subprocess.run(
        [*submit, path_of_the_application(), *scan, "--fail-on", "EMAIL_ADDRESS"],
        capture_output=True, text=True, env=env,
    )  # fmt: skip
    assert ran.returncode == 1, ran.stderr
    found = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (found["engine"], found["rows_scanned"]) == ("spark", 60)


def test_the_environment_names_the_engine(tmp_path):
    (tmp_path / "a.csv").write_text("id\n1\n")
    for name, code in (("local", 0), ("flink", 2)):
        ran = subprocess.run(
            [sys.executable, "-m", "lakescan", "scan", tmp_path / "a.csv"],
            capture_output=True,
            env=os.environ | {"LAKESCAN_ENGINE": name},
        )
        assert ran.returncode == code
