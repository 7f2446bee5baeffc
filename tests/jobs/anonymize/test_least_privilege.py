"""The logins that the docs grant do: one that may read, one that may write; and no more than that."""

from __future__ import annotations

import pytest
import shop
from database_servers import PASSWORD
from shop_databases import Databases

import lakescan
from lakescan.errors import LakeError


def run(source, target, **more):
    policy = lakescan.Policy.parse(shop.ONE_WAY)
    return lakescan.anonymize(source, target, policy, engine="local", **more)


def filled(server, *names):
    place = Databases(server)
    for name in names:
        place.make(name)
    place.run(names[0], *shop.made(place.kind))
    for table, rows in shop.rows().items():
        place.fill(names[0], table, rows)
    return place


@pytest.mark.postgresql
def test_postgresql(postgres_server, key):
    place = filled(postgres_server, "grants_a", "grants_b")
    for role in ("grants_reader", "grants_writer"):
        postgres_server.run("postgres", f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
    place.run("grants_a", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO grants_reader")
    place.run(
        "grants_b",
        "CREATE SCHEMA crm",
        "GRANT USAGE, CREATE ON SCHEMA crm TO grants_writer",
    )
    source = postgres_server.uri("grants_a", "grants_reader")
    target = postgres_server.uri("grants_b/crm", "grants_writer")
    done = run(source, target)
    assert done.value.rows == sum(len(rows) for rows in shop.rows().values())
    again = run(source, target, writing=lakescan.Writing("replace"))
    assert again.value.rows == done.value.rows
    with pytest.raises(LakeError):
        run(source, postgres_server.uri("grants_b/public", "grants_writer"))
    with pytest.raises(LakeError):
        run(source, source, writing=lakescan.Writing("in_place"))


@pytest.mark.mysql
def test_mysql(mysql_server, key):
    place = filled(mysql_server, "grants_a", "grants_b")
    for role in ("grants_reader", "grants_writer"):
        mysql_server.run("shop", f"CREATE OR REPLACE USER {role} IDENTIFIED BY '{PASSWORD}'")
    rights = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES"
    mysql_server.run(
        "shop",
        "GRANT SELECT ON grants_a.* TO grants_reader",
        f"GRANT {rights} ON grants_b.* TO grants_writer",
    )
    source = mysql_server.uri("grants_a", "grants_reader")
    target = mysql_server.uri("grants_b", "grants_writer")
    done = run(source, target)
    assert done.value.rows == sum(len(rows) for rows in shop.rows().values())
    again = run(source, target, writing=lakescan.Writing("replace"))
    assert again.value.rows == done.value.rows
    with pytest.raises(LakeError):
        run(source, source, writing=lakescan.Writing("in_place"))
    assert place.run("grants_a", "SELECT count(*) FROM customers")
