"""Columns of which a scan knows nothing."""

from __future__ import annotations

import contextlib
import sqlite3

import polars as pl
import pyarrow as pa
import pytest

import lakescan
from lakescan.errors import PolicyError


@pytest.fixture
def lake(tmp_path):
    for part in ("year=2025/area=q7x", "year=2026/area=w9k"):
        folder = tmp_path / "lake" / part
        folder.mkdir(parents=True)
        frame = pl.DataFrame(
            {"id": range(20), "code": [f"zq{n}" for n in range(20)], "mail": ["a@example.org"] * 20}
        )
        frame.write_parquet(folder / "part.parquet")
    return tmp_path / "lake"


def policy(unrecognized, rules="[]"):
    return lakescan.Policy.parse(
        f"{{accuracy_mode: patterns, anonymize: {{unrecognized: {unrecognized!r}, rules: {rules}}}}}"
    )


def test_texts_are_emptied_and_folders_named_by_numbers_stay(lake, tmp_path):
    lakescan.anonymize(lake, tmp_path / "out", policy("null"), engine="local")
    made = pl.read_parquet(tmp_path / "out/**/*.parquet", hive_partitioning=True)
    assert made["code"].null_count() == 40
    assert sorted(made["id"]) == sorted([*range(20)] * 2)
    assert sorted(made["year"].unique()) == [2025, 2026]
    assert not list((tmp_path / "out").rglob("*q7x*"))


def test_they_are_refused_where_the_policy_says_so(lake, tmp_path):
    with pytest.raises(PolicyError, match="nothing is known of column 'code'"):
        lakescan.anonymize(lake, tmp_path / "out", policy("fail"), engine="local")
    rules = "[{column: code, operator: keep}, {column: area, operator: keep}]"
    lakescan.anonymize(lake, tmp_path / "out", policy("fail", rules), engine="local")
    assert len(list((tmp_path / "out").rglob("year=202*/area=*/part*.parquet"))) == 2


def test_columns_that_the_scan_was_told_to_ignore_are_not_known_either(tmp_path):
    people = {"id": range(20), "ssn": range(78051120, 78051140), "card": [{"mail": "a@b.com"}] * 20}
    pl.DataFrame(people).write_parquet(tmp_path / "people.parquet")
    ignored = "columns: [{column: ssn, ignore: true}, {column: 'card*', ignore: true}], "
    for unrecognized in ("fail", "null"):
        text = (
            f"{{accuracy_mode: patterns, {ignored} anonymize: {{unrecognized: {unrecognized!r}}}}}"
        )
        rules = lakescan.Policy.parse(text)
        if unrecognized == "fail":
            with pytest.raises(PolicyError, match="nothing is known of column 'ssn'"):
                lakescan.anonymize(tmp_path / "people.parquet", tmp_path / "out", rules)
            continue
        result = lakescan.anonymize(tmp_path / "people.parquet", tmp_path / "out", rules)
        made = pl.read_parquet(tmp_path / "out/people.parquet")
        assert made.schema == pl.DataFrame(people).schema
        assert made["id"].null_count() == 0
        assert made["ssn"].null_count() == 20
        assert "a@b.com" not in str(made.rows())
        (table,) = result.value.tables
        done = [(each.column, each.operator, each.found) for each in table.columns]
        assert done == [("id", "keep", 0), ("ssn", "null", 20), ("card", "null", 20)]


@pytest.fixture(params=["sqlite", "duckdb", "delta", "iceberg"])
def table(request, tmp_path, monkeypatch):
    """A table of a database or lake with texts and bytes of no kind: its URI, another's, its rows."""
    made = pa.table(
        {
            "id": range(20),
            "code": [f"zq{n}" for n in range(20)],
            "mail": [f"user{n}@example.org" for n in range(20)],
            "photo": [bytes([255, n]) for n in range(20)],
        }
    )
    if request.param == "delta":
        import deltalake

        deltalake.write_deltalake(tmp_path / "lake", made)
        read = lambda uri: deltalake.DeltaTable(uri).to_pyarrow_table()  # noqa: E731
        return str(tmp_path / "lake"), str(tmp_path / "out"), read
    if request.param == "iceberg":
        from pyiceberg.catalog import load_catalog

        given = {"uri": f"sqlite:///{tmp_path}/catalog.db", "warehouse": f"file://{tmp_path}/w"}
        for name, value in given.items():
            monkeypatch.setenv(f"PYICEBERG_CATALOG__LAKE__{name.upper()}", value)

        def read(uri):
            catalog = load_catalog("lake", **given)
            found = catalog.load_table("out.people").scan().to_arrow()
            catalog.close()
            return found

        catalog = load_catalog("lake", **given)
        catalog.create_namespace("crm")
        catalog.create_table("crm.people", made.schema).append(made)
        catalog.close()
        return "iceberg://lake/crm", "iceberg://lake/out", read
    base = f"{request.param}:///{tmp_path}"
    with contextlib.closing(opened(request.param, tmp_path / "in.db")) as database:
        database.execute("CREATE TABLE people (id integer, code text, mail text, photo blob)")
        rows = [tuple(row.values()) for row in made.to_pylist()]
        database.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", rows)
        database.commit()

    def read(uri):
        with contextlib.closing(opened(request.param, tmp_path / "out.db")) as database:
            found = database.execute("SELECT * FROM people ORDER BY id").fetchall()
        return pa.table(dict(zip(made.column_names, zip(*found, strict=True), strict=True)))

    return f"{base}/in.db", f"{base}/out.db", read


def opened(kind, path):
    import duckdb

    return sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path))


def test_texts_and_bytes_of_a_database_or_a_lake_table(table):
    source, target, read = table
    for rules, column in (("[]", "code"), ("[{column: code, operator: keep}]", "photo")):
        with pytest.raises(PolicyError, match=f"nothing is known of column '{column}'"):
            lakescan.anonymize(source, target, policy("fail", rules), engine="local")
    lakescan.anonymize(source, target, policy("null"), engine="local")
    made = read(target)
    assert sorted(made["id"].to_pylist()) == [*range(20)]
    assert set(made["mail"].to_pylist()) == {"<EMAIL_ADDRESS>"}
    assert made["code"].null_count == made["photo"].null_count == 20


@pytest.mark.parametrize("operator", ["null", "drop", "keep"])
def test_a_rule_for_a_struct_or_a_list_is_for_all_of_it(tmp_path, operator):
    people = {"id": range(20), "card": [{"mail": "a@b.com"}] * 20, "tags": [["a@b.com"]] * 20}
    pl.DataFrame(people).write_parquet(tmp_path / "people.parquet")
    rules = f"[{{column: card, operator: {operator!r}}}, {{column: Tags, operator: {operator!r}}}]"
    result = lakescan.anonymize(
        tmp_path / "people.parquet", tmp_path / "out", policy("keep", rules), engine="local"
    )
    done = {each.column: (each.operator, each.found) for each in result.value.tables[0].columns}
    assert done["card.mail"] == done["tags[]"] == (operator, 0 if operator == "keep" else 20)
    made = pl.read_parquet(tmp_path / "out/people.parquet")
    assert made.columns == (["id"] if operator == "drop" else ["id", "card", "tags"])
    assert ("a@b.com" in str(made.rows())) == (operator == "keep")


def test_an_operator_for_texts_is_refused_on_a_struct(tmp_path):
    pl.DataFrame({"card": [{"mail": "a@b.com"}] * 20}).write_parquet(tmp_path / "people.parquet")
    rules = policy("keep", "[{column: card, operator: mask}]")
    with pytest.raises(PolicyError, match="mask cannot work on column 'card', which is struct"):
        lakescan.anonymize(tmp_path / "people.parquet", tmp_path / "out", rules, engine="local")
