from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ray_nodes import started

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[3]
PYTHON = Path(sys.prefix) / "airflow" / "bin" / "python"
EXAMPLES = ROOT / "lakescan" / "integrations" / "airflow" / "examples"


class Airflow:
    """An Airflow with a database of its own, and a folder of DAGs: the examples and the tests'."""

    def __init__(self, home: Path) -> None:
        self.dags = home / "dags"
        shutil.copytree(HERE / "dags", self.dags)
        for example in EXAMPLES.glob("[a-z]*.py"):
            shutil.copy(example, self.dags)
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RAY_")},
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "PYTHONPATH": str(ROOT),
        }
        self.python("-m", "airflow", "db", "migrate")

    def python(self, *arguments, env=None):
        """Airflow's interpreter."""
        ran = subprocess.run(
            [PYTHON, *map(str, arguments)],
            capture_output=True,
            text=True,
            env=self.env | (env or {}),
            timeout=500,
        )
        assert ran.returncode == 0, ran.stdout[-9000:] + ran.stderr[-9000:]
        return ran

    def run(self, *asked, env=None):
        """Run DAGs, one after the other: (file's name, conf) each; what each gave, and all words."""
        requests = [{"dag": str(self.dags / name), "conf": conf} for name, conf in asked]
        ran = self.python(HERE / "run_dags.py", json.dumps(requests), env=env)
        words = ran.stdout + ran.stderr
        answers = [
            json.loads(line.removeprefix("ANSWER "))
            for line in ran.stdout.splitlines()
            if line.startswith("ANSWER ")
        ]
        assert len(answers) == len(asked)
        return answers, words


@pytest.fixture(scope="session")
def airflow(tmp_path_factory):
    if not PYTHON.exists():
        pytest.skip("Airflow is not installed: make setup-airflow")
    return Airflow(tmp_path_factory.mktemp("airflow"))


@pytest.fixture(scope="module")
def one_node(tmp_path_factory):
    """A Ray cluster that asks for a token."""
    with started(tmp_path_factory.mktemp("cluster"), workers=1) as nodes:
        yield nodes
