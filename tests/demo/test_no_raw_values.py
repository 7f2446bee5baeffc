"""Nothing that a scan prints, logs or keeps holds a value as it stands in the data."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

DEMO = Path(__file__).parents[2] / "demo"


def text_of(path: Path) -> str:
    """A kept file as text, whatever its format and compression."""
    data = path.read_bytes()
    if data[:4] == b"PAR1":
        return str(pq.read_table(path).to_pylist()) + str(pq.read_schema(path).metadata)
    if data[:6] == b"ARROW1":
        return str(pa.ipc.open_file(data).read_all().to_pylist())
    return data.decode("utf-8", errors="replace")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """Everything that a scan of the demo lake leaves: name -> text."""
    folder = tmp_path_factory.mktemp("raw")
    subprocess.run([sys.executable, DEMO / "build_lake.py", folder / "lake"], check=True)
    program = Path(sys.executable).with_name("lakescan")
    command = [program, "scan", "lake", "--output", "run", "--format", "json", "-vv"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 4, run.stderr
    kept = {str(p): text_of(p) for p in (folder / "run").rglob("*") if p.is_file()}
    assert {Path(name).name for name in kept} >= {"run.json", "columns.parquet", "report.html"}
    return folder / "lake", {"stdout": run.stdout, "stderr": run.stderr, **kept}


def raw_values(lake: Path) -> dict[str, set[str]]:
    """Values of the lake that are long enough to be nobody else's."""
    with (lake / "crm/customers.csv").open(encoding="utf-8", newline="") as file:
        customers = list(csv.DictReader(file))
    orders = pq.read_table(lake / "orders/year=2026/month=11/orders-2026-11-01.parquet")
    found = {name: {row[name] for row in customers} for name in ("email", "ssn", "phone", "street")}
    found["card"] = set(orders["card"].to_pylist())
    found["name"] = {c["name"] for c in orders["customer"].to_pylist()}
    found["secret"] = {
        row["value"]
        for row in json.loads((lake / "ops/settings.json").read_text())
        if "key" in row["setting"]
    }
    return found


@pytest.mark.parametrize("kind", ["email", "ssn", "phone", "street", "card", "name", "secret"])
def test_no_raw_value_is_anywhere(scanned, kind):
    lake, outputs = scanned
    values = raw_values(lake)[kind]
    assert values
    leaks = [(where, sum(v in text for v in values)) for where, text in outputs.items()]
    assert [(where, count) for where, count in leaks if count] == []
