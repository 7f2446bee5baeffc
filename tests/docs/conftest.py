"""A folder per page, with the demo lake in it, where the page's commands are run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _servers():
    """The fixtures of the databases' tests: their servers serve the guide too."""
    path = ROOT / "tests" / "database_servers.py"
    spec = importlib.util.spec_from_file_location("database_servers", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_SERVERS = _servers()
server_folder, postgres_server = _SERVERS.server_folder, _SERVERS.postgres_server


@pytest.fixture(scope="session")
def demo_lake(tmp_path_factory):
    """The demo lake, as `make demo` builds it."""
    lake = tmp_path_factory.mktemp("demo") / "lake"
    subprocess.run([sys.executable, ROOT / "demo" / "build_lake.py", lake], check=True)
    return lake


@pytest.fixture
def desk(demo_lake, tmp_path, monkeypatch, unmeasured):
    """Where a reader of the docs sits: in a folder with ``demo/lake``, lakescan on the PATH."""
    shutil.copytree(demo_lake, tmp_path / "demo" / "lake")
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


@pytest.fixture
def postgresql_for_docs(postgres_server, monkeypatch):
    """A PostgreSQL that its own variables name, without the databases of other tests."""
    postgres_server.run("postgres", "DROP DATABASE shop")
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(postgres_server.port))
    monkeypatch.setenv("PGUSER", postgres_server.user)
    monkeypatch.setenv("PGPASSWORD", _SERVERS.PASSWORD)
