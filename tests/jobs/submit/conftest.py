from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import lakescan

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
TOKEN = "t" * 64


@dataclass
class Nodes:
    """A running cluster of `cluster.py`, and a shell beside it."""

    process: subprocess.Popen[str]
    env: dict[str, str]
    jobs: str = ""
    head: str = ""

    def lakescan(self, *arguments, env=None):
        """Run the program."""
        return subprocess.run(
            [sys.executable, "-m", "lakescan", *map(str, arguments)],
            capture_output=True,
            text=True,
            env=self.env | (env or {}),
            timeout=200,
        )

    def submit(self, *arguments):
        """``lakescan submit``, to this cluster."""
        return self.lakescan("submit", *arguments, "--address", self.jobs)

    def kill_a_worker(self):
        """One node goes, and all of its processes with it."""
        self.process.stdin.write("kill\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "killed\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel of this lakescan, of a version of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    marked = folder / "marked" / made.name
    marked.parent.mkdir()
    version = f'__version__ = "{lakescan.__version__}'
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(marked, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "lakescan/__init__.py":
                data = data.replace(version.encode(), f"{version}+wheel".encode())
            new.writestr(info, data)
    return marked


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Three nodes, each of one CPU, that ask for a token."""
    with started(tmp_path_factory.mktemp("cluster"), workers=2) as nodes:
        yield nodes


@contextmanager
def started(folder, workers):
    """A cluster of a head and so many workers, until the block ends."""
    pytest.importorskip("ray.cluster_utils")
    env = os.environ | {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": TOKEN,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(HERE / "slow"), str(ROOT)]),
        "RAY_health_check_period_ms": "1000",
        "RAY_health_check_failure_threshold": "3",
    }
    with (folder / "log").open("w") as words:
        process = subprocess.Popen(
            [sys.executable, HERE / "cluster.py", str(workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            text=True,
            env=env,
        )
    line = process.stdout.readline()
    assert line, (folder / "log").read_text()
    try:
        yield Nodes(process, env, **json.loads(line))
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=60)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
