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
