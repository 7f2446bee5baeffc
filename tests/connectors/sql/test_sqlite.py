"""SQLite: a file with whatever was put into it."""

from __future__ import annotations

import datetime as dt
import decimal
import sqlite3

import hypothesis
import hypothesis.strategies as st
import pyarrow as pa
import pytest

from lakescan.connectors import ReadRequest, Selection, discover, read
from lakescan.errors import (
    ChangedSourceError,
    CorruptFileError,
    NotFoundError,
    TransientError,
)

ROWS = 2000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "shop data.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE by_id (id INTEGER PRIMARY KEY, n INT)")
        db.execute("CREATE TABLE by_text (id TEXT PRIMARY KEY, n INT)")
        db.execute("CREATE TABLE without (id TEXT PRIMARY KEY, n INT) WITHOUT ROWID")
        db.execute("CREATE TABLE shadowed (_rowid_ TEXT, n INT)")
        for table in ("by_id", "by_text", "without", "shadowed"):
            rows = [(i * 3 if table == "by_id" else f"k{i}", i) for i in range(ROWS)]
            db.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
        db.execute("DELETE FROM by_id WHERE n % 5 = 0")
        db.execute("INSERT INTO by_text VALUES (NULL, 1), (NULL, 2)")
        db.execute("CREATE VIEW seen AS SELECT n FROM by_id")
        db.execute("CREATE TABLE empty (x)")
    db.close()
    return path


EXPECTED = {
    "by_id": [n for n in range(ROWS) if n % 5],
    "by_text": sorted([*range(ROWS), 1, 2]),
    "without": list(range(ROWS)),
    "shadowed": list(range(ROWS)),
}


@hypothesis.settings(max_examples=30)
@hypothesis.given(table=st.sampled_from(sorted(EXPECTED)), split_bytes=st.integers(500, 100_000))
def test_every_row_comes_once_however_a_table_is_cut(path, rows, table, split_bytes):
    read_rows = rows(f"sqlite:///{path}!/{table}", Selection(split_bytes=split_bytes))
    assert sorted(read_rows["n"].to_pylist()) == EXPECTED[table]


def test_what_is_found(path, tables):
    uri = f"sqlite:///{path}"
    found = tables(uri, Selection(split_bytes=5_000))
    assert set(found) == {*EXPECTED, "empty"}
    assert found["by_id"].uri == f"sqlite:///{str(path).replace(' ', '%20')}!/by_id"
    assert len(found["by_id"].splits) > 3
    assert len(found["without"].splits) == len(found["shadowed"].splits) == 1
    assert set(tables(uri + "?views=true")) == {*EXPECTED, "empty", "seen"}
    assert set(tables(uri, Selection(include=("by_*",), exclude=("by_text",)))) == {"by_id"}


def test_a_view_is_read(path, rows):
    assert sorted(rows(f"sqlite:///{path}!/seen")["n"].to_pylist()) == EXPECTED["by_id"]


def test_a_sample_is_from_all_over(path, tables):
    (found,) = tables(f"sqlite:///{path}!/by_id", Selection(split_bytes=20_000)).values()
    numbers = []
    for split in found.splits:
        part = [n for b in read(split, ReadRequest(max_rows=40)) for n in b["n"].to_pylist()]
        assert 20 <= len(part) <= 40
        numbers += part
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) > ROWS * 0.9


def test_values_are_what_their_column_says_or_else_texts(tmp_path, rows):
    path = tmp_path / "typed.db"
    with sqlite3.connect(path) as db:
        db.execute(
            "CREATE TABLE t (i INTEGER, d DATE, at TIMESTAMP, m DECIMAL(8, 2), ok BOOLEAN, raw BLOB,"
            " any, odd INTEGER, f REAL, late DATE, big NUMERIC(20))"
        )
        db.execute(
            "INSERT INTO t VALUES (1, '1980-02-29', '2020-01-02 03:04:05', 12.5, 1, x'00ff', 'a', 7,"
            " 1.5, 'soon', 7)"
        )
        db.execute("INSERT INTO t (any, odd) VALUES (2, 'seven')")
        db.execute("INSERT INTO t (any) VALUES (CAST(x'e9' AS TEXT))")
    db.close()
    table = rows(f"sqlite:///{path}!/t")
    assert table.to_pylist()[0] == {
        "i": 1,
        "d": dt.date(1980, 2, 29),
        "at": dt.datetime(2020, 1, 2, 3, 4, 5),
        "m": decimal.Decimal("12.50"),
        "ok": True,
        "raw": b"\x00\xff",
        "any": "a",
        "odd": "7",
        "f": 1.5,
        "late": "soon",
        "big": "7",
    }
    assert table["any"].to_pylist() == ["a", "2", "�"]
    assert table["odd"].to_pylist() == ["7", "seven", None]
    assert table.schema.field("m").type == pa.decimal128(8, 2)


def test_a_file_that_changed_is_not_read_on(tmp_path, tables):
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t (n INT)")
        db.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(5000)])
    (found,) = tables(f"sqlite:///{path}!/t", Selection(split_bytes=9_000)).values()
    before = found.version
    list(read(found.splits[0]))
    with db:
        db.execute("DELETE FROM t")
        db.execute("CREATE TABLE u (n INT)")
    db.close()
    with pytest.raises(ChangedSourceError):
        list(read(found.splits[1]))
    assert tables(f"sqlite:///{path}!/t")["t"].version != before


def test_what_is_wrong_is_said(tmp_path):
    with pytest.raises(NotFoundError):
        list(discover(f"sqlite:///{tmp_path}/none.db", Selection()))
    (tmp_path / "text.db").write_text("this is no database at all " * 100)
    with pytest.raises(CorruptFileError):
        list(discover(f"sqlite:///{tmp_path}/text.db", Selection()))
    locked = sqlite3.connect(tmp_path / "locked.db")
    locked.execute("CREATE TABLE t (x)")
    locked.execute("BEGIN EXCLUSIVE")
    with pytest.raises(TransientError):
        list(discover(f"sqlite:///{tmp_path}/locked.db?lock_seconds=0.1", Selection()))
    locked.close()


def test_nothing_is_written(path):
    before = path.stat().st_mtime_ns, sorted(path.parent.iterdir())
    for found in discover(f"sqlite:///{path}", Selection()):
        for split in found.splits:
            list(read(split))
    assert (path.stat().st_mtime_ns, sorted(path.parent.iterdir())) == before
