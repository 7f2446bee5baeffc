"""An Iceberg catalog whose server is killed and comes back: while it is read, and in a commit.

Of a SQL catalog that server is its database; of a REST catalog itself, and the tables' files too.
"""

from __future__ import annotations

import pyarrow as pa
import pytest

import lakescan
from lakescan.connectors import Dataset, discover, read
from lakescan.connectors.sinks.iceberg import commit
from lakescan.errors import TransientError

POLICY = """
accuracy_mode: patterns
anonymize: {rules: [{column: email, operator: redact}]}
"""


def people(first, count=10):
    ids = list(range(first, first + count))
    return pa.table({"id": ids, "email": [f"user{i}@example.com" for i in ids]})


@pytest.fixture
def server(postgres_server):
    """A database server for the catalog, which runs when the test is over."""
    postgres_server.run(
        "postgres", "DROP DATABASE IF EXISTS lakes WITH (FORCE)", "CREATE DATABASE lakes"
    )
    yield postgres_server
    if postgres_server.process.poll() is not None:
        postgres_server.come_back()


@pytest.fixture
def catalog(server, tmp_path, monkeypatch):
    """A function that opens it: what was opened before the server died is of no use after it."""
    from pyiceberg.catalog import load_catalog

    given = {
        "type": "sql",
        "uri": server.uri("lakes").replace("://", "+psycopg2://", 1),
        "warehouse": f"file://{tmp_path}/warehouse",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"PYICEBERG_CATALOG__LAKE__{name.upper()}", value)
    made = load_catalog("lake", **given)
    made.create_namespace("crm")
    table = made.create_table("crm.people", people(0).schema)
    table.append(people(0))
    table.append(people(10))
    made.engine.dispose()
    return lambda: load_catalog("lake", **given)


def one(uri):
    (dataset,) = discover(uri)
    assert isinstance(dataset, Dataset), dataset
    return dataset


def ids(dataset):
    return sorted(
        i for split in dataset.splits for batch in read(split) for i in batch["id"].to_pylist()
    )


@pytest.mark.postgresql
@pytest.mark.usefixtures("catalog")
def test_killed_before_its_tables_are_listed(server):
    server.kill()
    with pytest.raises(TransientError, match="database does not answer") as caught:
        list(discover("iceberg://lake/crm"))
    assert "made-up" not in str(caught.value)
    server.come_back()
    assert ids(one("iceberg://lake/crm")) == list(range(20))


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("mode", "step"),
    [("create", "_create"), ("in_place", "_overwrite"), ("create", "catalog_named")],
)
def test_killed_in_a_commit(server, catalog, mode, step, monkeypatch):
    """The old state, until the same run goes on: then the new one, by one snapshot."""
    source, policy = "iceberg://lake/crm", lakescan.Policy.parse(POLICY)
    target = source if mode == "in_place" else "iceberg://lake/clean"
    writing = lakescan.Writing(mode, run_id="r1")
    real = getattr(commit, step)

    def killed(*given):
        server.kill()
        return real(*given)

    with monkeypatch.context() as patched:
        patched.setattr(commit, step, killed)
        with pytest.raises(TransientError, match="database does not answer"):
            lakescan.anonymize(source, target, policy, engine="local", writing=writing)
    server.come_back()
    name = f"{target.rpartition('/')[2]}.people"
    found = catalog()
    assert found.table_exists(name) == (mode == "in_place")
    if mode == "in_place":
        assert len(found.load_table(name).metadata.snapshots) == 2
    for _ in range(2):
        done = lakescan.anonymize(source, target, policy, engine="local", writing=writing)
        assert (done.status, done.value.rows) == ("complete", 20)
    table = found.load_table(name)
    assert len(table.metadata.snapshots) == (3 if mode == "in_place" else 1)
    rows = table.scan().to_arrow()
    assert set(rows["email"].to_pylist()) == {""}
    assert sorted(rows["id"].to_pylist()) == list(range(20))
    found.engine.dispose()


@pytest.mark.s3
def test_a_rest_catalog_is_killed_before_its_tables_are_listed_and_while_they_are_read(
    own_weed, monkeypatch
):
    from pyiceberg.catalog import load_catalog

    for variable, value in own_weed.server.variables("rest").items():
        monkeypatch.setenv(variable, value)
    name = own_weed.server.namespace()
    made = load_catalog("rest", **own_weed.server.rest())
    table = made.create_table(f"{name}.people", people(0).schema)
    table.append(people(0))
    table.append(people(10))
    uri = f"iceberg://rest/{name}"
    first, second = one(uri).splits
    assert sum(batch.num_rows for batch in read(first)) == 10
    own_weed.kill()
    with pytest.raises(TransientError) as caught:
        list(read(second))
    assert uri in str(caught.value)
    with pytest.raises(TransientError) as caught:
        list(discover(uri))
    assert uri in str(caught.value)
    assert own_weed.server.admin[1] not in str(caught.value)
    own_weed.come_back("warehouse")
    assert sum(batch.num_rows for batch in read(second)) == 10
    assert ids(one(uri)) == list(range(20))


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())
