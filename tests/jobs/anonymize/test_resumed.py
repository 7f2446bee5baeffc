"""A run that was cut before its commit goes on where it was, in every kind of target."""

from __future__ import annotations

import re
from pathlib import Path

import kill_targets
import pytest
import shop
from shop_databases import Databases, Files

import lakescan
from lakescan.connectors.sinks import Target, sink_for
from lakescan.errors import UsageError
from lakescan.jobs.anonymize.task import AnonymizeTask


@pytest.fixture(
    params=[
        "folder", "sqlite", "duckdb", "delta", "iceberg",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mysql", marks=pytest.mark.mysql),
    ]
)  # fmt: skip
def sink(request, tmp_path, lake, people, monkeypatch):
    name = request.param
    if name in ("sqlite", "duckdb"):
        return kill_targets.ShopDatabases(Files(name, tmp_path))
    if name in ("postgresql", "mysql"):
        fixture = {"postgresql": "postgres_server", "mysql": "mysql_server"}[name]
        return kill_targets.ShopDatabases(Databases(request.getfixturevalue(fixture)))
    if name == "delta":
        return kill_targets.DeltaTables(tmp_path, people)
    if name == "iceberg":
        return kill_targets.IcebergTables(tmp_path, people, monkeypatch.setenv)
    return kill_targets.Folders(tmp_path, lake)


def run(sink, target, policy=shop.REVERSIBLE, *, budget=None, **more):
    writing = lakescan.Writing("replace", **more)
    rules = lakescan.Policy.parse(policy)
    return lakescan.anonymize(
        sink.source, target, rules, engine="local", writing=writing, budget=budget
    )


def test_what_was_staged_is_not_done_again(sink, key, monkeypatch):
    target = sink.fresh("resumed")
    kind = type(sink_for(target))
    commit = kind.commit
    cut = []

    def die(self, transaction, staged):
        cut.append(transaction.target.run_id)
        raise KeyboardInterrupt

    monkeypatch.setattr(kind, "commit", die)
    with pytest.raises(KeyboardInterrupt):
        run(sink, target)
    monkeypatch.setattr(kind, "commit", commit)
    assert not sink.seen(target)
    with pytest.raises(UsageError, match=f"run {cut[0]} began under another policy"):
        run(sink, target, "accuracy_mode: patterns\nanonymize: {default: redact}", resume=True)
    monkeypatch.setattr(AnonymizeTask, "__call__", None)  # whoever writes a unit again fails
    result = run(sink, target, resume=True)
    assert (result.value.run_id, result.status) == (cut[0], "complete")
    monkeypatch.undo()
    held = {unit: len(rows) for unit, rows in sink.seen(sink.source).items()}
    assert {unit: len(rows) for unit, rows in sink.seen(target).items()} == held


@pytest.mark.parametrize("kind", ["folder", "sqlite"])
def test_a_spent_budget_shows_nothing_and_the_run_goes_on(kind, tmp_path, lake, key):
    sink = kill_targets.Folders(tmp_path, lake)
    if kind != "folder":
        sink = kill_targets.ShopDatabases(Files(kind, tmp_path))
    target = sink.fresh("budget")
    first = run(sink, target, budget=lakescan.Budget(rows=1))
    assert (first.status, first.value.version) == ("partial", "")
    assert first.value.rows >= 1
    (error,) = first.value.errors
    assert (error.kind, "the budget of 1 rows is spent" in error.message) == ("Budget", True)
    assert not sink.seen(target)
    second = run(sink, target, budget=lakescan.Budget(rows=10**9), resume=True)
    assert (second.status, second.value.run_id) == ("complete", first.value.run_id)
    held = {unit: len(rows) for unit, rows in sink.seen(sink.source).items()}
    assert {unit: len(rows) for unit, rows in sink.seen(target).items()} == held
    assert second.value.rows > first.value.rows


@pytest.mark.parametrize(
    "sink",
    ["folder", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)
def test_a_run_that_another_overtook_is_not_gone_on_with(sink, key, monkeypatch):
    """It could not be committed any more: whoever resumes each time would be refused for ever."""
    target = sink.fresh("overtaken")
    kind = type(sink_for(target))

    def die(self, transaction, staged):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(kind, "commit", die)
        with pytest.raises(KeyboardInterrupt):
            run(sink, target)
    assert staged(sink, target)
    run(sink, target)
    assert not staged(sink, target)
    assert run(sink, target, resume=True).status == "complete"


def staged(sink, target):
    """What lies in a target, or beside it, that a run has not shown yet."""
    if "://" not in target:
        return [name for name in sink.files(target) if "/staged/" in name]
    if target.startswith("sqlite"):
        return [*Path(f"{target.partition('///')[2]}.lakescan").rglob("staged/*")]
    found = sink.place.run(target.rpartition("/")[2], "SELECT tablename FROM pg_tables")
    return [name for (name,) in found if re.fullmatch("_lakescan_[0-9a-f]{12}", name)]


def test_where_no_run_was_cut_one_begins(tmp_path, lake, key):
    sink = kill_targets.Folders(tmp_path, lake)
    target = sink.fresh("new")
    first = run(sink, target, resume=True)
    assert sink_for(target).unfinished(Target(target, "read")) is None
    again = run(sink, target, resume=True)
    assert first.value.run_id != again.value.run_id


def test_a_name_says_which_run_goes_on():
    with pytest.raises(UsageError, match="a named run goes on by itself"):
        lakescan.Writing(run_id="r1", resume=True)


@pytest.mark.mysql
def test_a_run_that_was_cut_amid_its_commit_is_not_in_the_way_of_another(
    mysql_server, key, monkeypatch
):
    """In MySQL keys have names of the whole database, also those of stages."""
    from lakescan.connectors.sinks.sql.servers.mysql import MysqlWriting

    sink = kill_targets.ShopDatabases(Databases(mysql_server))
    target = sink.fresh("shop_cut")

    def die(self, change):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(MysqlWriting, "_rename_all", die)
        with pytest.raises(KeyboardInterrupt):
            run(sink, target)
    assert not sink.seen(target)
    run(sink, target)
    held = {unit: len(rows) for unit, rows in sink.seen(sink.source).items()}
    assert {unit: len(rows) for unit, rows in sink.seen(target).items()} == held
