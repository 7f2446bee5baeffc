"""One table of 50,000 customers in every source there is: the same verdicts, field by field.

All that a report says is compared. Where a source has types (Parquet, Avro, ORC, Arrow, Delta, Iceberg,
the databases) nothing differs. Where a column is text it is told by its look instead of its type: the
evidence, its wording and the masked samples are others (`DIFFERENT`), estimates of distinct values are
within 5 %, and the confidence in a day, which has a type here and a pattern there, within 0.02.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import customers_placed as placed
import pytest
from customers import COLUMNS, DEFINITION, customers
from schema_registry import schema_registry

import lakescan
from lakescan.connectors import storage_for

if TYPE_CHECKING:
    from conftest import Store

ROWS = 50_000
#: Small enough that every source is cut into several splits.
SELECTION = lakescan.Selection(split_bytes=1 << 20)
TYPED = ["avro", "orc", "feather"]
#: Numbers and truth values have types, days are text.
DOCUMENTS = ["jsonl", "json", "jsonl.bz2", "xlsx"]
DIFFERENT = ("type", "outvoted", "samples", "evidence", "because")
AS_TEXT = ["id", "born", "card", "price", "active"]
DELIMITED = ["csv", "tsv", "csv.gz", "csv.zst", "zip"]


@pytest.fixture(scope="module")
def rows():
    return customers(ROWS)


@pytest.fixture(scope="module")
def expected(rows, tmp_path_factory):
    """What is said of the table in a Parquet file."""
    path = tmp_path_factory.mktemp("parquet") / "customers.parquet"
    path.write_bytes(placed.parquet(rows))
    found = told(path)
    assert {name: _first(column) for name, column in found.items()} == {
        "id": None, "full_name": "PERSON", "email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER",
        "born": "DATE_OF_BIRTH", "card": "CREDIT_CARD", "iban": "IBAN", "city": "CITY",
        "price": "AMOUNT", "note": "FREE_TEXT", "active": None,
    }  # fmt: skip
    return found


def _first(column):
    found = column["classifications"]
    return found[0]["entity"] if found else None


def told(uri, prefix=""):
    """All that a scan says of the columns whose names begin so, by the rest of the name."""
    result = lakescan.scan(uri, accuracy_mode="patterns", engine="local", selection=SELECTION)
    assert (result.status, result.errors) == ("complete", ())
    (dataset,) = result.value.datasets
    assert dataset.rows_scanned == ROWS
    found = {
        column.column.removeprefix(prefix): dataclasses.asdict(column)
        for column in dataset.columns
        if column.column.startswith(prefix) and column.column.removeprefix(prefix) in COLUMNS
    }
    for name, column in found.items():
        column["column"] = name
    return found


def texts(found, columns):
    """Estimates may be off by a few percent, and the confidence in a day by 0.02."""
    near = {"distinct": {"rel": 0.05}, "distinct_hit": {"rel": 0.05}}
    return {
        name: _about(
            _exactly(column), near | ({"confidence": {"abs": 0.02}} if name == "born" else {})
        )
        if name in columns
        else column
        for name, column in found.items()
    }


def _about(column, near):
    def about(fields):
        return {k: pytest.approx(v, **near[k]) if k in near else v for k, v in fields.items()}

    return about(column) | {"classifications": [about(one) for one in column["classifications"]]}


def same(found, expected, columns):
    """Compare with a source in which these columns are text."""
    assert texts(found, columns) == {
        name: _exactly(column) if name in columns else column for name, column in expected.items()
    }


def _exactly(column):
    classified = [
        {k: v for k, v in one.items() if k not in DIFFERENT} for one in column["classifications"]
    ]
    return {k: v for k, v in column.items() if k not in DIFFERENT} | {"classifications": classified}


def _file(folder, rows, ending):
    path = folder / f"customers.{ending}"
    path.write_bytes(placed.FILES[ending](rows))
    return path


@pytest.mark.parametrize("ending", TYPED)
def test_files_with_types(expected, rows, tmp_path, ending):
    assert told(_file(tmp_path, rows, ending)) == expected


@pytest.mark.parametrize("ending", DOCUMENTS)
def test_documents(expected, rows, tmp_path, ending):
    same(told(_file(tmp_path, rows, ending)), expected, ["born"])


@pytest.mark.parametrize("ending", DELIMITED)
def test_delimited_text(expected, rows, tmp_path, ending):
    same(told(_file(tmp_path, rows, ending)), expected, AS_TEXT)


def test_object_stores(expected, rows, store: Store):
    storage = storage_for(store.root)
    for ending in ("parquet", "csv", "jsonl.bz2"):
        storage.write_bytes(f"{store.root}/customers.{ending}", placed.FILES[ending](rows))
    assert told(f"{store.root}/customers.parquet") == expected
    same(told(f"{store.root}/customers.csv"), expected, AS_TEXT)
    same(told(f"{store.root}/customers.jsonl.bz2"), expected, ["born"])


@pytest.mark.parametrize("kind", [placed.sqlite, placed.duckdb, placed.delta])
def test_databases_and_tables_in_files(expected, rows, tmp_path, kind):
    assert told(kind(tmp_path / "customers", rows)) == expected


def test_iceberg(expected, rows, tmp_path, monkeypatch):
    for name, value in placed.iceberg(tmp_path, rows).items():
        monkeypatch.setenv(f"PYICEBERG_CATALOG__LAKE__{name.upper()}", value)
    assert told("iceberg://lake/crm/customers") == expected


@pytest.mark.s3
def test_iceberg_of_a_rest_catalog(expected, rows, s3_server, monkeypatch):
    from pyiceberg.catalog import load_catalog

    for variable, value in s3_server.variables("rest").items():
        monkeypatch.setenv(variable, value)
    namespace = s3_server.namespace()
    placed.iceberg_table(load_catalog("rest", **s3_server.rest()), namespace, rows)
    assert told(f"iceberg://rest/{namespace}/customers") == expected


@pytest.mark.postgresql
def test_postgresql(expected, rows, postgres_server):
    postgres_server.fill("shop", "same", f"{DEFINITION}, PRIMARY KEY (id)", rows)
    postgres_server.run("shop", "ANALYZE same")
    assert told(postgres_server.uri("shop/public/same")) == expected


@pytest.mark.mysql
def test_mysql(expected, rows, mysql_server):
    mysql_server.fill("shop", "same", f"{DEFINITION}, PRIMARY KEY (id)", rows)
    mysql_server.run("shop", "ANALYZE TABLE same")
    assert told(mysql_server.uri("shop/same")) == expected


@pytest.mark.kafka
@pytest.mark.parametrize("form", ["json", "avro"])
def test_kafka(expected, rows, broker, monkeypatch, form):
    """The fields of messages in JSON and in Avro: by their paths inside the value."""
    with schema_registry(7, placed.avro_schema()) as registry:
        monkeypatch.setenv("SCHEMA_REGISTRY_URL", registry)
        lines = (
            placed.avro_messages(rows, 7)
            if form == "avro"
            else placed.json_lines(rows).splitlines()
        )
        topic = broker.topic([{"value": line} for line in lines], partitions=3)
        found = told(broker.uri(topic), prefix="value.$.")
    assert {column["index"] for column in found.values()} == {1}  # the value's, after the key
    placed_alike = {
        name: column | {"index": expected[name]["index"]} for name, column in found.items()
    }
    same(placed_alike, expected, AS_TEXT)
