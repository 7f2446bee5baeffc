"""Values that Arrow's types cannot hold come through a copy as they were."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest
from shop_databases import Databases, Files

import lakescan

POLICY = """
accuracy_mode: patterns
anonymize:
  default: token
  rules: [{column: "mails*", operator: token}, {column: email, operator: token}]
"""


def run(source, target, **more):
    policy = lakescan.Policy.parse(POLICY)
    return lakescan.anonymize(source, target, policy, engine="local", **more)


POSTGRES = """
  id integer PRIMARY KEY, email text, day date, at timestamp, zoned timestamptz, clock time,
  zoned_clock timetz, amount numeric(12, 2), whole numeric(10), free numeric, f4 real,
  f8 double precision, life interval, grid int[], words text[], mails text[], many int[],
  shifted int[], plain_day date, plain_list int[], hours interval
"""
POSTGRES_ROWS = [
    """1, 'ann@example.com', 'infinity', '-infinity', 'infinity', '24:00', '24:00+01', 'NaN', 'NaN',
    'Infinity', 'NaN', '-Infinity', '1 mon -3 days 02:00:00.5', '{{1,2},{3,null}}',
    '{{"a,b","c\\"d"},{e\\\\f,NULL}}', '{{bob@example.com,carla@example.com}}', '{{1}}',
    '[0:1]={7,8}', '2020-02-29', '{1,2}', '36:00:00'""",
    """2, 'dev@example.com', '0044-03-15 BC', '20000-01-01 00:00:00.000001', '0044-03-15 12:00 BC',
    '12:00', '12:00-05:30', 1.5, 7, 1.50, 1.1, 0.1, '-1 year', '{}', null,
    '{{elif@example.com,femi@example.com}}', '{1,2}', '{1}', null, '{}', '-00:00:01'""",
    "3" + ", null" * 20,
]


@pytest.mark.postgresql
def test_postgresql_keeps_infinity_nan_years_bc_months_and_arrays_of_arrays(
    postgres_server, key, tmp_path
):
    place = Databases(postgres_server)
    for name in ("odd_a", "odd_b", "odd_c"):
        place.make(name)
    place.run(
        "odd_a",
        f"CREATE TABLE odd ({POSTGRES})",
        *(f"INSERT INTO odd VALUES ({row})" for row in POSTGRES_ROWS),
        "SELECT 1",
    )
    kept = (
        "id day at zoned clock zoned_clock amount whole free f4 f8 life grid words many shifted"
        " plain_day plain_list hours".split()
    )
    query = f"SELECT {', '.join(f'{name}::text' for name in kept)} FROM odd ORDER BY id"
    before = place.run("odd_a", query)
    types = (
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'odd'"
        " ORDER BY ordinal_position"
    )
    assert run(place.uri("odd_a"), place.uri("odd_b")).status == "complete"
    assert place.run("odd_b", query) == before
    assert place.run("odd_b", types) == place.run("odd_a", types)
    mails = "SELECT array_dims(mails), mails::text FROM odd ORDER BY id"
    now = place.run("odd_b", mails)
    assert [dims for dims, _ in now] == ["[1:1][1:2]", "[1:1][1:2]", None]
    assert "@" not in "".join(text or "" for _, text in now)
    run(place.uri("odd_a"), place.uri("odd_a"), writing=lakescan.Writing(mode="in_place"))
    assert place.run("odd_a", query) == before
    run(place.uri("odd_b"), tmp_path, writing=lakescan.Writing(format="parquet"))
    (path,) = tmp_path.rglob("*.parquet")
    table = pq.read_table(path)
    assert table["day"].to_pylist() == ["infinity", "0044-03-15 BC", None]
    assert str(table.schema.field("plain_day").type) == "date32[day]"
    assert table["grid"].to_pylist() == [[[1, 2], [3, None]], [], None]
    assert table["shifted"].to_pylist() == ["[0:1]={7,8}", "{1}", None]


def test_duckdb_keeps_infinity_years_bc_months_and_zones(key, tmp_path):
    place = Files("duckdb", tmp_path)
    columns = {
        "id": ("INTEGER", "1", "2"),
        "email": ("VARCHAR", "'ann@example.com'", "'dev@example.com'"),
        "day": ("DATE", "'infinity'", "'0044-03-15 (BC)'"),
        "at": ("TIMESTAMP", "'-infinity'", "'20000-01-01 00:00:00.000001'"),
        "zoned": ("TIMESTAMPTZ", "'infinity'", "'2020-01-02 03:04:05+02'"),
        "sec": ("TIMESTAMP_S", "'infinity'", "'2020-01-01'"),
        "ns": ("TIMESTAMP_NS", "'infinity'", "'2020-01-01 00:00:00.000000001'"),
        "clock": ("TIME", "'24:00'", "'12:00'"),
        "zoned_clock": ("TIMETZ", "'24:00:00+01'", "'12:00:00-05:30'"),
        "life": ("INTERVAL", "INTERVAL '1 month -3 days 2 hours'", "INTERVAL '36 hours'"),
        "hours": ("INTERVAL", "INTERVAL '36 hours'", "NULL"),
        "plain": ("DATE", "'2020-02-29'", "NULL"),
        "odd: name": ("DATE", "'infinity'", "NULL"),
        "digits": ("BIGNUM", "12345678901234567890123456789012345678901234567890", "-1"),
        "huge": (
            "STRUCT(huge HUGEINT, life INTERVAL)",
            f"{{'huge': {-(2**127)}, 'life': INTERVAL 1 MONTH}}",
            "{'huge': 5}",
        ),
        "bits": ("BIT[]", "['0001'::BIT, NULL]", "[]"),
        "pair": ("TIMETZ[2]", "['10:00:00+05'::TIMETZ, '24:00:00-01'::TIMETZ]", "NULL"),
        "many": ("MAP(BIT, UHUGEINT[])", f"MAP {{'1'::BIT: [{2**128 - 1}]}}", "MAP {}"),
        "either": ('UNION("a ""b" BIT, bit DATE)', "union_value(bit := DATE 'infinity')", "NULL"),
    }
    made = ", ".join(f'"{name}" {kind}' for name, (kind, _, _) in columns.items())
    rows = [", ".join(each[at] for each in columns.values()) for at in (1, 2)]
    place.run("a", f"CREATE TABLE odd ({made})", *(f"INSERT INTO odd VALUES ({r})" for r in rows))
    texts = ", ".join(f'"{name}"::VARCHAR' for name in columns if name != "email")
    query = f"SELECT {texts} FROM odd ORDER BY id"
    before = place.run("a", query)
    assert run(place.uri("a"), place.uri("b")).status == "complete"
    assert place.run("b", query) == before
    kinds = "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'odd'"
    assert place.run("b", kinds) == place.run("a", kinds)
    assert "@" not in str(place.run("b", "SELECT email FROM odd"))
    (shown,) = lakescan.scan(place.uri("a"), engine="local").value.datasets
    nulls = {column.column: column.nulls for column in shown.columns}
    assert (nulls["day"], nulls["at"], nulls["ns"], nulls["plain"]) == (2, 2, 1, 1)


def test_duckdb_keeps_the_types_of_what_stands_beside_a_changed_value(key, tmp_path):
    place = Files("duckdb", tmp_path)
    who = (
        "STRUCT(email VARCHAR, huge HUGEINT, life INTERVAL, bits BIT, kind ENUM('x', 'y'),"
        ' "odd.""name" UUID, inside STRUCT(email VARCHAR, n UHUGEINT))'
    )
    columns = {
        "who": who,
        "list": "STRUCT(email VARCHAR, n HUGEINT)[]",
        "pair": "STRUCT(email VARCHAR, n HUGEINT)[2]",
        "map": "MAP(BIT, STRUCT(email VARCHAR, n HUGEINT))",
        "either": "UNION(email VARCHAR, n HUGEINT)",
    }
    mail, one = "'u' || i || '@example.com'", "{'email': 'u' || i || '@example.com', 'n': i}"
    many = (
        f"{{'email': {mail}, 'huge': {2**100} + i, 'life': INTERVAL 1 MONTH, 'bits': '01',"
        f" 'kind': 'x', 'odd.\"name': uuid(), 'inside': {one}}}"
    )
    values = (
        many,
        f"[{one}]",
        f"[{one}, {one}]",
        f"MAP {{'1'::BIT: {one}}}",
        f"CASE WHEN i % 2 = 0 THEN union_value(email := {mail}) ELSE union_value(n := i) END",
    )
    made = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    casts = ", ".join(
        f"{value}{'' if name == 'either' else '::' + kind}"
        for value, (name, kind) in zip(values, columns.items(), strict=True)
    )
    place.run(
        "a",
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, {made})",
        f"INSERT INTO t SELECT i, {casts} FROM range(50) r(i)",
    )
    assert run(place.uri("a"), place.uri("b")).status == "complete"
    kinds = "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 't'"
    assert place.run("b", kinds) == place.run("a", kinds)
    beside = (
        "SELECT who.huge, who.life, who.bits, who.kind, who.inside.n, list[1].n, pair[2].n,"
        ' map_values(map)[1].n, map_keys(map)[1], either.n, who."odd.""name" FROM t ORDER BY id'
    )
    assert place.run("b", beside) == place.run("a", beside)
    assert "@" not in str(place.run("b", "SELECT * FROM t"))


MYSQL = """
  id int PRIMARY KEY, email varchar(80), day date, at datetime(6), stamp timestamp NULL,
  part date, plain date, f4 float, f8 double, clock time(3), made year, flags bit(4)
"""
MYSQL_ROWS = [
    """1, 'ann@example.com', '0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00',
    '2020-00-31', '2020-02-29', 1.2345678, 0.1, '-838:59:59.123', 0, b'1010'""",
    """2, 'dev@example.com', '2020-02-29', '2020-01-02 03:04:05.678901', '2020-01-02 03:04:05',
    '2020-01-31', null, -3.4e38, 2.5e-300, '12:00', 1999, b'0'""",
    "3" + ", null" * 11,
]


@pytest.mark.mysql
def test_mysql_keeps_zero_dates_and_all_digits_of_floats(mysql_server, key):
    place = Databases(mysql_server)
    for name in ("odd_a", "odd_b"):
        place.make(name)
    place.run(
        "odd_a",
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00'",
        f"CREATE TABLE odd ({MYSQL})",
        *(f"INSERT INTO odd VALUES ({row})" for row in MYSQL_ROWS),
        "SELECT 1",
    )
    query = (
        "SELECT id, cast(day AS char), cast(at AS char), cast(stamp AS char), cast(part AS char),"
        " plain, f4 + 0e0, f8, clock, made, hex(flags) FROM odd ORDER BY id"
    )
    before = place.run("odd_a", query)
    assert before[0][1:5] == (
        "0000-00-00",
        "0000-00-00 00:00:00.000000",
        "0000-00-00 00:00:00",
        "2020-00-31",
    )
    assert run(place.uri("odd_a"), place.uri("odd_b")).status == "complete"
    assert place.run("odd_b", query) == before
    types = (
        "SELECT column_name, column_type FROM information_schema.columns"
        " WHERE table_name = 'odd' AND table_schema = '{}' AND column_name <> 'email'"
        " ORDER BY ordinal_position"
    )
    assert place.run("odd_b", types.format("odd_b")) == place.run("odd_a", types.format("odd_a"))
    assert "@" not in str(place.run("odd_b", "SELECT email FROM odd"))


SQLITE = """
  id INTEGER PRIMARY KEY, email TEXT, number INTEGER, day DATE, at DATETIME, zoned DATETIME,
  clock TIME, yes BOOLEAN, price DECIMAL(8, 2), free NUMERIC, bare, whole, raw BLOB, said BLOB,
  plain DATE
"""
SQLITE_ROWS = [
    (1, "ann@example.com", 5, "2020-02-30", 1577836800, "2020-01-02T03:04:05Z", "1:2:3", 2, 1.005,
     7, 1.5, 10, b"\x00\xff", "said", "2020-02-29"),
    (2, "dev@example.com", "n/a", 2458849.5, "2020-01-02 03:04:05.5", "2020-01-02 03:04:05+02:00",
     "12:00", 0, 12345678901.5, 7.25, -2.0, 20, b"", "too", None),
    (3, "elif@example.com", 5.5, "2020-02-29", "2020-01-02 03:04:05", None, "12:00:00", "maybe",
     "n/a", "n/a", 1e300, 9007199254740993, None, None, "1999-12-31"),
]  # fmt: skip


def test_sqlite_keeps_what_is_not_of_its_declared_type(key, tmp_path):
    place = Files("sqlite", tmp_path)
    place.run("a", f"CREATE TABLE odd ({SQLITE})")
    place.fill("a", "odd", SQLITE_ROWS)
    names = [
        part.split()[0] for part in SQLITE.split(",") if part.split()[0] not in ("email", "2)")
    ]
    query = f"SELECT {', '.join(f'typeof({n}), {n}' for n in names)} FROM odd ORDER BY id"
    before = place.run("a", query)
    assert run(place.uri("a"), place.uri("b")).status == "complete"
    assert place.run("b", query) == before
    kinds = "SELECT name, type FROM pragma_table_info('odd') WHERE type <> ''"
    assert set(place.run("a", kinds)) <= set(place.run("b", kinds))
    assert "@" not in str(place.run("b", "SELECT email FROM odd"))


def test_sqlite_reports_bytes_among_texts(key, tmp_path):
    place = Files("sqlite", tmp_path)
    place.run("a", "CREATE TABLE odd (x)", "CREATE TABLE even (x TEXT)")
    place.fill("a", "odd", [(b"\xff",), ("text",)])
    place.fill("a", "even", [("text",)])
    result = run(place.uri("a"), place.uri("b"))
    assert result.status == "partial"
    (error,) = (each for each in result.value.errors if not each.is_notice)
    assert "odd: x has bytes among other values" in error.message
    assert place.run("b", "SELECT name FROM sqlite_master WHERE name IN ('odd', 'even')") == [
        ("even",)
    ]
