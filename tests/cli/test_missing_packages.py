"""What the core alone says where an optional package is wanted and not installed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

OPTIONAL = (
    "airflow", "azure", "boto3", "confluent_kafka", "deltalake", "duckdb", "fastapi",
    "google.cloud.storage", "httpx", "onnxruntime", "oracledb", "psycopg2", "pyiceberg", "pymssql",
    "pymysql", "pyspark", "ray", "sqlalchemy", "uvicorn",
)  # fmt: skip
#: Run in a process of its own, where none of these packages can be imported.
COMMANDS = f"""
import contextlib, io, json, sys
for name in {OPTIONAL!r}:
    sys.modules[name] = None
from lakescan.cli import main
for arguments in json.load(sys.stdin):
    sys.argv = ["lakescan", *arguments]
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
        try:
            code = main()
        except SystemExit as end:
            code = end.code
    print(json.dumps([code, told.getvalue()]))
"""
WANTED = {
    "s3": "scan s3://bucket/lake",
    "gcs": "scan gs://bucket/lake",
    "azure": "scan abfss://lake@account.dfs.core.windows.net/x",
    "postgresql": "scan postgresql://h/d",
    "mysql": "scan mysql://h/d",
    "mssql": "scan mssql://h/d",
    "oracle": "scan oracle://h/d",
    "duckdb": "scan duckdb:///{here}/x.duckdb",
    "sql": "scan sqlite:///{here}/x.db",
    "kafka": "scan kafka://h:9092/topic",
    "ray": "scan {here} --engine ray",
    "spark": "scan {here} --engine spark",
    "ray-jobs": "submit scan {here} --address http://127.0.0.1:1",
    "serve": "serve",
    "ner": "detect --accuracy-mode standard Ann",
    "s3 ": "anonymize {here} --to s3://bucket/out",
    "postgresql ": "anonymize {here} --to postgresql://h/d",
    "kafka ": "anonymize {here} --to kafka://h/topic",
    "kafka  ": "stream kafka://h/topic --to kafka://h/other",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The exit code and the words of each command."""
    here = tmp_path_factory.mktemp("few")
    (here / "a.csv").write_text("email\nann@example.org\n")
    (here / "key").write_text("ab" * 32)
    (here / "key").chmod(0o600)
    commands = [command.format(here=here).split() for command in WANTED.values()]
    commands = [[*c, "--key", f"file:{here}/key"] if "--to" in c else c for c in commands]
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS],
        input=json.dumps(commands), capture_output=True, text=True, check=True, cwd=here,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(WANTED, answers, strict=True))


@pytest.mark.parametrize("extra", WANTED)
def test_the_extra_to_install_is_named(told, extra):
    code, words = told[extra]
    assert code == 2, words
    assert f'pip install "lakescan[{extra.strip()}]"' in words
    assert "a fault in lakescan" not in words
