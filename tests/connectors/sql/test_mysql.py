"""MariaDB, the real one: what is found, how it is cut, what the values become."""

from __future__ import annotations

import datetime as dt
import decimal
import threading

import hypothesis
import hypothesis.strategies as st
import pytest

from lakescan.connectors import ReadRequest, Selection, SourceFailure, discover, read
from lakescan.errors import CredentialError, NotFoundError, TransientError

pytestmark = pytest.mark.mysql

ROWS = 2000
SHAPES = {
    "by_int": "id int PRIMARY KEY, n int",
    "by_sparse": "id bigint PRIMARY KEY, n int",
    "by_pair": "id int, n int, PRIMARY KEY (id, n)",
    "by_text": "id varchar(20) PRIMARY KEY, n int",
    "by_none": "id varchar(20), n int",
}
VALUES = {
    "by_int": "seq",
    "by_sparse": "seq * seq * seq * 1000",
    "by_pair": "seq % 7",
    "by_text": "concat('k', seq)",
    "by_none": "null",
}


@pytest.fixture(scope="module")
def shapes(mysql_server):
    """A table for each way in which a table is cut."""
    mysql_server.run("shop", "CREATE DATABASE shapes")
    for name, columns in SHAPES.items():
        mysql_server.run(
            "shapes",
            f"CREATE TABLE {name} ({columns})",
            f"INSERT INTO {name} SELECT {VALUES[name]}, seq FROM seq_1_to_{ROWS}",
            f"ANALYZE TABLE {name}",
        )
    return mysql_server


@hypothesis.settings(max_examples=15)
@hypothesis.given(shape=st.sampled_from(sorted(SHAPES)), split_bytes=st.integers(8_000, 400_000))
def test_every_row_comes_once_however_a_table_is_cut(shapes, rows, shape, split_bytes):
    table = rows(shapes.uri("shapes/" + shape), Selection(split_bytes=split_bytes))
    assert sorted(table["n"].to_pylist()) == list(range(1, ROWS + 1))


@pytest.mark.parametrize(
    ("shape", "cut"), [(s, s not in ("by_text", "by_none")) for s in sorted(SHAPES)]
)
def test_a_table_is_cut_by_its_key_or_not(shapes, tables, shape, cut):
    found = tables(shapes.uri("shapes/" + shape), Selection(split_bytes=16_000))[shape]
    assert (len(found.splits) > 2) == cut


def test_what_is_found(shapes, tables):
    shapes.run("shapes", "CREATE OR REPLACE VIEW seen AS SELECT n FROM by_int")
    at = shapes.uri("shapes")
    assert set(tables(at)) == set(SHAPES)
    assert set(tables(at + "?views=true")) == {*SHAPES, "seen"}
    whole = tables(shapes.uri(), Selection(include=("shapes/by_int",)))
    assert [one.uri for one in whole.values()] == [shapes.shown("shapes/by_int")]


def test_values_are_what_they_were(mysql_server, rows, tables):
    mysql_server.run(
        "shop",
        "CREATE TABLE typed (id int PRIMARY KEY, big bigint unsigned, yes boolean, f double,"
        " amount decimal(12, 2), card decimal(16), word varchar(40) COMMENT 'e-mail', doc json,"
        " kind enum('a', 'b'), many set('x', 'y'), raw blob, day date, at datetime(6),"
        " zoned timestamp(6) NULL, clock time, y year, bits bit(8)) COMMENT 'of our customers'",
        "SET time_zone = '+00:00'",
        "INSERT INTO typed VALUES (1, 18446744073709551615, true, 1.5, 12.5, 4111111111111111,"
        " 'Zoë 🎈', '{\"a\": 1}', 'a', 'x,y', x'00ff', '1980-02-29', '2020-01-02 03:04:05.678901',"
        " '2020-01-02 03:04:05', '23:59:59', 1999, b'101'), (2, null, null, null, null, null, null,"
        " null, null, null, null, null, null, null, '-12:00:00', null, null)",
    )
    first, nulls = rows(mysql_server.uri("shop/typed")).to_pylist()
    assert first == {
        "id": 1,
        "big": 2**64 - 1,
        "yes": True,
        "f": 1.5,
        "amount": decimal.Decimal("12.50"),
        "card": 4111111111111111,
        "word": "Zoë 🎈",
        "doc": '{"a": 1}',
        "kind": "a",
        "many": "x,y",
        "raw": b"\x00\xff",
        "day": dt.date(1980, 2, 29),
        "at": dt.datetime(2020, 1, 2, 3, 4, 5, 678901),
        "zoned": dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        "clock": dt.timedelta(hours=23, minutes=59, seconds=59),
        "y": 1999,
        "bits": b"\x05",
    }
    assert nulls["clock"] == -dt.timedelta(hours=12)
    assert {v for k, v in nulls.items() if k not in ("id", "clock")} == {None}
    schema = tables(mysql_server.uri("shop/typed"))["typed"].schema
    assert schema.metadata == {b"comment": b"of our customers"}
    assert schema.field("word").metadata == {b"comment": b"e-mail"}


def test_a_sample_is_from_all_over(shapes, tables):
    (found,) = tables(shapes.uri("shapes/by_int"), Selection(split_bytes=40_000)).values()
    for split in found.splits:
        numbers = [n for b in read(split, ReadRequest(max_rows=50)) for n in b["n"].to_pylist()]
        assert 20 < len(numbers) <= 50
        assert len(set(numbers)) == len(numbers)


def test_who_may_not_is_told(shapes):
    shapes.run(
        "shop",
        "CREATE USER 'reader'@'127.0.0.1' IDENTIFIED BY 'r'",
        "GRANT SELECT ON shapes.by_int TO 'reader'@'127.0.0.1'",
    )
    found = list(discover(shapes.uri("shapes", "reader", "r"), Selection()))
    assert [one.uri for one in found if not isinstance(one, SourceFailure)] == [
        shapes.shown("shapes/by_int")
    ]


@pytest.mark.parametrize(
    ("path", "password", "error"),
    [
        ("shop", "wrong-one", CredentialError),
        ("no_such_db", None, NotFoundError),
        ("shop/no_such_table", None, NotFoundError),
    ],
)
def test_what_is_wrong_is_said_without_the_password(shapes, path, password, error):
    uri = shapes.uri(path, **({"password": password} if password else {}))
    with pytest.raises(error) as raised:
        list(discover(uri, Selection()))
    assert "wrong-one" not in f"{raised.value!r} {raised.value.uri}"


def test_a_server_that_dies_is_waited_for(mysql_server, monkeypatch):
    monkeypatch.setattr("lakescan.connectors.sql.connector._PATIENCE_SECONDS", 120.0)
    mysql_server.run(
        "shop",
        "CREATE TABLE calls (n int PRIMARY KEY, t varchar(600))",
        "INSERT INTO calls SELECT seq, repeat('x', 600) FROM seq_1_to_30000",
        "ANALYZE TABLE calls",
        "FLUSH TABLES",
    )
    (found,) = discover(mysql_server.uri("shop/calls"), Selection(split_bytes=10 << 20))
    batches = read(found.splits[0], ReadRequest(batch_bytes=10_000))
    next(batches)
    mysql_server.kill()
    threading.Timer(0.5, mysql_server.restart).start()
    with pytest.raises(TransientError):
        list(batches)
    assert sum(b.num_rows for s in found.splits for b in read(s)) == 30_000


def test_a_statement_that_takes_too_long_is_ended_by_the_server(mysql_server):
    mysql_server.run("shop", "CREATE VIEW slow AS SELECT seq, sleep(1) AS s FROM seq_1_to_100")
    (found,) = discover(mysql_server.uri("shop/slow?statement_seconds=1"), Selection())
    with pytest.raises(TransientError):
        list(read(found.splits[0]))
