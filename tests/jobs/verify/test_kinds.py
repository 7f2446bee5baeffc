"""Databases held against files, and files against databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import polars as pl
import pyarrow as pa
import pytest
import shop

import lakescan
from lakescan.jobs.verify.logical import kind_of, same_kind

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    """The shop's eight tables, and two of the same columns whose names differ in a year."""
    made = [
        *shop.made(request.param),
        "CREATE TABLE visits_2020 (email varchar(60), pages integer)",
        "CREATE TABLE visits_2021 (email varchar(60), pages integer)",
    ]
    visits = [(row[1], place) for place, row in enumerate(shop.rows()["customers"])]
    rows = {**shop.rows(), "visits_2020": visits, "visits_2021": visits[:20]}
    if request.param == "sqlite":
        path = tmp_path / "shop.db"
        with closing(sqlite3.connect(path)) as connection:
            for statement in made:
                connection.execute(statement)
            for table, lines in rows.items():
                plain = [[str(v) if hasattr(v, "isoformat") else v for v in row] for row in lines]
                marks = ", ".join("?" * len(lines[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", plain)
            connection.commit()
        return f"sqlite:///{path}", tmp_path
    import sqlalchemy as sa

    server = request.getfixturevalue("postgres_server")
    server.run("postgres", "DROP DATABASE IF EXISTS held", "CREATE DATABASE held")
    uri = server.uri("held")
    engine = sa.create_engine(uri.replace("://", "+psycopg2://", 1))
    with engine.begin() as connection:
        for statement in made:
            connection.exec_driver_sql(statement)
        for table, lines in rows.items():
            marks = ", ".join(["%s"] * len(lines[0]))
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", lines)
    engine.dispose()
    return uri, tmp_path


POLICY = lakescan.Policy.parse(shop.REVERSIBLE)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_database_that_became_files_is_held_against_them(database, key, form):
    source, folder = database
    writing = lakescan.Writing(format=form)
    lakescan.anonymize(source, folder / "out", POLICY, engine="local", writing=writing)
    report = lakescan.verify(folder / "out", source, POLICY, engine="local")
    assert (report.status, report.leaks) == ("clean", 0)
    assert len(report.tables) == len(shop.TABLES) + 2
    assert all(table.rows_before == table.rows_after > 0 for table in report.tables)
    assert report.joins
    assert all(join.before == join.after > 0 for join in report.joins)
    leaking = next(path for path in (folder / "out").rglob(f"*.{form}") if "staff" in str(path))
    read, write = (
        (pl.read_parquet, "write_parquet")
        if form == "parquet"
        else (lambda path: pl.read_csv(path, infer_schema=False), "write_csv")
    )
    frame = read(leaking).with_columns(full_name=pl.lit(shop.rows()["customers"][3][1]))
    getattr(frame.head(len(frame) - 1).drop("manager_email"), write)(leaking)
    report = lakescan.verify(folder / "out", source, POLICY, engine="local")
    assert report.status == "leaking"
    told = {table.table.rpartition("/")[2]: table.differences for table in report.tables}
    assert told.pop("staff") == (
        f"{len(frame)} rows before, {len(frame) - 1} after",
        "column manager_email is gone",
    )
    assert not any(told.values())


@pytest.fixture
def lake(tmp_path):
    """Nested Parquet, partitioned CSV and JSON lines."""
    root = tmp_path / "lake"
    (root / "crm").mkdir(parents=True)
    mails = [f"person{n}.x@mail-{n % 3}.com" for n in range(60)]
    orders = {
        "number": list(range(60)),
        "buyer": [{"email": mail, "since": 2000 + n % 9} for n, mail in enumerate(mails)],
        "paid": [n % 2 == 0 for n in range(60)],
        "amount": [n / 4 for n in range(60)],
    }
    pl.DataFrame(orders).write_parquet(root / "crm/orders.parquet")
    for year in (2024, 2025):
        part = root / f"visits/year={year}"
        part.mkdir(parents=True)
        pl.DataFrame({"email": mails, "pages": range(60)}).write_csv(part / "visits.csv")
    pl.DataFrame({"email": mails[:40], "stars": range(40)}).write_ndjson(root / "ratings.jsonl")
    return root


@pytest.mark.parametrize("kind", KINDS)
def test_files_that_became_a_database_are_held_against_it(lake, kind, tmp_path, request, key):
    if kind == "sqlite":
        target = f"sqlite:///{tmp_path}/out.db"
    else:
        server = request.getfixturevalue("postgres_server")
        server.run("postgres", "DROP DATABASE IF EXISTS held_b", "CREATE DATABASE held_b")
        target = server.uri("held_b")
    policy = lakescan.Policy.parse("accuracy_mode: patterns\nanonymize: {default: token}")
    lakescan.anonymize(lake, target, policy, engine="local")
    report = lakescan.verify(target, lake, policy, engine="local")
    assert [(table.table, table.differences) for table in report.tables] == [
        ("crm/orders.parquet", ()),
        ("ratings.jsonl", ()),
        ("visits/", ()),
    ]
    assert (report.status, report.leaks) == ("clean", 0)
    joins = {(join.left, join.right): (join.before, join.after) for join in report.joins}
    assert joins["crm/orders.parquet: buyer.email", "visits/: email"] == (120, 120)
    assert all(before == after for before, after in joins.values())


def test_types_are_one_kind_whatever_keeps_them():
    assert same_kind(pa.int16(), pa.int64())
    assert same_kind(pa.dictionary(pa.int8(), pa.large_string()), pa.string())
    assert same_kind(pa.timestamp("us"), pa.timestamp("ns", "UTC"))
    assert same_kind(pa.bool_(), pa.int8())
    assert same_kind(pa.struct([("a", pa.int8())]), pa.string())
    assert same_kind(pa.uint64(), pa.decimal128(20, 0))
    assert not same_kind(pa.int64(), pa.string())
    assert not same_kind(pa.date32(), pa.string())
    assert not same_kind(pa.float64(), pa.bool_())
    assert (kind_of(pa.int8()), kind_of(pa.list_(pa.int8()))) == ("whole number", "nested")
