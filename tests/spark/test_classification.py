"""What a DataFrame holds, as inside Spark."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.errors import NotFoundError, UnsupportedError
from lakescan.spark import classify

pytestmark = pytest.mark.spark

POLICY = lakescan.Policy.parse("accuracy_mode: patterns")


def people(count=240):
    names = ["Ann Miller", "Peter Smith", "Maria Garcia", "James Brown", "Linda Taylor"]
    mails = [f"person{n}.x@mail-{n % 3}.com" for n in range(count)]
    return pa.table(
        {
            "customer_id": pa.array(range(count), pa.int64()),
            "email": pa.array([None if n % 7 == 3 else mails[n] for n in range(count)]),
            "contact": [
                {"name": names[n % 5], "mails": [mails[n], mails[n - 1]]} for n in range(count)
            ],
            "tags": pa.array(
                [[("phone", f"202-555-{1000 + n}"), ("kind", "home")] for n in range(count)],
                pa.map_(pa.string(), pa.string()),
            ),
            "payload": [
                json.dumps({"ssn": f"{100 + n}-45-{6000 + n}", "n": n}) for n in range(count)
            ],
            "raw": [mails[n].encode() for n in range(count)],
            "birth": [dt.date(1950, 1, 1) + dt.timedelta(days=97 * n) for n in range(count)],
            "seen": pa.array(
                [dt.datetime(2026, 1, 1, n % 24, tzinfo=dt.UTC) for n in range(count)],
                pa.timestamp("us", "UTC"),
            ),
            "balance": pa.array([Decimal(n) / 100 for n in range(count)], pa.decimal128(12, 2)),
        }
    )


@pytest.fixture(scope="session")
def table():
    return people()


@pytest.mark.parametrize("partitions", [1, 5])
def test_verdicts_are_those_of_a_scan_of_the_same_table(spark_session, table, tmp_path, partitions):
    pq.write_table(table, tmp_path / "people.parquet")
    scanned = lakescan.scan(tmp_path / "people.parquet", POLICY, engine="local").value
    frame = spark_session.createDataFrame(table).repartition(partitions)
    found = classify(frame, POLICY, name="people").value
    assert (found.rows_scanned, found.engine, found.status) == (240, "spark", "complete")
    assert found.policy_hash == scanned.policy_hash
    (dataset,) = found.datasets
    assert (dataset.uri, dataset.format, dataset.rows) == ("people", "spark", 240)
    assert dataset.columns == scanned.datasets[0].columns
    assert {c.column for c in dataset.columns} >= {"contact.mails[]", "tags.{}", "payload.$.ssn"}


def test_a_table_is_found_by_its_name_with_its_comments(spark_session):
    spark_session.createDataFrame([(f"{n}-7",) for n in range(60)], ["x"]).createOrReplaceTempView(
        "t"
    )
    assert classify("t", POLICY).value.datasets[0].uri == "t"
    with pytest.raises(NotFoundError, match=r"shop\.orders"):
        classify("shop.orders", POLICY)
    frame = spark_session.table("t").withMetadata(
        "x", {"comment": "e-mail address of the customer"}
    )
    plain = classify("t", POLICY).value.datasets[0].columns[0]
    commented = classify(frame, POLICY).value.datasets[0].columns[0]
    assert plain.classifications == ()
    assert commented.classifications + commented.outvoted != ()


def test_a_table_without_rows_has_its_columns(spark_session, table):
    found = classify(spark_session.createDataFrame(table).limit(0), POLICY).value
    assert (found.rows_scanned, found.datasets[0].rows) == (0, 0)
    assert [c.column for c in found.datasets[0].columns][:2] == ["customer_id", "email"]


def test_columns_that_the_policy_ignores_are_not_read(spark_session, table):
    policy = lakescan.Policy.parse(
        "accuracy_mode: patterns\ncolumns: [{column: '*email*', ignore: true}]"
    )
    found = classify(spark_session.createDataFrame(table), policy).value
    assert "email" not in {c.column for c in found.datasets[0].columns}


def test_a_type_that_arrow_has_not_is_named(spark_session):
    frame = spark_session.sql("SELECT 1 AS n, make_interval(1, 2) AS gap")
    with pytest.raises(UnsupportedError, match="gap interval"):
        classify(frame, POLICY)


def test_no_cell_is_in_what_comes_to_the_driver(spark_session, table, monkeypatch):
    frame = type(spark_session.range(1))
    taken = []
    real = frame.toArrow
    monkeypatch.setattr(frame, "toArrow", lambda f: taken.append(real(f)) or taken[-1])
    classify(spark_session.createDataFrame(table), POLICY)
    assert [t.column_names for t in taken if t.num_rows] == [["rows", "bytes", "profiles"]]
    assert (
        b"person1.x"
        not in pa.concat_tables(t for t in taken if t.num_rows)["profiles"]
        .combine_chunks()
        .buffers()[2]
    )
