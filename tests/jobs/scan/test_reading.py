"""A scan with a model: the same answer from every engine, and no model where there is no text."""

from __future__ import annotations

import json
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan import EngineOptions, Policy

NAMES = ["Qorbin Vexlund", "Umbrik Drassel", "Zelwin Omkvist", "Drassel, Qorbin", "Umbrik Vexlund"]


def table(number):
    numbers = range(number * 60, number * 60 + 60)
    names = [NAMES[n % 5] for n in numbers]
    texts = [f"Visit {n}: {who} of Acme was told to wait for the next one."
             for n, who in zip(numbers, names, strict=True)]  # fmt: skip
    return pa.table({"who": names, "remark": texts, "amount": [n + 0.5 for n in numbers]})


@pytest.fixture
def lake(tmp_path):
    folder = tmp_path / "visits"
    folder.mkdir()
    for number in range(6):
        pq.write_table(table(number), folder / f"part-{number}.parquet")
    return folder


@pytest.fixture
def policy(small_model):
    return Policy.parse(f"version: 1\nner: {{model: {json.dumps(str(small_model))}}}")


def verdicts(result):
    (dataset,) = result.value.datasets
    return {c.column: c for c in dataset.columns}


def test_names_and_texts_are_read(lake, policy):
    found = verdicts(lakescan.scan(lake, policy, engine="local"))
    assert found["who"].classifications[0].entity == "PERSON"
    assert found["who"].sensitive
    assert found["remark"].type_hint == "FREE_TEXT"
    inside = {c.entity for c in found["remark"].classifications}
    assert {"PERSON", "ORGANIZATION"} <= inside
    assert [e.detector for c in found["amount"].classifications for e in c.evidence] == ["header"]
    without = verdicts(lakescan.scan(lake, policy, engine="local", accuracy_mode="patterns"))
    assert without["who"].classifications == ()


@pytest.mark.parametrize(("rows", "told"), [(4, True), (40, False)])
def test_one_sure_read_counts_among_few_values(tmp_path, policy, rows, told):
    texts = [f"The lamp of hall {n} was told to wait for the next visit." for n in range(rows)]
    texts[2] = "Visit 2: Qorbin Vexlund of Acme was told to wait for the next one."
    pq.write_table(pa.table({"remark": texts}), tmp_path / "one.parquet")
    found = verdicts(lakescan.scan(tmp_path, policy, engine="local"))["remark"]
    assert found.type_hint == "FREE_TEXT"
    assert ("PERSON" in {c.entity for c in found.classifications}) is told


def test_names_in_some_of_many_short_cells_are_told(tmp_path, policy):
    """A column of bookings is no column of names, and yet there are persons in it."""
    cells = [f"Visit {n}: {NAMES[n % 5]} of Acme" if n % 4 == 0 else f"fee {n}" for n in range(200)]
    pq.write_table(pa.table({"booking": cells}), tmp_path / "one.parquet")
    found = verdicts(lakescan.scan(tmp_path, policy, engine="local"))["booking"]
    assert "PERSON" in {c.entity for c in found.classifications}
    assert found.sensitive


def test_a_run_taken_over_reads_no_value_again(lake, policy, tmp_path, reads):
    out = lakescan.Output(str(tmp_path / "run"), incremental=True)
    first = lakescan.scan(lake, policy, engine="local", output=str(tmp_path / "run"))
    reads.clear()
    again = lakescan.scan(lake, policy, engine="local", output=out)
    assert reads == []
    assert again.value.datasets == first.value.datasets
    # Another mode is another work: nothing of it is there.
    lakescan.scan(lake, policy, engine="local", output=out, accuracy_mode="patterns")
    assert len(reads) == 6


def test_workers_of_a_pool_read_alike(lake, policy, findings, monkeypatch):
    alone = lakescan.scan(lake, policy, engine="local")
    from lakescan.engines import local

    monkeypatch.setattr(local, "LITTLE_BYTES", 0)
    pool = lakescan.scan(lake, policy, engine=EngineOptions("local", workers=2))
    assert findings(pool) == findings(alone)


@pytest.mark.ray
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_ray_reads_as_this_machine_does(lake, policy, ray_cluster, findings):
    local = lakescan.scan(lake, policy, engine="local")
    ray = lakescan.scan(lake, policy, engine=EngineOptions("ray", workers=2))
    assert findings(ray) == findings(local)


@pytest.mark.spark
def test_spark_reads_as_this_machine_does(lake, policy, spark_session, findings):
    local = lakescan.scan(lake, policy, engine="local")
    spark = lakescan.scan(lake, policy, engine=EngineOptions("spark", workers=2))
    assert findings(spark) == findings(local)


def test_a_scan_without_text_never_loads_the_model(tmp_path, small_model):
    (tmp_path / "a.csv").write_text(
        "sku,email\n" + "".join(f"K-{n},u{n}@x.org\n" for n in range(50))
    )
    code = (
        "import sys, lakescan; from lakescan import Policy;"
        "p = Policy.parse('version: 1\\nner: {model: ' + repr(sys.argv[2]) + '}');"
        "lakescan.scan(sys.argv[1], p); print({'onnxruntime', 'tokenizers'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "a.csv", small_model],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.strip() == "set()"
