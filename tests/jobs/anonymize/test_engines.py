"""Scan, anonymize and verify: every engine says and writes what this process alone does."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

import lakescan

POLICY = """
accuracy_mode: patterns
anonymize:
  subject: customer_id
  rules:
    - {column: "*customer_id", operator: fpe, domain: customer}
    - {entities: EMAIL_ADDRESS, operator: token, domain: mail}
    - {entities: PERSON, operator: fake}
    - {entities: PHONE_NUMBER, operator: mask, options: {keep_last: 2}}
    - {entities: US_SSN, operator: hash}
    - {entities: DATE_OF_BIRTH, operator: date_shift, options: {days: 90}}
"""
CLUSTERS = [
    pytest.param(
        "ray",
        marks=[pytest.mark.ray, pytest.mark.filterwarnings("ignore::DeprecationWarning")],
    ),
    pytest.param("spark", marks=pytest.mark.spark),
]


@pytest.fixture(params=CLUSTERS)
def engine(request):
    request.getfixturevalue({"ray": "ray_cluster", "spark": "spark_session"}[request.param])
    return lakescan.EngineOptions(request.param, workers=2)


@pytest.fixture
def key_file(tmp_path):
    """Workers that were started before cannot see a variable that is set now."""
    path = tmp_path / "key"
    path.write_text(bytes(range(32)).hex())
    path.chmod(0o600)
    return f"file:{path}"


def test_verdicts_and_their_json_are_the_same(lake, engine):
    policy = lakescan.Policy.parse(POLICY)
    small = lakescan.Selection(split_bytes=4000)
    local = lakescan.scan(lake, policy, engine="local", selection=small)
    other = lakescan.scan(lake, policy, engine=engine, selection=small)
    assert other.value.engine == engine.name
    assert told(other) == told(local)


def told(result):
    own = {"run_id", "seconds", "engine", "started"}
    return {name: value for name, value in json.loads(result.to_json()).items() if name not in own}


def test_the_same_bytes_are_written_and_verified(lake, engine, key_file, tmp_path):
    policy = lakescan.Policy.parse(POLICY)
    for how, target in (("local", tmp_path / "local"), (engine, tmp_path / "other")):
        done = lakescan.anonymize(lake, target, policy, key=key_file, engine=how)
        assert done.status == "complete"
    assert content(tmp_path / "other") == content(tmp_path / "local")
    for how in ("local", engine):
        verified = lakescan.verify(tmp_path / "other", lake, policy, engine=how)
        assert (verified.status, verified.leaks) == ("clean", 0)


def content(root):
    """The data files: by their bytes, of Parquet the rows and types (its footer names the run)."""
    files = {path.relative_to(root): path for path in root.rglob("*.*") if path.is_file()}
    return {
        name: pq.ParquetFile(path).read() if path.suffix == ".parquet" else path.read_bytes()
        for name, path in files.items()
        if path.suffix in {".csv", ".jsonl", ".parquet"}
    }
