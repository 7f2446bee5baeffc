"""Databases into databases: eight tables with foreign keys, on each of the dialects."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest
import shop
from shop_databases import Databases, Files

import lakescan
from lakescan.connectors.sinks import sink_for
from lakescan.errors import ChangedSourceError, PolicyError, TerminalError, UsageError

EMBEDDED = ["sqlite", "duckdb"]
SERVERS = [
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mysql", marks=pytest.mark.mysql),
]


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


#: Made-up names, phones and cards, and tokens for the addresses, which are keys.
MADE_UP = """
accuracy_mode: patterns
anonymize:
  default: fake
  rules: [{entities: EMAIL_ADDRESS, operator: token}]
"""


def test_made_up_values_keep_every_join(place, key):
    people = "customers a JOIN customers b ON a.{0} = b.{0}"

    def rows(name):
        alike = {c: people.format(c) for c in ("full_name", "phone", "ssn", "email")}
        cards = "payments a JOIN payments b ON a.card = b.card"
        streets = "addresses a JOIN addresses b ON a.street = b.street"
        found = {**alike, "cards": cards, "streets": streets, "names": "customers a JOIN staff b"
                 " ON a.full_name = b.full_name"}  # fmt: skip
        return joins(place, name) | {
            what: place.run(name, f"SELECT count(*) FROM {text}")[0][0]
            for what, text in found.items()
        }

    before = rows("shop_a")
    assert before["names"] >= 5
    run(place.uri("shop_a"), place.uri("shop_b"), MADE_UP)
    assert rows("shop_b") == before
    assert contents(place, "shop_b")["customers"] != contents(place, "shop_a")["customers"]


def test_another_key_gives_what_an_anonymization_under_it_gives(place, tmp_path, monkeypatch):
    source, target, again = (place.uri(name) for name in ("shop_a", "shop_b", "shop_c"))
    keys = {"a": bytes(range(32)).hex(), "b": bytes(range(32, 64)).hex()}
    monkeypatch.setenv("LAKESCAN_KEY", json.dumps({"primary": "a", "keys": keys}))
    run(source, target, shop.REVERSIBLE)
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    rekeying = lakescan.Rekeying("b", one_way="leave")  # of what may stand in notes
    done = lakescan.rekey(target, again, audit, rekeying=rekeying, engine="local")
    assert done.rows == sum(len(rows) for rows in shop.rows().values())
    rekeyed = contents(place, "shop_c")
    assert joins(place, "shop_c") == joins(place, "shop_a")
    monkeypatch.setenv("LAKESCAN_KEY", json.dumps({"primary": "b", "keys": keys}))
    run(source, target, shop.REVERSIBLE, writing=lakescan.Writing("replace"))
    assert contents(place, "shop_b") == rekeyed


ADDED = {
    "postgresql": [
        "CREATE VIEW mails AS SELECT email FROM customers",
        "CREATE TABLE touched (n integer)",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO touched VALUES (1); RETURN NULL; END'",
        "CREATE TRIGGER touching AFTER INSERT OR DELETE ON customers FOR EACH ROW EXECUTE FUNCTION touch()",
    ],
    "sqlite": [
        "CREATE VIEW mails AS SELECT email FROM customers",
        "CREATE TABLE touched (n integer)",
        "CREATE TRIGGER touching AFTER DELETE ON customers BEGIN INSERT INTO touched VALUES (1); END",
    ],
    "mysql": ["CREATE VIEW mails AS SELECT email FROM customers"],
    "duckdb": ["CREATE VIEW mails AS SELECT email FROM customers"],
}
#: Ciphertexts are too long for the columns that are there; tokens and fakes are not.
IN_PLACE = """
accuracy_mode: patterns
anonymize:
  default: token
  rules:
    - {entities: PERSON, operator: fake}
    - {entities: PHONE_NUMBER, operator: mask}
    - {entities: US_SSN, operator: fpe}
    - {entities: CREDIT_CARD, operator: fpe}
    - {entities: DATE_OF_BIRTH, operator: keep}
"""


def test_in_place_views_triggers_and_keys_stay_and_nobody_does_it_twice(place, key):
    place.run("shop_a", *ADDED[place.kind], "SELECT 1")
    before, views = joins(place, "shop_a"), place.run("shop_a", "SELECT * FROM mails")
    rows = contents(place, "shop_a")
    source = place.uri("shop_a")
    run(source, source, IN_PLACE, writing=lakescan.Writing(mode="in_place"))
    assert joins(place, "shop_a") == before
    after = place.run("shop_a", "SELECT * FROM mails")
    assert len(after) == len(views)
    assert not set(after) & set(views)
    now = contents(place, "shop_a")
    assert {t: len(r) for t, r in now.items()} == {t: len(r) for t, r in rows.items()}
    assert now["order_items"] == rows["order_items"]
    if place.kind in ("postgresql", "sqlite"):
        assert place.run("shop_a", "SELECT count(*) FROM touched") == [(0,)]
        place.run("shop_a", "DELETE FROM tickets", "DELETE FROM addresses", "SELECT 1")
        with pytest.raises(Exception, match=r"(?i)foreign|constraint"):
            place.run(
                "shop_a",
                *(["PRAGMA foreign_keys = ON"] if place.kind == "sqlite" else []),
                "DELETE FROM customers",
            )
    with pytest.raises(UsageError, match="was anonymized before"):
        run(source, source, IN_PLACE, writing=lakescan.Writing(mode="in_place"))


BELOW = {"sqlite": "!/", "duckdb": "!/main/", "postgresql": "/public/", "mysql": "/"}


def test_one_table_after_another_in_place_and_both_are_revealed(place, key, tmp_path):
    def of(table):
        return place.uri("shop_a") + BELOW[place.kind] + table

    before = contents(place, "shop_a")
    policy = "accuracy_mode: patterns\nanonymize: {default: fpe}"
    more = {"writing": lakescan.Writing(mode="in_place")}
    run(of("payments"), of("payments"), policy, **more)
    rules = "{rules: [{column: '*', operator: keep}, {column: full_name, operator: fpe}]}"
    people = f"accuracy_mode: patterns\nanonymize: {rules}"
    run(of("staff"), of("staff"), people, **more)
    now = contents(place, "shop_a")
    changed = {table for table in now if now[table] != before[table]}
    assert changed == {"payments", "staff"}
    for again in (of("payments"), of("staff"), place.uri("shop_a")):
        with pytest.raises(UsageError, match=r"was anonymized before \(table \S*(paym|staff)"):
            run(again, again, policy, **more)
    assert contents(place, "shop_a") == now
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    lakescan.reveal(place.uri("shop_a"), place.uri("shop_b"), audit, engine="local")
    assert contents(place, "shop_b") == before
    lakescan.reveal(of("payments"), place.uri("shop_c"), audit, engine="local")
    assert sorted(place.run("shop_c", "SELECT * FROM payments"), key=repr) == before["payments"]


def test_what_was_changed_meanwhile_is_not_lost(place, key, monkeypatch):
    """Somebody adds a row after the rows were read, and before they are exchanged."""
    source = place.uri("shop_a")
    sink = type(sink_for(source))
    commit = sink.commit

    def late(self, transaction, staged):
        place.run("shop_a", "UPDATE products SET title = 'Bench' WHERE id = 3", "SELECT 1")
        return commit(self, transaction, staged)

    monkeypatch.setattr(sink, "commit", late)
    before = contents(place, "shop_a")
    with pytest.raises(ChangedSourceError, match="was changed while it was read"):
        run(source, source, IN_PLACE, writing=lakescan.Writing(mode="in_place"))
    after = contents(place, "shop_a")
    assert after.pop("products") != before.pop("products")
    assert after == before


def test_a_key_that_would_not_stay_one_is_refused(place, key):
    policy = "anonymize: {rules: [{entities: EMAIL_ADDRESS, operator: mask}]}"
    with pytest.raises(PolicyError, match="is a key, and mask would make different values equal"):
        run(place.uri("shop_a"), place.uri("shop_b"), f"accuracy_mode: patterns\n{policy}")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{column: full_name, operator: 'null'}", "a column takes no nulls .* or keep"),
        (
            "{column: phone, operator: replace, options: {text: 'nothing is said of it'}}",
            "too long",
        ),
    ],
)
def test_what_a_column_in_place_cannot_hold_is_refused_in_words(place, key, rule, said):
    policy = f"{{accuracy_mode: patterns, anonymize: {{default: keep, rules: [{rule}]}}}}"
    source = place.uri("shop_a")
    before = contents(place, "shop_a")
    # DuckDB makes the table anew, and SQLite knows no lengths.
    holds = place.kind == "duckdb" or (place.kind == "sqlite" and said == "too long")
    with nullcontext() if holds else pytest.raises(TerminalError, match=said):
        run(source, source, policy, writing=lakescan.Writing(mode="in_place"))
    assert (contents(place, "shop_a") == before) == (not holds)
