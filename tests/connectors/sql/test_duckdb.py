"""DuckDB: a file, read by its own module."""

from __future__ import annotations

import datetime as dt
import decimal

import duckdb
import hypothesis
import hypothesis.strategies as st
import orjson
import pytest

import lakescan
from lakescan.connectors import ReadRequest, Selection, discover, read
from lakescan.errors import ChangedSourceError, CorruptFileError, NotFoundError

ROWS = 10_000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("duckdb") / "shop.duckdb"
    with duckdb.connect(path) as db:
        db.execute(f"CREATE TABLE numbers AS SELECT 'k' || i AS id, i AS n FROM range({ROWS}) r(i)")
        db.execute("CREATE SCHEMA crm")
        db.execute(
            "CREATE TABLE crm.typed AS SELECT 1::hugeint AS h, uuid() AS u, [1, 2] AS l, {'a': 'x'} AS s,"
            " INTERVAL 1 DAY AS iv, 1.5::DECIMAL(10, 2) AS d, TIMESTAMPTZ '2020-01-02 03:04:05+00' AS z,"
            " DATE '1980-02-29' AS day, '\\x00'::BLOB AS raw, '{\"a\": 1}'::JSON AS j, '101'::BIT AS bits,"
            " 'x'::ENUM('x', 'y') AS e, 'pi%t' AS \"pivot % \"\"q\"\"\", 5::UTINYINT AS t"
        )
        db.execute(
            "COMMENT ON TABLE crm.typed IS 'ours'; COMMENT ON COLUMN crm.typed.u IS 'e-mail'"
        )
        db.execute("CREATE VIEW seen AS SELECT n FROM numbers")
    return path


@hypothesis.settings(max_examples=20)
@hypothesis.given(split_bytes=st.integers(20_000, 1_000_000))
def test_every_row_comes_once_however_a_table_is_cut(path, rows, split_bytes):
    table = rows(f"duckdb:///{path}!/main/numbers", Selection(split_bytes=split_bytes))
    assert sorted(table["n"].to_pylist()) == list(range(ROWS))


def test_what_is_found(path, tables):
    uri = f"duckdb:///{path}"
    found = tables(uri, Selection(split_bytes=50_000))
    assert set(found) == {"numbers", "typed"}
    assert found["numbers"].uri == f"duckdb:///{path}!/main/numbers"
    assert len(found["numbers"].splits) > 2
    assert set(tables(uri + "?views=true")) == {"numbers", "typed", "seen"}
    assert set(tables(uri + "!/crm")) == {"typed"}
    schema = found["typed"].schema
    assert schema.metadata == {b"comment": b"ours"}
    assert schema.field("u").metadata == {b"comment": b"e-mail"}


def test_a_view_is_read(path, rows):
    assert sorted(rows(f"duckdb:///{path}!/main/seen")["n"].to_pylist()) == list(range(ROWS))


def test_values_are_what_they_were(path, rows):
    table = rows(f"duckdb:///{path}!/crm/typed")
    (row,) = table.to_pylist()
    assert len(row.pop("u")) == 36
    assert row == {
        "h": "1",
        "l": [1, 2],
        "s": {"a": "x"},
        "iv": dt.timedelta(days=1),
        "d": decimal.Decimal("1.50"),
        "z": dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        "day": dt.date(1980, 2, 29),
        "raw": b"\x00",
        "j": '{"a": 1}',
        "bits": "101",
        "e": "x",
        'pivot % "q"': "pi%t",
        "t": 5,
    }


def test_a_sample_is_from_all_over(path, tables):
    for split_bytes in (1 << 30, 100_000):
        (found,) = tables(
            f"duckdb:///{path}!/main/numbers", Selection(split_bytes=split_bytes)
        ).values()
        numbers = []
        for split in found.splits:
            part = [n for b in read(split, ReadRequest(max_rows=100)) for n in b["n"].to_pylist()]
            assert 50 < len(part) <= 100
            numbers += part
        assert len(set(numbers)) == len(numbers)


def test_what_is_wrong_is_said(tmp_path):
    with pytest.raises(NotFoundError):
        list(discover(f"duckdb:///{tmp_path}/none.duckdb", Selection()))
    (tmp_path / "text.duckdb").write_text("this is no database at all " * 1000)
    with pytest.raises(CorruptFileError):
        list(discover(f"duckdb:///{tmp_path}/text.duckdb", Selection()))


def test_a_file_that_changed_is_not_read_on(tmp_path, tables):
    path = tmp_path / "a.duckdb"
    with duckdb.connect(path) as db:
        db.execute("CREATE TABLE t AS SELECT 1 AS n")
    (found,) = tables(f"duckdb:///{path}").values()
    with duckdb.connect(path) as db:
        db.execute("INSERT INTO t VALUES (2)")
    with pytest.raises(ChangedSourceError):
        list(read(found.splits[0]))


def test_what_is_null_to_a_scan_is_counted_and_told_by_each_run(tmp_path, rows, caplog):
    path = tmp_path / "a.duckdb"
    with duckdb.connect(path) as db:
        db.execute("CREATE TABLE t (day DATE, moment TIMESTAMP, n INT)")
        db.execute(
            "INSERT INTO t VALUES ('infinity', '2020-01-01', 1), ('0044-03-15 (BC)', NULL, 2)"
        )
    assert rows(f"duckdb:///{path}").num_columns == 3
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith(f"duckdb:///{path}!/main/t: day: 2 values are null to a scan")
    caplog.clear()
    rows(f"duckdb:///{path}", request=ReadRequest(columns=("n", "moment")))
    assert not caplog.records
    told = f"duckdb:///{path}!/main/t: day: 2 values are null to a scan"
    for incremental in (False, True):
        output = lakescan.Output(str(tmp_path / "run"), incremental=incremental)
        result = lakescan.scan(f"duckdb:///{path}", output=output, accuracy_mode="patterns")
        (notice,) = result.value.errors
        assert (result.status, notice.kind) == ("complete", "Notice")
        assert notice.message.startswith(told)
    kept = orjson.loads((tmp_path / "run" / "run.json").read_bytes())
    assert [error["kind"] for error in kept["errors"]] == ["Notice"]
