"""Databases into databases: eight tables with foreign keys, on each of the dialects."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
import shop

import lakescan

EMBEDDED = ["sqlite", "duckdb"]
SERVERS = [
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mysql", marks=pytest.mark.mysql),
]


class Files:
    """Databases that are files, by the names of databases."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder

    def uri(self, name: str) -> str:
        return f"{self.kind}:///{self.folder}/{name}.db"

    def make(self, name: str) -> None:
        self.run(name, "SELECT 1")

    def run(self, name: str, *statements: str):
        with self._open(name) as connection:
            for statement in statements:
                found = connection.execute(statement)
            rows = found.fetchall()
            connection.commit() if self.kind == "sqlite" else None
        connection.close()
        return rows

    def fill(self, name: str, table: str, rows) -> None:
        with self._open(name) as connection:
            marks = ", ".join("?" * len(rows[0]))
            plain = [[str(v) if hasattr(v, "isoformat") else v for v in row] for row in rows]
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", plain)
        connection.close()

    def _open(self, name: str):
        path = f"{self.folder}/{name}.db"
        if self.kind == "sqlite":
            return sqlite3.connect(path)
        import duckdb

        return duckdb.connect(path)


class Databases:
    """Databases of a server."""

    def __init__(self, server) -> None:
        self.server = server
        self.kind = server.scheme

    def uri(self, name: str) -> str:
        return self.server.uri(name)

    def make(self, name: str) -> None:
        admin = "postgres" if self.kind == "postgresql" else "shop"
        self.server.run(admin, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")

    def run(self, name: str, *statements: str):
        return self.server.run(name, *statements)

    def fill(self, name: str, table: str, rows) -> None:
        import sqlalchemy as sa

        driver = {"postgresql": "psycopg2", "mysql": "pymysql"}[self.kind]
        engine = sa.create_engine(self.uri(name).replace("://", f"+{driver}://", 1))
        marks = ", ".join(["%s"] * len(rows[0]))
        with engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", rows)
        engine.dispose()


@pytest.fixture(params=[*EMBEDDED, *SERVERS])
def place(request, tmp_path):
    """A place for databases, with the shop in ``shop_a`` and room in ``shop_b`` and ``shop_c``."""
    if request.param in EMBEDDED:
        made = Files(request.param, tmp_path)
    else:
        made = Databases(request.getfixturevalue(f"{_fixture(request.param)}_server"))
    for name in ("shop_a", "shop_b", "shop_c"):
        made.make(name)
    made.run("shop_a", *shop.made(request.param))
    for table, rows in shop.rows().items():
        made.fill("shop_a", table, rows)
    return made


def _fixture(kind):
    return {"postgresql": "postgres", "mysql": "mysql"}[kind]


def contents(place, name):
    return {
        table: sorted(place.run(name, f"SELECT * FROM {table}"), key=repr) for table in shop.TABLES
    }


def joins(place, name):
    return shop.joins(lambda query: place.run(name, query))


def run(source, target, policy, **more):
    return lakescan.anonymize(source, target, lakescan.Policy.parse(policy), engine="local", **more)


def test_a_whole_schema_keeps_its_joins_leaks_nothing_and_is_revealed(place, key, tmp_path):
    source, target, back = (place.uri(name) for name in ("shop_a", "shop_b", "shop_c"))
    result = run(source, target, shop.REVERSIBLE)
    assert result.status == "complete"
    assert result.value.rows == sum(len(rows) for rows in shop.rows().values())
    assert "made-up-for-tests" not in result.to_json()
    before = joins(place, "shop_a")
    assert joins(place, "shop_b") == before
    assert min(before.values()) > 5
    report = lakescan.verify(target, source, lakescan.Policy.parse(shop.REVERSIBLE), engine="local")
    assert (report.status, report.leaks) == ("clean", 0)
    assert len(report.tables) == len(shop.TABLES)
    assert all(join.before == join.after for join in report.joins)
    assert report.joins
    hidden = contents(place, "shop_b")
    text = json.dumps(hidden, default=str)
    for row in shop.rows()["customers"]:
        assert row[1] not in text
        assert row[4] not in text
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    lakescan.reveal(target, back, audit, engine="local")
    assert contents(place, "shop_c") == contents(place, "shop_a") != hidden
    assert "made-up-for-tests" not in (tmp_path / "audit.jsonl").read_text()
