"""A whole scan of a database: the same verdicts as of files, incremental, resumed, on Ray."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from customers import COLUMNS, DEFINITION, arrow, customers, verdicts

import lakescan
from lakescan.engines import local
from lakescan.policy import Sampling
from lakescan.reports.folder import read_splits

ROWS = customers(2000)


@pytest.fixture(scope="session")
def expected(tmp_path_factory):
    """The verdicts of the same table in a Parquet file."""
    path = tmp_path_factory.mktemp("parquet") / "customers.parquet"
    pq.write_table(arrow(ROWS), path)
    result = lakescan.scan(path, accuracy_mode="patterns")
    found = verdicts(result)
    assert found["email"][3]
    assert found["card"][5][0][0] == "CREDIT_CARD"
    return found


@pytest.fixture(scope="session")
def in_postgresql(postgres_server):
    postgres_server.fill("shop", "customers", DEFINITION + ", PRIMARY KEY (id)", ROWS)
    postgres_server.run("shop", "ANALYZE customers")
    return postgres_server.uri("shop/public/customers")


@pytest.fixture(scope="session")
def in_sqlite(tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "shop.db"
    with sqlite3.connect(path) as db:
        db.execute(f"CREATE TABLE customers ({DEFINITION})")
        rows = [tuple(v.isoformat() if isinstance(v, dt.date) else v for v in row) for row in ROWS]
        db.executemany(f"INSERT INTO customers VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    db.close()
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def in_mysql(mysql_server):
    mysql_server.fill("shop", "customers", DEFINITION + ", PRIMARY KEY (id)", ROWS)
    mysql_server.run("shop", "ANALYZE TABLE customers")
    return mysql_server.uri("shop/customers")


@pytest.fixture(scope="session")
def in_duckdb(tmp_path_factory):
    import duckdb

    path = tmp_path_factory.mktemp("duckdb") / "shop.duckdb"
    with duckdb.connect(path) as db:
        db.execute(f"CREATE TABLE customers ({DEFINITION})")
        db.executemany(f"INSERT INTO customers VALUES ({', '.join('?' * len(COLUMNS))})", ROWS)
    return f"duckdb:///{path}"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("in_postgresql", marks=pytest.mark.postgresql),
        pytest.param("in_mysql", marks=pytest.mark.mysql),
        "in_sqlite",
        "in_duckdb",
    ],
)
@pytest.mark.parametrize("split_bytes", [60_000, 64 << 20])
def test_the_same_table_gives_the_same_verdicts(expected, source, split_bytes, request):
    uri = request.getfixturevalue(source)
    selection = lakescan.Selection(split_bytes=split_bytes)
    result = lakescan.scan(uri, accuracy_mode="patterns", selection=selection)
    assert (result.status, result.errors) == ("complete", ())
    assert verdicts(result) == expected


@pytest.mark.postgresql
def test_a_second_scan_reads_only_what_changed(postgres_server, tmp_path):
    for name in ("left_alone", "changed"):
        postgres_server.run(
            "shop",
            f"CREATE SCHEMA IF NOT EXISTS twice; CREATE TABLE twice.{name} AS"
            " SELECT i AS id, 'u' || i || '@example.com' AS email FROM generate_series(1, 1000) i",
        )
    postgres_server.run("shop", "ANALYZE")
    uri, out = postgres_server.uri("shop/twice"), str(tmp_path / "out")
    first = lakescan.scan(uri, output=out, accuracy_mode="patterns")
    postgres_server.run("shop", "UPDATE twice.changed SET email = NULL")
    again = lakescan.scan(
        uri, output=lakescan.Output(out, incremental=True), accuracy_mode="patterns"
    )
    splits = {
        s.uri.rsplit("/", 1)[-1]: s.status
        for s in read_splits(lambda name: (tmp_path / "out" / name).read_bytes())
    }
    assert splits == {"left_alone": "reused", "changed": "complete"}
    before, after = (
        {d.uri.rsplit("/", 1)[-1]: d.columns[1].sensitive for d in one.value.datasets}
        for one in (first, again)
    )
    assert before == {"left_alone": True, "changed": True}
    assert after == {"left_alone": True, "changed": False}


@pytest.mark.postgresql
def test_nothing_of_the_login_is_kept_or_said(in_postgresql, tmp_path):
    command = [sys.executable, "-m", "lakescan", "scan", in_postgresql, "-o", str(tmp_path / "out")]
    run = subprocess.run(
        [*command, "-vv", "--accuracy-mode", "patterns"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert "made-up-for-tests" not in run.stdout + run.stderr
    kept = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert b"made-up-for-tests" not in kept
    assert b"ann.moore" not in kept


@pytest.mark.postgresql
def test_a_table_that_is_refused_spoils_no_other(postgres_server):
    postgres_server.run(
        "shop",
        "CREATE SCHEMA part; CREATE TABLE part.a (email text); CREATE TABLE part.b (x int)",
        "INSERT INTO part.a VALUES ('ann@example.com')",
        "CREATE ROLE half LOGIN PASSWORD 'h'; GRANT USAGE ON SCHEMA part TO half",
        "GRANT SELECT ON part.a TO half",
    )
    result = lakescan.scan(postgres_server.uri("shop/part", "half", "h"))
    assert result.status == "partial"
    assert [error.kind for error in result.errors] == ["Credential"]
    assert [d.uri for d in result.value.datasets] == [postgres_server.shown("shop/part/a")]


def test_a_comment_counts_where_a_name_says_nothing(tmp_path):
    import duckdb

    path = tmp_path / "noted.duckdb"
    with duckdb.connect(path) as db:
        db.execute(
            "CREATE TABLE t AS SELECT DATE '1950-01-01' + i::int AS c7, i AS id FROM range(500) r(i)"
        )
        db.execute("CREATE TABLE u AS SELECT * FROM t")
        db.execute("COMMENT ON COLUMN t.c7 IS 'Date of birth, as on the passport'")
    result = lakescan.scan(f"duckdb:///{path}", accuracy_mode="patterns")
    noted, bare = (
        [found.entity for found in dataset.columns[0].classifications][:1]
        for dataset in result.value.datasets
    )
    assert noted == ["DATE_OF_BIRTH"]
    assert bare != noted


def test_a_sampled_scan_says_so(in_sqlite):
    selection = lakescan.Selection(split_bytes=60_000)
    few = Sampling(full=None, rows=50, row_groups=2)
    result = lakescan.scan(in_sqlite, selection=selection, sample=few, accuracy_mode="patterns")
    (dataset,) = result.value.datasets
    assert dataset.rows_scanned == 100
    email = next(c for c in dataset.columns if c.column == "email")
    assert email.sensitive
    assert email.missed_below > 0


@pytest.mark.postgresql
def test_two_workers_read_disjoint_ranges(
    in_postgresql, postgres_server, server_folder, expected, monkeypatch
):
    """By what the server says that it was asked for."""
    monkeypatch.setattr(local, "LITTLE_BYTES", 0)  # else one process would do
    log = server_folder / "postgresql.log"
    start = log.stat().st_size
    postgres_server.run("shop", "ALTER DATABASE shop SET log_statement = 'all'")
    try:
        result = lakescan.scan(
            in_postgresql,
            selection=lakescan.Selection(split_bytes=60_000),
            engine=lakescan.EngineOptions("local", workers=2),
            accuracy_mode="patterns",
        )
    finally:
        postgres_server.run("shop", "ALTER DATABASE shop RESET log_statement")
    assert verdicts(result) == expected
    said = log.read_bytes()[start:].decode()
    asked = re.findall(r"LOG:  statement: COPY \((.*?)\) TO STDOUT", said, re.DOTALL)
    parts = [postgres_server.run("shop", f"SELECT c0 FROM ({query}) AS part") for query in asked]
    assert len(parts) > 2
    assert all(parts)
    assert sorted(key for part in parts for (key,) in part) == sorted(row[0] for row in ROWS)


@pytest.mark.postgresql
@pytest.mark.ray
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Ray about itself
def test_ray_reads_disjoint_ranges(in_postgresql, expected):
    selection = lakescan.Selection(split_bytes=60_000)
    engine = lakescan.EngineOptions("ray", workers=2)
    result = lakescan.scan(
        in_postgresql, selection=selection, engine=engine, accuracy_mode="patterns"
    )
    assert result.value.engine == "ray"
    assert verdicts(result) == expected
