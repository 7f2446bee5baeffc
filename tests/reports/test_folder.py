"""A run folder read back is the report that was written."""

import dataclasses
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.errors import CorruptFileError
from lakescan.reports.columns import COLUMNS_SCHEMA, columns_by_dataset, columns_table
from lakescan.reports.contract import to_json
from lakescan.reports.folder import (
    SPLITS_FILE,
    read_run,
    read_splits,
    run_json,
    write_run,
    write_splits,
)
from lakescan.reports.model import Classification, ColumnReport, DatasetReport, Evidence, Outvoted
from lakescan.reports.splits import SPLITS_SCHEMA, SplitReport, splits_from_table, splits_table

SPLITS = (
    SplitReport("u1", "/lake/a/", "/lake/a/1.csv", "v1", "csv", "", "complete", 10, 100, 0.5),
    SplitReport("u2", "/lake/a/", "/lake/a/2.csv", "v2", "csv", "byte:0-64", "failed", 0, 64, 0.1, 3,
                "Transient", "the worker was lost"),
)  # fmt: skip


@pytest.fixture
def folder(report):
    files = {}
    lines = io.BytesIO()
    write_splits(report, SPLITS, lines)
    files[SPLITS_FILE] = lines.getvalue()
    write_run(report, files.__setitem__)
    return files


def test_writes_the_five_files_and_run_json_last(folder):
    assert list(folder) == [
        "splits.parquet", "columns.parquet", "report.sarif", "report.html", "run.json",
    ]  # fmt: skip


def test_reads_back_the_same_report(report, folder):
    assert read_run(folder.__getitem__) == report


def test_hostile_names_survive(hostile_report):
    files = {}
    write_run(hostile_report, files.__setitem__)
    assert read_run(files.__getitem__) == hostile_report


def test_reads_back_the_splits(folder):
    assert read_splits(folder.__getitem__) == SPLITS


def test_columns_parquet_has_one_row_per_column_and_entity(folder):
    table = pq.read_table(io.BytesIO(folder["columns.parquet"]))
    assert table.schema.equals(COLUMNS_SCHEMA)
    note = [row for row in table.to_pylist() if row["column"] == "note"]
    assert [(row["rank"], row["entity"]) for row in note] == [(0, "PERSON"), (1, "PHONE_NUMBER")]
    nothing = [row for row in table.to_pylist() if row["column"] == "price"]
    assert [(row["rank"], row["entity"], row["rows"]) for row in nothing] == [(None, None, 10_000)]


def test_splits_parquet_has_its_schema(folder):
    table = pq.read_table(io.BytesIO(folder["splits.parquet"]))
    assert table.schema.equals(SPLITS_SCHEMA)


def test_run_json_has_versions_and_no_columns(folder):
    run = json.loads(folder["run.json"])
    assert run["versions"] == {"lakescan": "0.1.0", "pattern": "0.1.0"}
    assert run["started"] == "2026-11-22T06:15:00Z"
    assert "columns" not in run["datasets"][0]


def test_run_json_has_totals_and_throughput(folder):
    run = json.loads(folder["run.json"])
    assert run["totals"] == {"datasets": 3, "columns": 9, "sensitive_columns": 5, "errors": 1}
    assert run["throughput"] == {"rows_per_second": 8320.8, "bytes_per_second": 1677721.6}


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"folder_version": 1}'])
def test_says_what_is_no_run_folder(folder, broken):
    with pytest.raises(CorruptFileError, match="not a run folder"):
        read_run((folder | {"run.json": broken}).__getitem__)


def test_says_which_table_is_no_parquet(folder):
    with pytest.raises(CorruptFileError, match="not a run folder"):
        read_run((folder | {"columns.parquet": b"PAR1"}).__getitem__)


def test_refuses_a_later_layout(folder):
    later = folder["run.json"].replace(b'"folder_version": 1', b'"folder_version": 2')
    with pytest.raises(CorruptFileError, match="layout 2"):
        read_run((folder | {"run.json": later}).__getitem__)


def test_two_datasets_with_one_uri_stay_apart(report):
    first, second, _ = report.datasets
    twin = dataclasses.replace(second, uri=first.uri)
    both = dataclasses.replace(report, datasets=(first, twin))
    files = {}
    write_run(both, files.__setitem__)
    assert read_run(files.__getitem__) == both


shares = st.floats(0, 1)
counts = st.integers(0, 2**62)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
evidences = st.builds(Evidence, names, shares, st.none() | counts)
classifications = st.builds(
    Classification, names, names, names, shares, shares, st.tuples(shares, shares), counts, counts,
    st.lists(names, max_size=2).map(tuple), st.lists(evidences, max_size=2).map(tuple),
)  # fmt: skip
columns = st.builds(
    ColumnReport, st.none() | names, st.integers(0, 9), names, counts, counts, counts, st.booleans(),
    st.none() | names, st.lists(classifications, max_size=3).map(tuple),
)  # fmt: skip


@given(st.lists(columns, max_size=4))
def test_any_columns_come_back_from_their_table(made):
    dataset = DatasetReport("u", "csv", "v", 1, 1, tuple(made))
    table = columns_table([dataset])
    table.validate(full=True)
    assert columns_by_dataset(table).get(("u", "v"), ()) == tuple(made)


splits = st.builds(
    SplitReport, names, names, names, names, names, names, st.sampled_from(["complete", "reused", "failed"]),
    counts, counts, st.floats(0, 1e6), st.integers(0, 9), st.none() | names, st.none() | names,
)  # fmt: skip


@given(st.lists(splits, max_size=4))
def test_any_splits_come_back_from_their_table(made):
    assert splits_from_table(splits_table(made)) == tuple(made)


def test_what_is_printed_from_a_folder_is_what_was_printed(report, folder):
    assert to_json(read_run(folder.__getitem__)) == to_json(report)
    assert run_json(read_run(folder.__getitem__)) == folder["run.json"]


def test_weights_reasons_and_what_was_outvoted_are_kept():
    reason = Evidence("pattern.iban", 1.0, 3, 0.9, ("DE**00",))
    found = Classification(
        "IBAN",
        "BANK_ACCOUNT",
        "PII",
        0.9,
        1.0,
        (1.0, 1.0),
        3,
        3,
        (),
        (reason,),
        "values",
        ("a", "b"),
    )
    outvoted = (Outvoted("BIC", "BANK_ACCOUNT", 0.1, ("too few",), (reason,)),)
    columns = (
        ColumnReport("a", 0, "string", 3, 0, 3, True, None, (found, found), 0.0, outvoted),
        ColumnReport("b", 1, "string", 3, 0, 3, False, None, (), 0.0, outvoted),
    )
    table = columns_table([DatasetReport("u", "csv", "v", 3, 3, columns)])
    assert columns_by_dataset(table) == {("u", "v"): columns}


def test_a_folder_of_before_there_were_weights_is_read(report, folder):
    table = pq.read_table(io.BytesIO(folder["columns.parquet"]))
    evidence = [
        None if row is None else [{k: r[k] for k in ("detector", "rows_hit", "score")} for r in row]
        for row in table["evidence"].to_pylist()
    ]
    old = table.drop_columns(["basis", "because", "outvoted", "evidence"])
    kind = pa.list_(
        pa.struct([("detector", pa.string()), ("rows_hit", pa.int64()), ("score", pa.float64())])
    )
    sink = io.BytesIO()
    pq.write_table(old.append_column("evidence", pa.array(evidence, kind)), sink)
    assert read_run((folder | {"columns.parquet": sink.getvalue()}).__getitem__) == report
