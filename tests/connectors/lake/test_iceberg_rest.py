"""An Iceberg REST catalog, of SeaweedFS: tables in a bucket, read, written, refused."""

from __future__ import annotations

import pyarrow as pa
import pytest

import lakescan
from lakescan.connectors import Dataset, discover, read
from lakescan.connectors.lake.iceberg import IcebergConnector
from lakescan.errors import CredentialError, NotFoundError

pytestmark = pytest.mark.s3

POLICY = """
accuracy_mode: patterns
anonymize: {rules: [{column: email, operator: encrypt, domain: mail}]}
"""


def people(first, count=10):
    ids = list(range(first, first + count))
    return pa.table({"id": ids, "email": [f"user{i}@example.com" for i in ids]})


@pytest.fixture
def properties(s3_server, monkeypatch):
    """As a user gives them: to pyiceberg, and to our own access to storage."""
    for variable, value in s3_server.variables("rest").items():
        monkeypatch.setenv(variable, value)
    return s3_server.rest()


@pytest.fixture
def crm(properties, s3_server):
    """A namespace with a table of two files."""
    from pyiceberg.catalog import load_catalog

    name = s3_server.namespace()
    catalog = load_catalog("rest", **properties)
    made = catalog.create_table(f"{name}.people", people(0).schema)
    made.append(people(0))
    made.append(people(10))
    return name


def one(uri):
    (dataset,) = discover(uri)
    assert isinstance(dataset, Dataset), dataset
    return dataset


def ids(dataset):
    return sorted(
        i for split in dataset.splits for batch in read(split) for i in batch["id"].to_pylist()
    )


def test_tables_are_listed_read_and_read_as_they_were(crm, properties):
    from pyiceberg.catalog import load_catalog

    uri = f"iceberg://rest/{crm}/people"
    dataset = one(f"iceberg://rest/{crm}")
    assert (dataset.uri, len(dataset.splits)) == (uri, 2)
    assert ids(dataset) == list(range(20))
    assert uri in {each.uri for each in discover("iceberg://rest")}
    load_catalog("rest", **properties).load_table(f"{crm}.people").delete("id < 5")
    assert ids(one(uri)) == list(range(5, 20))
    assert ids(one(f"{uri}@{dataset.version}")) == list(range(20))
    with pytest.raises(NotFoundError):
        one(f"iceberg://rest/{crm}/nobody")


def test_a_wrong_secret_is_a_refusal(crm, properties, monkeypatch):
    monkeypatch.setenv("PYICEBERG_CATALOG__REST__CREDENTIAL", "nobody:wrong")
    with pytest.raises(CredentialError) as caught:
        list(IcebergConnector().discover(f"iceberg://rest/{crm}", lakescan.Selection()))
    assert "wrong" not in str(caught.value)


def test_a_table_is_copied_out_of_the_catalog(crm, properties, key, tmp_path):
    policy = lakescan.Policy.parse(POLICY)
    done = lakescan.anonymize(f"iceberg://rest/{crm}", tmp_path / "out", policy, engine="local")
    assert (done.status, done.value.rows) == ("complete", 20)


def test_a_bucket_that_takes_files_of_tables_alone_is_refused_and_nothing_left(
    crm, properties, key
):
    """SeaweedFS's table buckets check where each object lies, as S3 Tables does."""
    from pyiceberg.catalog import load_catalog

    source, policy = f"iceberg://rest/{crm}", lakescan.Policy.parse(POLICY)
    for target, mode in ((f"{source}_clean", "create"), (source, "in_place")):
        writing = lakescan.Writing(mode=mode)
        with pytest.raises(CredentialError, match="takes files of tables alone"):
            lakescan.anonymize(source, target, policy, engine="local", writing=writing)
    catalog = load_catalog("rest", **properties)
    assert [name for _, name in catalog.list_tables(crm)] == ["people"]
    assert catalog.list_tables(f"{crm}_clean") == []
    assert len(catalog.load_table(f"{crm}.people").metadata.snapshots) == 2


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())
