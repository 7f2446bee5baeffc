"""The application in infra/spark is one that the image holds, and that Spark and lakescan run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import lakescan

ROOT = Path(__file__).parents[2]
SPEC = yaml.safe_load((ROOT / "infra" / "spark" / "sparkapplication.yaml").read_text())["spec"]
BIN = Path(sys.executable).parent
SCHEME = "local://"


def path_of_the_application():
    ask = [sys.executable, "-m", "lakescan.spark.submit"]
    return subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()


def test_the_application_lies_where_the_image_has_it():
    docker = (ROOT / "infra" / "docker" / "Dockerfile").read_text()
    (python,) = re.findall(r"^ARG PYTHON=(\S+)", docker, re.MULTILINE)
    (environment,) = re.findall(r"^RUN python -m venv --copies (\S+)$", docker, re.MULTILINE)
    package = Path(lakescan.__file__).parent
    inside = Path(path_of_the_application()).relative_to(package)
    place = f"{environment}/lib/python{python}/site-packages/lakescan/{inside.as_posix()}"
    assert SPEC["mainApplicationFile"] == f"{SCHEME}{place}"


def test_the_containers_are_those_that_spark_fills_in():
    for role in ("driver", "executor"):
        (container,) = SPEC[role]["template"]["spec"]["containers"]
        assert container["name"] == f"spark-kubernetes-{role}"


@pytest.mark.spark
def test_spark_runs_it_with_its_settings_and_arguments(tmp_path):
    rows = "".join(f"{n},user{n}@example.org\n" for n in range(60))
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "a.csv").write_text(f"id,email\n{rows}")
    places = {"s3://lake-runs/": f"{tmp_path}/runs/", "s3://lake/": f"{tmp_path}/lake/"}
    words = list(SPEC["arguments"])
    for uri, place in places.items():
        words = [word.replace(uri, place) for word in words]
    settings = [word for pair in SPEC["sparkConf"].items() for word in ("--conf", "=".join(pair))]
    submit = [BIN / "spark-submit", "--master", "local[2]", *settings]
    env = os.environ | {"PYSPARK_PYTHON": sys.executable, "PATH": f"{BIN}:{os.environ['PATH']}"}
    ran = subprocess.run(
        [*submit, f"{SCHEME}{path_of_the_application()}", *words, "--accuracy-mode", "patterns"],
        capture_output=True, text=True, env=env,
    )  # fmt: skip
    assert ran.returncode == 1, ran.stderr  # --fail-on: there are addresses
    found = json.loads((tmp_path / "runs" / "lake" / "run.json").read_text())
    assert (found["engine"], found["rows_scanned"]) == ("spark", 60)
