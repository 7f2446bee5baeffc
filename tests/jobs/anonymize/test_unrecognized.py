"""Columns of which a scan knows nothing."""

from __future__ import annotations

import polars as pl
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
