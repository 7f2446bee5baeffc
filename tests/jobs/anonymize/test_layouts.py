"""The compacted layout: fewer files, the same rows in the same order."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.connectors.sinks.files import compact
from lakescan.errors import LakescanError, UnknownNameError, UsageError
from lakescan.jobs.anonymize.task import AnonymizeTask

POLICY = """
accuracy_mode: patterns
anonymize:
  unrecognized: keep
  rules:
    - {column: email, operator: token, domain: mail}
    - {column: ssn, operator: fpe, domain: number}
"""
WRITERS = {
    "parquet": pl.DataFrame.write_parquet,
    "csv": pl.DataFrame.write_csv,
    "jsonl": pl.DataFrame.write_ndjson,
}
READERS = {
    "parquet": pl.read_parquet,
    "csv": partial(pl.read_csv, infer_schema=False),
    "jsonl": pl.read_ndjson,
}


def rows(first, size):
    numbers = range(first, first + size)
    return pl.DataFrame(
        {
            "no": [f"n{n}" for n in numbers],
            "email": [f"ann{n % 90}.miller@example.com" for n in numbers],
            "ssn": [f"{100 + n % 500}-{10 + n % 80}-{1000 + n}" for n in numbers],
        }
    )


def visits(root: Path, ending: str) -> Path:
    """Six files in two partitions, and a table of one file beside them."""
    for place in range(6):
        folder = root / f"visits/year={2024 + place // 3}"
        folder.mkdir(parents=True, exist_ok=True)
        WRITERS[ending](rows(place * 50, 40 + place), folder / f"part-{place:03d}.{ending}")
    WRITERS[ending](rows(7000, 30), root / f"visits/other.{ending}")
    return root


def files(target):
    return sorted(
        path.relative_to(target).as_posix()
        for path in Path(target).rglob("*")
        if path.is_file() and not path.relative_to(target).as_posix().startswith("_")
    )


def run(source, target, **more):
    writing = lakescan.Writing(**{"layout": "compacted", **more})
    policy = lakescan.Policy.parse(POLICY)
    return lakescan.anonymize(source, target, policy, engine="local", writing=writing)


def contents(target, names, ending):
    return pl.concat([READERS[ending](target / name) for name in names])


@pytest.mark.parametrize("ending", WRITERS)
def test_files_of_one_folder_become_one_with_their_rows_in_order(tmp_path, key, ending):
    source = visits(tmp_path / "lake", ending)
    same, target = tmp_path / "same", tmp_path / "safe"
    run(source, same, layout="same")
    assert len(files(same)) == 7
    result = run(source, target)
    assert files(target) == [
        f"visits/other.{ending}",
        f"visits/year=2024/part-000.{ending}",
        f"visits/year=2025/part-003.{ending}",
    ]
    assert result.value.rows == sum(40 + place for place in range(6)) + 30
    for year in (2024, 2025):
        many = [name for name in files(same) if f"year={year}/" in name]
        few = [name for name in files(target) if f"year={year}/" in name]
        left, right = contents(same, many, ending), contents(target, few, ending)
        assert left.select("no", "email", "ssn").equals(right.select("no", "email", "ssn"))
    report = lakescan.verify(target, source, lakescan.Policy.parse(POLICY), engine="local")
    assert (report.status, report.leaks) == ("clean", 0)
    assert [table.differences for table in report.tables] == [(), ()]


def test_a_folder_that_is_one_table_is_verified_and_revealed(tmp_path, key):
    source = tmp_path / "people"
    source.mkdir()
    for place in range(3):
        rows(place * 40, 40).write_parquet(source / f"p-{place}.parquet")
    run(source, tmp_path / "safe")
    assert files(tmp_path / "safe") == ["p-0.parquet"]
    policy = lakescan.Policy.parse(POLICY)
    assert lakescan.verify(tmp_path / "safe", source, policy, engine="local").status == "clean"
    lakescan.reveal(
        tmp_path / "safe", tmp_path / "back", lakescan.Audit(str(tmp_path / "audit.jsonl"), "asked")
    )
    back = pl.read_parquet(tmp_path / "back/p-0.parquet")
    assert back["ssn"].equals(rows(0, 120)["ssn"])


def test_one_value_that_leaked_in_a_compacted_file_is_found(tmp_path, key):
    source = visits(tmp_path / "lake", "csv")
    run(source, tmp_path / "safe")
    path = tmp_path / "safe/visits/year=2025/part-003.csv"
    made = pl.read_csv(path, infer_schema=False)
    wrong = made.with_columns(ssn=pl.when(pl.col("no") == "n201").then(pl.lit(rows(201, 1)["ssn"][0])).otherwise("ssn"))  # fmt: skip
    wrong.write_csv(path)
    report = lakescan.verify(
        tmp_path / "safe", source, lakescan.Policy.parse(POLICY), engine="local"
    )
    (check,) = [column for column in report.columns if column.column == "ssn" and column.same]
    assert (check.same, check.found) == (1, 1)


def test_a_run_that_was_cut_goes_on(tmp_path, key, monkeypatch):
    source, target = visits(tmp_path / "lake", "parquet"), tmp_path / "safe"
    done, once = [], AnonymizeTask.__call__

    def cut(self, unit):
        if done:
            raise KeyboardInterrupt
        done.append(unit.output.output)
        return once(self, unit)

    with monkeypatch.context() as patch:
        patch.setattr(AnonymizeTask, "__call__", cut)
        with pytest.raises(KeyboardInterrupt):
            run(source, target)
    assert files(target) == []
    run(source, target, resume=True)
    whole = tmp_path / "whole"
    run(source, whole)
    assert files(target) == files(whole)
    for name in files(whole):
        assert pq.read_table(target / name).equals(pq.read_table(whole / name))


def test_a_second_run_writes_only_what_has_a_changed_file_in_it(tmp_path, key):
    source, target = visits(tmp_path / "lake", "parquet"), tmp_path / "safe"
    run(source, target, incremental=True)
    rows(9000, 20).write_parquet(source / "visits/year=2025/part-009.parquet")
    result = run(source, target, incremental=True)
    assert sum(table.kept for table in result.value.tables) == 2
    assert pq.read_metadata(target / "visits/year=2025/part-003.parquet").num_rows == 43 + 44 + 45 + 20  # fmt: skip
    result.report(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "2 of 3 files kept from an earlier run" in page


def test_files_are_only_put_together_while_they_stay_small(tmp_path, key, monkeypatch):
    source, target = visits(tmp_path / "lake", "csv"), tmp_path / "safe"
    size = max(path.stat().st_size for path in source.rglob("part-*.csv"))
    monkeypatch.setattr(compact, "FILE_BYTES", 2 * size)
    run(source, target)
    assert [name for name in files(target) if "2024" in name] == [
        "visits/year=2024/part-000.csv",
        "visits/year=2024/part-002.csv",
    ]
    policy = lakescan.Policy.parse(POLICY)
    assert lakescan.verify(target, source, policy, engine="local").status == "clean"


def test_files_of_two_dialects_stay_apart(tmp_path, key):
    source = tmp_path / "lake"
    source.mkdir()
    rows(0, 40).write_csv(source / "a-1.csv")
    rows(40, 40).write_csv(source / "a-2.csv", separator=";")
    rows(80, 40).write_csv(source / "a-3.csv", separator=";")
    run(source, tmp_path / "safe")
    assert files(tmp_path / "safe") == ["a-1.csv", "a-2.csv"]
    assert pl.read_csv(tmp_path / "safe/a-2.csv", separator=";")["no"].to_list() == [f"n{n}" for n in range(40, 120)]  # fmt: skip


def test_what_has_no_files_has_no_layout(tmp_path, key):
    source = visits(tmp_path / "lake", "csv")
    with pytest.raises(UsageError, match="only files are compacted"):
        run(source, f"sqlite:///{tmp_path}/safe.db")
    assert not (tmp_path / "safe.db").exists()
    with pytest.raises(UnknownNameError, match="layout"):
        lakescan.Writing(layout="small")
    with pytest.raises(LakescanError, match="in place"):
        lakescan.Writing(layout="compacted", mode="in_place")
