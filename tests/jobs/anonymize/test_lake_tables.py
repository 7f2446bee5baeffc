"""Delta and Iceberg tables into others, and in place: one commit each, tagged with the run."""

from __future__ import annotations

import deltalake
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.connectors.sinks.files import delta
from lakescan.errors import ChangedSourceError, UnsupportedError, UsageError

POLICY = lakescan.Policy.parse("""
accuracy_mode: patterns
anonymize:
  rules:
    - {entities: EMAIL_ADDRESS, operator: encrypt, domain: mail}
    - {entities: PERSON, operator: encrypt}
    - {entities: PHONE_NUMBER, operator: encrypt}
    - {entities: US_SSN, operator: fpe}
    - {entities: CREDIT_CARD, operator: fpe, options: {keep_first: 6, checksum: luhn}}
    - {entities: DATE_OF_BIRTH, operator: keep}
    - {column: country, operator: keep}
""")
IN_PLACE = lakescan.Writing(mode="in_place")


def rows(people, *numbers):
    some = [dict(people[n], country="a b/c" if n % 2 else "de", year=2020 + n % 3) for n in numbers]
    return pa.Table.from_pylist(some)


def delta_rows(root):
    """What a reader of Delta sees, in an order of its own."""
    table = deltalake.DeltaTable(root)
    return pl.from_arrow(table.to_pyarrow_table()).sort("customer_id")


@pytest.fixture
def lake_of_delta(people, tmp_path):
    """Two tables: one in partitions, of which a row is deleted; one plain, with properties."""
    root = tmp_path / "lake"
    keys = ["country", "year"]
    deltalake.write_deltalake(root / "crm" / "people", rows(people, *range(40)), partition_by=keys)
    deltalake.write_deltalake(root / "crm" / "people", rows(people, *range(40, 60)), mode="append")
    deltalake.DeltaTable(root / "crm" / "people").delete("customer_id = 1005")
    deltalake.write_deltalake(
        root / "buyers", rows(people, *range(30)), name="buyers",
        description="who bought", configuration={"delta.appendOnly": "false"},
    )  # fmt: skip
    return root


@pytest.mark.parametrize("mode", ["update", "replace"])
def test_files_are_not_written_beside_a_tables_log(lake_of_delta, people, key, tmp_path, mode):
    out, plain = tmp_path / "out", tmp_path / "plain/crm/people"
    lakescan.anonymize(lake_of_delta, out, POLICY, engine="local")
    before = delta_rows(out / "crm/people")
    plain.mkdir(parents=True)
    pq.write_table(rows(people, *range(30)), plain / "more.parquet")
    writing = lakescan.Writing(mode)
    with pytest.raises(UnsupportedError, match=r"crm/people: is a table of Delta, .*no files"):
        lakescan.anonymize(tmp_path / "plain", out, POLICY, engine="local", writing=writing)
    with pytest.raises(UnsupportedError, match="is a table of Delta"):
        lakescan.anonymize(plain, out / "crm/people", POLICY, engine="local", writing=writing)
    assert delta_rows(out / "crm/people").equals(before)
    assert not list(out.rglob("more.parquet"))


def test_delta_tables_become_delta_tables_and_are_revealed(lake_of_delta, key, tmp_path):
    out, back = tmp_path / "out", tmp_path / "back"
    lakescan.anonymize(lake_of_delta, out, POLICY, engine="local")
    for name in ("crm/people", "buyers"):
        before, after = delta_rows(lake_of_delta / name), delta_rows(out / name)
        assert after.schema == before.schema
        assert not set(after["email"]) & set(before["email"])
        assert after["country"].equals(before["country"])
        old, new = (deltalake.DeltaTable(root / name) for root in (lake_of_delta, out))
        assert new.schema() == old.schema()
        assert new.version() == 0
        for fact in ("partition_columns", "name", "description", "configuration"):
            assert getattr(new.metadata(), fact) == getattr(old.metadata(), fact)
    report = lakescan.verify(out, lake_of_delta, POLICY, engine="local")
    assert (report.status, report.leaks) == ("clean", 0)
    assert all(join.before == join.after for join in report.joins)
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    lakescan.reveal(out, back, audit, engine="local")
    for name in ("crm/people", "buyers"):
        assert delta_rows(back / name).equals(delta_rows(lake_of_delta / name))


def test_a_partition_column_that_becomes_another_is_another_partition(people, key, tmp_path):
    deltalake.write_deltalake(tmp_path / "a", rows(people, *range(20)), partition_by=["year"])
    policy = lakescan.Policy.parse(
        "accuracy_mode: patterns\nanonymize: {default: token, rules: ["
        "{column: year, operator: token}]}"
    )
    lakescan.anonymize(tmp_path / "a", tmp_path / "b", policy, engine="local")
    years = delta_rows(tmp_path / "b")["year"]
    assert years.dtype == pl.String
    assert years.n_unique() == 3


def test_a_delta_table_in_place_is_one_version_more(lake_of_delta, key):
    root = lake_of_delta / "crm" / "people"
    before, version = delta_rows(root), deltalake.DeltaTable(root).version()
    lakescan.anonymize(root, root, POLICY, engine="local", writing=IN_PLACE)
    after = delta_rows(root)
    assert deltalake.DeltaTable(root).version() == version + 1
    assert deltalake.DeltaTable(root).history(1)[0]["lakescan.run"]
    assert len(after) == len(before)
    assert not set(after["email"]) & set(before["email"])
    with pytest.raises(UsageError, match="was anonymized before"):
        lakescan.anonymize(root, root, POLICY, engine="local", writing=IN_PLACE)


def test_what_came_into_a_delta_table_meanwhile_is_not_lost(
    lake_of_delta, people, key, monkeypatch
):
    root = lake_of_delta / "buyers"
    commit = delta.commit_delta

    def late(*given):
        deltalake.write_deltalake(root, rows(people, 50), mode="append")
        return commit(*given)

    monkeypatch.setattr("lakescan.connectors.sinks.files.publish.commit_delta", late)
    before = delta_rows(root)
    with pytest.raises(ChangedSourceError, match="was changed while it was read"):
        lakescan.anonymize(root, root, POLICY, engine="local", writing=IN_PLACE)
    after = delta_rows(root)
    assert len(after) == len(before) + 1
    assert set(before["email"]) < set(after["email"])


def test_files_are_not_written_in_place(people, tmp_path, key):
    pl.from_arrow(rows(people, 1, 2)).write_parquet(tmp_path / "people.parquet")
    with pytest.raises(UsageError, match="files are not written in place"):
        lakescan.anonymize(tmp_path, tmp_path, POLICY, engine="local", writing=IN_PLACE)


def test_a_table_by_a_relative_path_becomes_the_target_itself(people, key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    deltalake.write_deltalake("before", rows(people, *range(10)))
    lakescan.anonymize("before", "after", POLICY, engine="local")
    assert delta_rows("after").height == 10
    checked = lakescan.verify("after", "before", POLICY)
    assert (checked.status, [table.table for table in checked.tables]) == ("clean", ["before"])
