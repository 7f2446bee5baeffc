from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from ray_nodes import ROOT, started

import lakescan

#: Detectors and operators that take their time.
SLOW = Path(__file__).parent / "slow"


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
    path = os.pathsep.join(map(str, (SLOW, ROOT)))
    with started(tmp_path_factory.mktemp("cluster"), 2, {"PYTHONPATH": path}) as nodes:
        yield nodes
