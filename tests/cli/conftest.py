"""The program as a user runs it, and a small lake to run it on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

NAMES = ("id", "email", "launched")


def person(row: int) -> str:
    return f"{row},user{row:03}@example{row % 7}.org,2021-03-{row % 28 + 1:02}"


@pytest.fixture
def lake(tmp_path) -> Path:
    """Two tables: one with e-mail addresses, one with nothing."""
    folder = tmp_path / "lake"
    folder.mkdir()
    rows = "\n".join(map(person, range(60)))
    (folder / "people.csv").write_text(",".join(NAMES) + "\n" + rows + "\n")
    table = pa.table({"sku": list(range(50)), "stock": [n * 3 % 17 for n in range(50)]})
    pq.write_table(table, folder / "stock.parquet")
    return folder


@pytest.fixture
def broken(lake) -> Path:
    """A Parquet file cut off in its middle, beside the good ones."""
    whole = (lake / "stock.parquet").read_bytes()
    (lake / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    return lake


class Program:
    """``lakescan`` in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, *args, env=None, **more) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*args), env=self.environment(env), cwd=self._folder, capture_output=True,
            encoding="utf-8", timeout=240, **({"stdin": subprocess.DEVNULL} if "input" not in more else {}), **more,
        )  # fmt: skip

    def command(self, *args) -> list[str]:
        return [sys.executable, "-m", "lakescan", *map(str, args)]

    def environment(self, more=None) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "LAKESCAN_"))
        }
        return kept | {"NO_COLOR": "1", "COLUMNS": "120", "PYTHONWARNINGS": "ignore"} | (more or {})


@pytest.fixture
def lakescan(tmp_path) -> Program:
    return Program(tmp_path)
