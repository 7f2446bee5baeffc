"""Partitions whose values were exchanged are held against those that they were."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.errors import PolicyError

POLICY = """
accuracy_mode: patterns
anonymize:
  rules:
    - {column: email, operator: token, domain: mail}
    - {column: country, operator: token}
"""


@pytest.mark.parametrize("to_format", [None, "parquet"])
def test_rows_of_a_renamed_partition_are_compared(tmp_path, key, to_format):
    source = tmp_path / "orders"
    for place, country in enumerate(("Norway", "Peru")):
        folder = source / f"country={country}"
        folder.mkdir(parents=True)
        for part in range(2):
            emails = [f"ann{place}{part}{n}@example.com" for n in range(30)]
            pl.DataFrame({"email": emails, "no": range(30)}).write_csv(folder / f"part-{part}.csv")
    policy = lakescan.Policy.parse(POLICY)
    target = tmp_path / "safe"
    lakescan.anonymize(
        source, target, policy, engine="local", writing=lakescan.Writing(format=to_format)
    )
    assert not list(target.glob("*Norway*"))
    report = lakescan.verify(target, source, policy, engine="local")
    assert (report.status, report.leaks) == ("clean", 0)
    assert [table.differences for table in report.tables] == [()]
    assert [(table.rows_before, table.rows_after) for table in report.tables] == [(120, 120)]


def test_words_that_repeat_keep_the_type_that_they_had(tmp_path, key):
    words = pa.array(["Reno", "Austin", "Boston"] * 400, pa.large_string())
    emails = pa.array([f"ann{n}@example.com" for n in range(1200)], pa.large_string())
    source = tmp_path / "in"
    source.mkdir()
    pq.write_table(pa.table({"word": words, "kept": words, "email": emails}), source / "a.parquet")
    rules = "anonymize: {rules: [{column: word, operator: mask}, {column: kept, operator: keep}]}"
    policy = lakescan.Policy.parse(f"accuracy_mode: patterns\n{rules}")
    lakescan.anonymize(source, tmp_path / "out", policy, engine="local")
    assert pq.read_schema(tmp_path / "out/a.parquet").types == [pa.large_string()] * 3
    assert lakescan.verify(tmp_path / "out", source, policy, engine="local").status == "clean"


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_table_of_which_every_column_would_go_is_refused(tmp_path, key, ending):
    frame = pl.DataFrame({"email": ["ann@example.com", "bob@example.com"]})
    write = {"csv": frame.write_csv, "jsonl": frame.write_ndjson, "parquet": frame.write_parquet}
    write[ending](tmp_path / f"one.{ending}")
    policy = lakescan.Policy.parse("anonymize: {rules: [{column: email, operator: drop}]}")
    with pytest.raises(PolicyError, match="every column would be dropped"):
        lakescan.anonymize(tmp_path / f"one.{ending}", tmp_path / "out", policy, engine="local")
    assert not (tmp_path / "out").exists()


def test_a_file_that_was_made_of_nothing_is_looked_through(tmp_path, key):
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for part in range(2):
        emails = [f"ann{part}{n}@example.com" for n in range(30)]
        pl.DataFrame({"email": emails, "no": range(30)}).write_csv(source / f"part-{part}.csv")
    policy = lakescan.Policy.parse(POLICY)
    lakescan.anonymize(source, target, policy, engine="local")
    assert lakescan.verify(target, source, policy, engine="local").status == "clean"
    (target / "part-7.csv").write_bytes((source / "part-1.csv").read_bytes())
    report = lakescan.verify(target, source, policy, engine="local")
    assert (report.status, report.leaks) == ("leaking", 30)
    assert [table.differences for table in report.tables] == [("60 rows before, 90 after",)]
