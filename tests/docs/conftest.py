"""A folder per page, with the demo lake in it, where the page's commands are run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def demo_lake(tmp_path_factory):
    """The demo lake, as `make demo` builds it."""
    lake = tmp_path_factory.mktemp("demo") / "lake"
    subprocess.run([sys.executable, ROOT / "demo" / "build_lake.py", lake], check=True)
    return lake


@pytest.fixture
def desk(demo_lake, tmp_path, monkeypatch):
    """Where a reader of the docs sits: in a folder with ``demo/lake``, lakescan on the PATH."""
    shutil.copytree(demo_lake, tmp_path / "demo" / "lake")
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path
