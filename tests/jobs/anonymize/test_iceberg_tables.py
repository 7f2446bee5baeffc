"""Iceberg tables into others, and in place: one snapshot each, tagged with the run."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import RESTError
from pyiceberg.table import CreateTableTransaction

import lakescan
from lakescan.connectors.sinks.files import publish
from lakescan.connectors.sinks.iceberg import commit
from lakescan.connectors.sinks.iceberg.schema import output_schema
from lakescan.errors import ChangedSourceError, UsageError

POLICY = lakescan.Policy.parse("""
accuracy_mode: patterns
anonymize:
  rules:
    - {entities: EMAIL_ADDRESS, operator: encrypt, domain: mail}
    - {column: "*", operator: keep}
    - {column: email, operator: encrypt, domain: mail}
""")
IN_PLACE = lakescan.Writing(mode="in_place")
NAMES = "id email country amount at code digest tags marks home".split()


def rows(*numbers):
    def row(n):
        return (
            n,
            f"user{n}@example.com",
            "de" if n % 2 else "us",
            decimal.Decimal(n) / 100,
            dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=n),
            uuid.UUID(int=n).bytes,
            bytes([n % 256] * 4),
            [f"t{n}", None],
            [("k", n)],
            {"city": "Bonn", "floor": n},
        )

    return [dict(zip(NAMES, row(n), strict=True)) for n in numbers]


@pytest.fixture
def catalog(tmp_path, monkeypatch):
    from pyiceberg.catalog import load_catalog

    given = {
        "type": "sql",
        "uri": f"sqlite:///{tmp_path}/catalog.db",
        "warehouse": f"file://{tmp_path}/warehouse",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"PYICEBERG_CATALOG__LAKE__{name.upper()}", value)
    made = load_catalog("lake", **given)
    yield made
    made.engine.dispose()


@pytest.fixture
def table(catalog):
    """All the types, in partitions, in an order, with properties, columns numbered with gaps."""
    from pyiceberg import types as t
    from pyiceberg.partitioning import PartitionField, PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.table.sorting import SortField, SortOrder
    from pyiceberg.transforms import IdentityTransform

    schema = Schema(
        t.NestedField(1, "id", t.LongType(), required=True),
        t.NestedField(2, "gone", t.StringType()),
        t.NestedField(3, "email", t.StringType(), doc="where to write to"),
        t.NestedField(4, "country", t.StringType()),
        t.NestedField(5, "amount", t.DecimalType(12, 2)),
        t.NestedField(6, "at", t.TimestamptzType()),
        t.NestedField(7, "code", t.UUIDType()),
        t.NestedField(8, "digest", t.FixedType(4)),
        t.NestedField(9, "tags", t.ListType(10, t.StringType(), element_required=False)),
        t.NestedField(11, "marks", t.MapType(12, t.StringType(), 13, t.LongType())),
        t.NestedField(
            14, "home",
            t.StructType(
                t.NestedField(15, "city", t.StringType()), t.NestedField(16, "floor", t.LongType())
            ),
        ),
        identifier_field_ids=[1],
    )  # fmt: skip
    catalog.create_namespace("crm")
    made = catalog.create_table(
        "crm.people",
        schema,
        partition_spec=PartitionSpec(PartitionField(4, 1000, IdentityTransform(), "country")),
        sort_order=SortOrder(SortField(1, IdentityTransform())),
        properties={
            "owner": "crm",
            "write.metadata.metrics.column.country": "none",
            "write.parquet.compression-codec": "snappy",
        },
    )
    with made.update_schema() as update:
        update.delete_column("gone")
    made.append(pa.Table.from_pylist(rows(*range(20)), made.schema().as_arrow()))
    made.append(pa.Table.from_pylist(rows(*range(20, 30)), made.schema().as_arrow()))
    return made


def seen(catalog, name):
    return catalog.load_table(name).scan().to_arrow().sort_by("id")


def test_a_table_becomes_another_of_the_same_shape(catalog, table, key):
    lakescan.anonymize("iceberg://lake/crm", "iceberg://lake/clean", POLICY, engine="local")
    new = catalog.load_table("clean.people")
    assert new.schema() == table.schema()
    assert [f.field_id for f in new.schema().fields] == [f.field_id for f in table.schema().fields]
    assert new.spec().fields == table.spec().fields
    assert new.sort_order().fields == table.sort_order().fields
    assert new.properties["owner"] == "crm"
    before, after = seen(catalog, "crm.people"), seen(catalog, "clean.people")
    assert after.schema == before.schema
    assert after.drop(["email"]) == before.drop(["email"])
    assert not set(after["email"].to_pylist()) & set(before["email"].to_pylist())
    (snapshot,) = new.metadata.snapshots
    assert snapshot.summary.additional_properties["lakescan.run"]
    assert snapshot.summary.additional_properties["total-records"] == "30"
    only = new.scan("country = 'de'").to_arrow()
    assert set(only["country"].to_pylist()) == {"de"}
    assert only.num_rows == 15


def test_a_run_that_is_repeated_changes_nothing(catalog, table, key):
    once = lakescan.Writing(run_id="nightly-1")
    target = "iceberg://lake/clean"
    lakescan.anonymize("iceberg://lake/crm", target, POLICY, engine="local", writing=once)
    where = catalog.load_table("clean.people").metadata_location
    lakescan.anonymize("iceberg://lake/crm", target, POLICY, engine="local", writing=once)
    assert catalog.load_table("clean.people").metadata_location == where
    with pytest.raises(UsageError, match="stands there"):
        lakescan.anonymize("iceberg://lake/crm", target, POLICY, engine="local")


def test_in_place_is_one_snapshot_more_and_not_twice(catalog, table, key):
    uri, before = "iceberg://lake/crm/people", seen(catalog, "crm.people")
    others = catalog.create_table("crm.others", table.schema())
    others.append(pa.Table.from_pylist(rows(1, 2), others.schema().as_arrow()))
    for other in (uri, "iceberg://lake/crm/others"):
        lakescan.anonymize(other, other, POLICY, engine="local", writing=IN_PLACE)
    now = catalog.load_table("crm.people")
    assert len(now.metadata.snapshots) == 3
    after = seen(catalog, "crm.people")
    assert after.num_rows == 30
    assert not set(after["email"].to_pylist()) & set(before["email"].to_pylist())
    for again in (uri, "iceberg://lake/crm"):
        with pytest.raises(UsageError, match="was anonymized before"):
            lakescan.anonymize(again, again, POLICY, engine="local", writing=IN_PLACE)


def test_a_column_that_is_dropped_is_gone_from_now_on(catalog, table, key):
    policy = lakescan.Policy.parse(
        "accuracy_mode: patterns\nanonymize: {rules: ["
        "{column: '*', operator: keep}, {column: email, operator: drop}]}"
    )
    uri, before = "iceberg://lake/crm/people", seen(catalog, "crm.people")
    old = catalog.load_table("crm.people").current_snapshot().snapshot_id
    lakescan.anonymize(uri, uri, policy, engine="local", writing=IN_PLACE)
    now = catalog.load_table("crm.people")
    assert seen(catalog, "crm.people") == before.drop(["email"])
    assert now.schema().find_field("amount") == table.schema().find_field("amount")
    assert now.schema().identifier_field_ids == [1]
    assert now.scan(snapshot_id=old).to_arrow().sort_by("id") == before


def test_a_column_of_another_type_is_another_column(table):
    source = table.schema().as_arrow()
    place = source.get_field_index("amount")
    written = source.set(place, pa.field("amount", pa.string()))
    made = output_schema(table.schema(), source, written)
    assert str(made.find_type("amount")) == "string"
    assert made.find_field("amount").field_id > 16
    assert made.find_field("home") == table.schema().find_field("home")


def test_what_came_meanwhile_is_not_lost(catalog, table, key, monkeypatch):
    uri = "iceberg://lake/crm/people"
    commit = publish.commit_iceberg

    def late(*given):
        more = pa.Table.from_pylist(rows(99), table.schema().as_arrow())
        catalog.load_table("crm.people").append(more)
        return commit(*given)

    monkeypatch.setattr(publish, "commit_iceberg", late)
    with pytest.raises(ChangedSourceError, match="was changed while it was read"):
        lakescan.anonymize(uri, uri, POLICY, engine="local", writing=IN_PLACE)
    emails = seen(catalog, "crm.people")["email"].to_pylist()
    assert sorted(emails) == sorted(f"user{n}@example.com" for n in (*range(30), 99))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_driver_that_dies_in_the_commit_is_finished_by_the_next(
    catalog, table, key, monkeypatch, when
):
    commit = publish.commit_iceberg

    def dies(*given):
        if when == "after":
            commit(*given)
        raise KeyboardInterrupt

    once = lakescan.Writing(run_id="r1")
    target = "iceberg://lake/clean"
    with monkeypatch.context() as patched:
        patched.setattr(publish, "commit_iceberg", dies)
        with pytest.raises(KeyboardInterrupt):
            lakescan.anonymize("iceberg://lake/crm", target, POLICY, engine="local", writing=once)
    assert catalog.table_exists("clean.people") == (when == "after")
    lakescan.anonymize("iceberg://lake/crm", target, POLICY, engine="local", writing=once)
    assert seen(catalog, "clean.people").num_rows == 30
    assert len(catalog.load_table("clean.people").metadata.snapshots) == 1


def test_files_become_tables(catalog, tmp_path, key):
    (tmp_path / "lake").mkdir()
    plain = {"id": list(range(12)), "email": [f"u{n}@example.com" for n in range(12)]}
    pq.write_table(pa.table(plain), tmp_path / "lake/people.parquet", row_group_size=4)
    for mode in ("create", "replace"):
        writing = lakescan.Writing(mode=mode)
        lakescan.anonymize(
            tmp_path / "lake", "iceberg://lake/clean", POLICY, engine="local", writing=writing
        )
    frame = pl.from_arrow(seen(catalog, "clean.people"))
    assert frame["id"].to_list() == list(range(12))
    assert not frame["email"].str.contains("example").any()
    assert len(catalog.load_table("clean.people").metadata.snapshots) == 2


def test_a_copy_is_verified_and_revealed(catalog, table, key, tmp_path):
    source, target, back = (f"iceberg://lake/{name}" for name in ("crm", "clean", "back"))
    lakescan.anonymize(source, target, POLICY, engine="local")
    report = lakescan.verify(target, source, POLICY, engine="local")
    assert (report.status, report.leaks) == ("clean", 0)
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    lakescan.reveal(target, back, audit, engine="local")
    assert seen(catalog, "back.people") == seen(catalog, "crm.people")


class StagesNothing(SqlCatalog):
    """As REST catalogs do that answer ``stage-create`` with an error (Lakana 0.20)."""

    def create_table_transaction(self, *_: object, **__: object) -> CreateTableTransaction:
        raise RESTError("ValidationError: Staged table creation is not implemented.")


@pytest.mark.parametrize("form", ["tables", "files"])
def test_a_copy_of_a_snapshot_is_verified_against_it(catalog, table, key, tmp_path, form):
    source = f"iceberg://lake/crm/people@{table.current_snapshot().snapshot_id}"
    table.append(pa.Table.from_pylist(rows(900), schema=table.schema().as_arrow()))
    target = "iceberg://lake/then" if form == "tables" else tmp_path / "then"
    lakescan.anonymize(source, target, POLICY, engine="local")
    (held,) = lakescan.verify(target, source, POLICY, engine="local").tables
    assert held.table == "people"
    assert held.rows_before == held.rows_after > 0
    assert held.differences == ()


class KilledError(BaseException):
    """A process that ends here."""


@pytest.fixture
def stages_nothing(catalog, monkeypatch):
    monkeypatch.delenv("PYICEBERG_CATALOG__LAKE__TYPE")
    monkeypatch.setenv("PYICEBERG_CATALOG__LAKE__PY_CATALOG_IMPL", f"{__name__}.StagesNothing")


@pytest.mark.usefixtures("stages_nothing", "key")
def test_where_nothing_is_staged_a_new_table_is_empty_until_its_one_snapshot(
    catalog, table, monkeypatch
):
    source, target = "iceberg://lake/crm", "iceberg://lake/clean"
    once = lakescan.Writing(run_id="once")

    def killed(*given):
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(commit, "_overwrite", killed)
        with pytest.raises(KilledError):
            lakescan.anonymize(source, target, POLICY, engine="local", writing=once)
    opened = catalog.load_table("clean.people")
    assert opened.current_snapshot() is None
    for _ in range(2):
        done = lakescan.anonymize(source, target, POLICY, engine="local", writing=once)
        assert done.status == "complete"
    made = catalog.load_table("clean.people")
    assert len(made.metadata.snapshots) == 1
    assert made.properties == table.properties
    assert made.schema().fields == table.schema().fields
    assert made.spec().fields == table.spec().fields
    assert made.sort_order().fields == table.sort_order().fields
    assert seen(catalog, "clean.people").num_rows == seen(catalog, "crm.people").num_rows
    with pytest.raises(UsageError, match="stands there"):
        lakescan.anonymize(source, target, POLICY, engine="local")
    for to, mode in ((target, "replace"), (source, "in_place")):
        writing = lakescan.Writing(mode=mode)
        lakescan.anonymize(source, to, POLICY, engine="local", writing=writing)
        name = f"{to.rpartition('/')[2]}.people"
        found = catalog.load_table(name).scan().to_arrow()["email"].to_pylist()
        assert found
        assert "@" not in str(found)
