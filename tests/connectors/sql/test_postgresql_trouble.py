"""PostgreSQL in trouble: gone and back, silent, slow, locked."""

from __future__ import annotations

import threading

import pytest

import lakescan
from lakescan.connectors import ReadRequest, Selection, discover, read
from lakescan.connectors.damage import Damage
from lakescan.connectors.held import holding
from lakescan.errors import TransientError

pytestmark = pytest.mark.postgresql

ROWS = 30_000


@pytest.fixture(scope="module")
def server(postgres_server):
    postgres_server.run(
        "shop",
        "CREATE TABLE calls AS SELECT i AS n, repeat('x', 600) AS t"
        f" FROM generate_series(1, {ROWS}) i",
        "ALTER TABLE calls ADD PRIMARY KEY (n)",
        "ANALYZE calls",
        "CHECKPOINT",
    )
    return postgres_server


def count(split, request=None):
    return sum(batch.num_rows for batch in read(split, request))


def test_a_server_that_dies_is_waited_for(server, monkeypatch):
    monkeypatch.setattr("lakescan.connectors.sql.connector._PATIENCE_SECONDS", 120.0)
    with holding():
        (found,) = discover(server.uri("shop/public/calls"), Selection(split_bytes=7 << 20))
        batches = read(found.splits[0], ReadRequest(batch_bytes=10_000))
        next(batches)
        server.kill()
        threading.Timer(0.5, server.restart).start()
        with pytest.raises(TransientError):
            list(batches)
        # The snapshot is gone with the server; the rows are not.
        damage = Damage()
        assert sum(count(s, ReadRequest(damage=damage)) for s in found.splits) == ROWS
    assert len(damage.notices) == len(found.splits)
    assert all("snapshot is gone" in notice for notice in damage.notices)
    assert len(found.splits) > 2


def test_a_server_that_answers_no_more_is_given_up(server, proxy, monkeypatch):
    monkeypatch.setattr("lakescan.connectors.sql.dialects.postgresql._GRACE_SECONDS", 0.5)
    between = proxy(server.port, stop_after=1_000_000)
    uri = server.uri("shop/public/calls?statement_seconds=1")
    (found,) = discover(uri.replace(str(server.port), str(between.port)), Selection())
    with pytest.raises(TransientError, match="silent"):
        count(found.splits[0])


def test_a_server_that_never_answers_is_given_up(server, proxy):
    between = proxy(server.port, stop_after=0)
    uri = server.uri("shop?connect_seconds=2").replace(str(server.port), str(between.port))
    with pytest.raises(TransientError, match="does not answer"):
        list(discover(uri, Selection()))


def test_a_slow_server_is_read_all_the_same(server, proxy):
    between = proxy(server.port, piece=5000)
    uri = server.uri("shop/public/calls").replace(str(server.port), str(between.port))
    (found,) = discover(uri, Selection())
    assert count(found.splits[0]) == ROWS


def test_a_statement_that_takes_too_long_is_ended_by_the_server(server):
    server.run("shop", "CREATE VIEW slow AS SELECT pg_sleep(30)::text AS t")
    (found,) = discover(server.uri("shop/public/slow?statement_seconds=1"), Selection())
    with pytest.raises(TransientError, match="57014"):
        count(found.splits[0])


def test_a_lock_is_not_waited_for_long(server):
    import sqlalchemy as sa

    uri = server.uri("shop/public/calls?lock_seconds=0.2")
    (found,) = discover(uri, Selection())
    engine = sa.create_engine(
        server.uri("shop").replace("://", "+psycopg2://"), poolclass=sa.pool.NullPool
    )
    with engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE calls IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(TransientError, match="55P03"):
            count(found.splits[0])


def test_a_table_that_is_locked_spoils_no_other(server):
    import sqlalchemy as sa

    server.run("shop", "CREATE SCHEMA busy", "CREATE TABLE busy.free AS SELECT 'ann@example.com' AS mail",
               "CREATE TABLE busy.taken AS SELECT 'bob@example.com' AS mail")  # fmt: skip
    engine = sa.create_engine(
        server.uri("shop").replace("://", "+psycopg2://"), poolclass=sa.pool.NullPool
    )
    with engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE busy.taken IN ACCESS EXCLUSIVE MODE")
        uri = server.uri("shop/busy?lock_seconds=0.2")
        result = lakescan.scan(uri, engine="local", accuracy_mode="patterns")
    assert [dataset.rows_scanned for dataset in result.value.datasets if dataset.rows_scanned] == [
        1
    ]
    assert [(one.kind, one.uri) for one in result.errors] == [
        ("Transient", server.shown("shop/busy/taken"))
    ]


def test_rows_come_no_faster_than_asked(server, monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr("lakescan.connectors.sql.patience.time.sleep", slept.append)
    uri = server.uri("shop/public/calls?rows_per_second=1000")
    (found,) = discover(uri, Selection())
    assert count(found.splits[0], ReadRequest(batch_bytes=500_000)) == ROWS
    assert sum(slept) > ROWS / 1000  # nobody slept in truth, so that each time all of it was due
