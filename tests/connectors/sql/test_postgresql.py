"""PostgreSQL, the real one: what is found, how it is cut, what the values become."""

from __future__ import annotations

import datetime as dt
import decimal
from dataclasses import replace

import hypothesis
import hypothesis.strategies as st
import pyarrow as pa
import pytest

from lakescan.connectors import ReadRequest, Selection, SourceFailure, discover, read
from lakescan.connectors.damage import Damage
from lakescan.connectors.held import holding
from lakescan.errors import CredentialError, NotFoundError, UnknownNameError

pytestmark = pytest.mark.postgresql

ROWS = 3000
SHAPES = {
    "by_int": "id int PRIMARY KEY, n int",
    "by_sparse": "id bigint PRIMARY KEY, n int",
    "by_uuid": "id uuid PRIMARY KEY, n int",
    "by_pair": "id int, n int, PRIMARY KEY (id, n)",
    "by_day": "id date, n int, PRIMARY KEY (id, n)",
    "by_text": "id text PRIMARY KEY, n int",
    "by_none": "id text, n int",
}
VALUES = {
    "by_int": "i",
    "by_sparse": "i::bigint * i * i * 1000",
    "by_uuid": "md5(i::text)::uuid",
    "by_pair": "i % 7",
    "by_day": "date '2020-01-01' + i % 100",
    "by_text": "'k' || i",
    "by_none": "null",
}


@pytest.fixture(scope="module")
def shapes(postgres_server):
    """A table for each way in which a table is cut."""
    postgres_server.run("shop", "CREATE SCHEMA shapes")
    for name, columns in SHAPES.items():
        postgres_server.run(
            "shop",
            f"CREATE TABLE shapes.{name} ({columns})",
            f"INSERT INTO shapes.{name} SELECT {VALUES[name]}, i FROM generate_series(1, {ROWS}) i",
        )
    postgres_server.run("shop", "ANALYZE")
    return postgres_server


@hypothesis.settings(max_examples=20)
@hypothesis.given(
    shape=st.sampled_from(sorted(SHAPES)),
    split_bytes=st.integers(8_000, 400_000),
    copy=st.sampled_from(["true", "false"]),
)
def test_every_row_comes_once_however_a_table_is_cut(shapes, rows, shape, split_bytes, copy):
    uri = shapes.uri(f"shop/shapes/{shape}?copy={copy}")
    table = rows(uri, Selection(split_bytes=split_bytes))
    assert sorted(table["n"].to_pylist()) == list(range(1, ROWS + 1))


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_table_is_cut(shapes, tables, shape):
    found = tables(shapes.uri("shop/shapes/" + shape), Selection(split_bytes=16_000))[shape]
    assert len(found.splits) > 3
    assert len({split.token for split in found.splits}) == len(found.splits)
    assert sum(split.size for split in found.splits) <= found.size


def test_all_workers_see_one_snapshot(shapes):
    shapes.run("shop", "CREATE TABLE moving AS SELECT i FROM generate_series(1, 5000) i", "ANALYZE")
    with holding():
        (found,) = discover(shapes.uri("shop/public/moving"), Selection(split_bytes=20_000))
        first, *others = (read(split) for split in found.splits)
        seen = sum(batch.num_rows for batch in first)
        shapes.run("shop", "UPDATE moving SET i = -i", "DELETE FROM moving WHERE i % 2 = 0")
        seen += sum(batch.num_rows for one in others for batch in one)
    assert len(others) > 3
    assert seen == 5000
    shapes.run("shop", "DROP TABLE moving")


def test_what_is_found_and_what_globs_leave(shapes, tables):
    shapes.run(
        "shop",
        "CREATE SCHEMA crm",
        "CREATE TABLE crm.people (id int PRIMARY KEY, email text)",
        "CREATE TABLE crm.empty (x int)",
        'CREATE TABLE crm."odd / name%" ("a "" b:c%" text)',
        "CREATE TABLE crm.logs (day date, n int) PARTITION BY RANGE (day)",
        "CREATE TABLE crm.logs_1 PARTITION OF crm.logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
        "INSERT INTO crm.people VALUES (1, 'ann@example.com')",
        "INSERT INTO crm.\"odd / name%\" VALUES ('x')",
        "INSERT INTO crm.logs SELECT '2020-02-02', i FROM generate_series(1, 10) i",
        "CREATE VIEW crm.addresses AS SELECT email FROM crm.people",
        "CREATE MATERIALIZED VIEW crm.kept AS SELECT email FROM crm.people",
    )
    at = shapes.uri("shop/crm")
    assert set(tables(at)) == {"people", "empty", "kept", "logs", "odd%20%2F%20name%25"}
    assert set(tables(at + "?views=true")) == {*tables(at), "addresses"}
    assert set(tables(at + "/addresses")) == {"addresses"}
    assert set(tables(at + "/p*")) == {"people"}
    both = tables(shapes.uri("shop"), Selection(include=("crm",), exclude=("e*", "crm/l*")))
    assert set(both) == {"people", "kept", "odd%20%2F%20name%25"}
    assert both["people"].uri == shapes.shown("shop/crm/people")
    odd = next(iter(read(both["odd%20%2F%20name%25"].splits[0])))
    assert odd.to_pylist() == [{'a " b:c%': "x"}]
    (logs,) = tables(at + "/logs").values()
    assert sum(b.num_rows for s in logs.splits for b in read(s)) == 10
    whole = tables(shapes.uri(), Selection(include=("shop/crm/people",)))
    assert [one.uri for one in whole.values()] == [shapes.shown("shop/crm/people")]


TYPES = """
  small smallint, large bigint, yes boolean, f4 real, f8 double precision, amount numeric(12, 2),
  card numeric(16), free numeric, word varchar(40), letter char(3), doc json, docb jsonb,
  tags text[], counts int[][], mood mood, raw bytea, u uuid, life interval, day date, at timestamp,
  zoned timestamptz, clock time, zoned_clock timetz, address inet, bits bit(4), span int4range,
  price money, id_number id_number, place point, number oid
"""
ROW = """
  -3, 9223372036854775807, true, 1.5, 'Infinity', 12.50, 4111111111111111, 12345678901234567890.25,
  E'Zoë "quoted", \\\\ and\\n🎈', 'ab', '{"a": 1}', '{"b": [1, null]}', '{a,NULL,"c,d"}',
  '{{1,2},{3,4}}', 'sad', '\\x00ff10', '2b1c9c4e-6f3a-4b8e-9a53-0f6d2f0c7a11', '1 day 02:00:00.5',
  '1980-02-29', '2020-01-02 03:04:05.678901', '2020-01-02 03:04:05+02', '23:59:59.5', '12:00+01',
  '10.0.0.1', '1010', '[1,5)', 12.5, '123-45-6789', '(1,2)', 17
"""
STRANGE = """
  null, null, null, null, 'NaN', 'NaN', null, 'NaN', '', null, null, null, '{}', null, null, '',
  null, '-3 days', 'infinity', '-infinity', '0044-03-15 BC', '24:00', null, null, null, null, null,
  null, null, null
"""


@pytest.fixture(scope="module")
def typed(postgres_server):
    postgres_server.run(
        "shop",
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
        "CREATE DOMAIN id_number AS text CHECK (value <> '')",
        f"CREATE TABLE typed ({TYPES})",
        *(f"INSERT INTO typed VALUES ({row})" for row in (ROW, STRANGE)),
        "INSERT INTO typed DEFAULT VALUES",
    )
    return postgres_server


@pytest.mark.parametrize("copy", ["true", "false"])
@pytest.mark.parametrize("request_", [ReadRequest(), ReadRequest(max_rows=3)])
def test_what_is_null_to_a_scan_is_counted(typed, rows, caplog, copy, request_):
    uri, shown = typed.uri(f"shop/public/typed?copy={copy}"), typed.shown("shop/public/typed")
    columns = ("amount", "day", "at", "zoned", "clock")
    assert rows(uri, request=request_).num_rows == 3
    told = [record.getMessage() for record in caplog.records]
    assert [one.split(" is ")[0] for one in told] == [f"{shown}: {n}: 1 value" for n in columns]
    caplog.clear()
    damage = Damage()
    rows(uri, request=replace(request_, damage=damage))
    assert [f"{shown}: {notice}" for notice in damage.notices] == told
    assert not caplog.records


@pytest.mark.parametrize("copy", ["true", "false"])
def test_values_are_what_they_were(typed, rows, copy):
    table = rows(typed.uri(f"shop/public/typed?copy={copy}"))
    first, strange, nulls = table.to_pylist()
    assert first == {
        "small": -3,
        "large": 2**63 - 1,
        "yes": True,
        "f4": 1.5,
        "f8": float("inf"),
        "amount": decimal.Decimal("12.50"),
        "card": 4111111111111111,
        "free": "12345678901234567890.25",
        "word": 'Zoë "quoted", \\ and\n🎈',
        "letter": "ab ",
        "doc": '{"a": 1}',
        "docb": '{"b": [1, null]}',
        "tags": ["a", None, "c,d"],
        "counts": [1, 2, 3, 4],
        "mood": "sad",
        "raw": b"\x00\xff\x10",
        "u": "2b1c9c4e-6f3a-4b8e-9a53-0f6d2f0c7a11",
        "life": dt.timedelta(days=1, hours=2, milliseconds=500),
        "day": dt.date(1980, 2, 29),
        "at": dt.datetime(2020, 1, 2, 3, 4, 5, 678901),
        "zoned": dt.datetime(2020, 1, 2, 1, 4, 5, tzinfo=dt.UTC),
        "clock": dt.time(23, 59, 59, 500000),
        "zoned_clock": "12:00:00+01",
        "address": "10.0.0.1",
        "bits": "1010",
        "span": "[1,5)",
        "price": decimal.Decimal("12.50"),
        "id_number": "123-45-6789",
        "place": "(1,2)",
        "number": 17,
    }
    assert (strange["word"], strange["tags"], strange["raw"]) == ("", [], b"")
    assert strange["free"] == "NaN"
    assert strange["f8"] != strange["f8"]
    # What Arrow cannot hold is null.
    assert {strange[name] for name in ("amount", "day", "at", "zoned", "clock")} == {None}
    assert strange["life"] == dt.timedelta(days=-3)
    assert set(nulls.values()) == {None}
    assert table.schema.field("card").type == pa.int64()


def test_only_the_columns_that_are_wanted_are_read(typed, rows):
    request = ReadRequest(columns=("word", "u"))
    table = rows(typed.uri("shop/public/typed"), request=request)
    assert table.column_names == ["word", "u"]
    (found,) = discover(typed.uri("shop/public/typed"), Selection())
    none = list(read(found.splits[0], ReadRequest(columns=())))
    assert [(batch.num_rows, batch.num_columns) for batch in none] == [(3, 0)]


def test_batches_are_bounded(shapes, tables):
    (found,) = tables(shapes.uri("shop/shapes/by_int")).values()
    for copy in ("true", "false"):
        (found,) = tables(shapes.uri(f"shop/shapes/by_int?copy={copy}")).values()
        sizes = [b.nbytes for b in read(found.splits[0], ReadRequest(batch_bytes=8_000))]
        assert len(sizes) > 3
        assert max(sizes) <= 16_000


def test_a_reader_who_stops_early_stops_the_server(shapes, tables):
    (found,) = tables(shapes.uri("shop/shapes/by_int")).values()
    batches = read(found.splits[0], ReadRequest(batch_bytes=2_000))
    next(batches)
    batches.close()
    active = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lakescan'"
    assert shapes.run("shop", active) == [(0,)]


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("split_bytes", [30_000, 1 << 30])
def test_a_sample_is_as_large_as_asked_and_no_row_twice(shapes, tables, shape, split_bytes):
    uri = shapes.uri("shop/shapes/" + shape)
    (found,) = tables(uri, Selection(split_bytes=split_bytes)).values()
    for split in found.splits:
        numbers = [
            number
            for batch in read(split, ReadRequest(max_rows=50))
            for number in batch["n"].to_pylist()
        ]
        assert 20 < len(numbers) <= 50
        assert len(set(numbers)) == len(numbers)


def test_a_sample_is_from_all_over_a_table(shapes, tables):
    shapes.run(
        "shop",
        "CREATE TABLE IF NOT EXISTS long AS SELECT i AS n FROM generate_series(1, 200000) i",
        "ANALYZE long",
    )
    (found,) = tables(shapes.uri("shop/public/long")).values()
    (split,) = found.splits
    numbers = [n for b in read(split, ReadRequest(max_rows=5000)) for n in b["n"].to_pylist()]
    assert 2000 < len(numbers) <= 5000
    assert max(numbers) > 100_000
    header_only = list(read(split, ReadRequest(max_rows=0)))
    assert [b.num_rows for b in header_only] == [0]


def test_comments_go_with_the_schema(shapes, tables):
    shapes.run(
        "shop",
        "CREATE TABLE noted (a text, b text)",
        "COMMENT ON TABLE noted IS 'our customers'",
        "COMMENT ON COLUMN noted.a IS 'e-mail address'",
    )
    (found,) = tables(shapes.uri("shop/public/noted")).values()
    assert found.schema.metadata == {b"comment": b"our customers"}
    assert found.schema.field("a").metadata == {b"comment": b"e-mail address"}
    assert found.schema.field("b").metadata is None


def test_a_version_lasts_until_the_rows_change(shapes, tables):
    uri = shapes.uri("shop/public/counted")
    shapes.run("shop", "CREATE TABLE counted (id int PRIMARY KEY, t text)")

    def version():
        # Counters are told when a session ends, at the latest.
        return tables(uri)["counted"].version

    seen = [version()]
    for change in (
        "INSERT INTO counted VALUES (1, 'a')",
        "UPDATE counted SET t = 'b'",
        "DELETE FROM counted",
        "TRUNCATE counted",
        "ALTER TABLE counted ALTER t TYPE varchar(9)",
    ):
        shapes.run("shop", change)
        seen.append(version())
        assert version() == seen[-1]
    assert len(set(seen)) == len(seen)
    shapes.run("shop", "CREATE OR REPLACE VIEW counting AS SELECT 1 AS one")
    views = [tables(shapes.uri("shop/public/counting"))["counting"].version for _ in "ab"]
    assert views[0] != views[1]  # nobody knows: never taken for unchanged


def test_who_may_not_is_told(shapes):
    shapes.run(
        "shop",
        "CREATE ROLE reader LOGIN PASSWORD 'r'",
        "GRANT USAGE ON SCHEMA shapes TO reader",
        "GRANT SELECT ON shapes.by_int TO reader",
    )
    found = list(discover(shapes.uri("shop/shapes", "reader", "r"), Selection()))
    refused = [one for one in found if isinstance(one, SourceFailure)]
    assert len(refused) == len(SHAPES) - 1
    assert all(isinstance(one.error, CredentialError) for one in refused)
    assert "permission denied" in str(refused[0].error)


@pytest.mark.parametrize(
    ("path", "user", "password", "error"),
    [
        ("shop", "postgres", "wrong-one", CredentialError),
        ("shop", "nobody-here", "wrong-one", CredentialError),
        ("no_such_db", None, None, NotFoundError),
        ("shop/no_such_schema", None, None, NotFoundError),
        ("shop/public/no_such_table", None, None, NotFoundError),
        ("shop?colour=red", None, None, UnknownNameError),
    ],
)
def test_what_is_wrong_is_said_without_the_password(shapes, path, user, password, error):
    uri = shapes.uri(path, user, **({"password": password} if password else {}))
    with pytest.raises(error) as raised:
        list(discover(uri, Selection()))
    text = f"{raised.value} {raised.value.uri} {raised.value!r} {raised.value.__cause__}"
    assert "wrong-one" not in text
    assert "made-up" not in text


def test_a_session_cannot_write(shapes):
    from lakescan.connectors.sql.address import Address
    from lakescan.connectors.sql.dialects.lookup import open_database

    database = open_database(Address.parse(shapes.uri("shop")))
    try:
        with pytest.raises(Exception, match="read-only"):
            database._connection.exec_driver_sql("CREATE TABLE no (x int)")
    finally:
        database.close()


def test_a_login_by_reference_or_environment(shapes, tables, monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", "made-up-for-tests")
    bare = f"postgresql://postgres@127.0.0.1:{shapes.port}/shop/shapes/by_int"
    (found,) = tables(bare + "?password=secret://env/SHOP_PASSWORD").values()
    assert "made-up" not in found.splits[0].access
    assert next(iter(read(found.splits[0]))).num_rows
    monkeypatch.setenv("PGPASSWORD", "made-up-for-tests")
    (found,) = tables(bare).values()
    assert next(iter(read(found.splits[0]))).num_rows
    (found,) = tables(shapes.uri("shop/shapes/by_int")).values()
    assert "made-up" not in repr(found)


def test_keys_that_are_texts_are_in_no_split(shapes, tables):
    (found,) = tables(shapes.uri("shop/shapes/by_text"), Selection(split_bytes=16_000)).values()
    assert "k1" not in repr(found.splits)


def test_bytes_that_are_no_text_are_replaced(postgres_server, rows):
    postgres_server.run(
        "postgres",
        "CREATE DATABASE raw ENCODING SQL_ASCII LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
    )
    postgres_server.run(
        "raw",
        "SET client_encoding = 'SQL_ASCII'",
        "SELECT 1",
        "CREATE TABLE t AS SELECT convert_from('\\xe9'::bytea, 'SQL_ASCII') AS x",
    )
    assert rows(postgres_server.uri("raw/public/t")).to_pylist() == [{"x": "�"}]
