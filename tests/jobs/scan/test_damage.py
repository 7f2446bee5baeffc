"""Files that are damaged in part: the rest is read, and what was not is told, each time."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import orc

import lakescan
from lakescan.connectors import Selection
from lakescan.jobs.ledger.folder import RunFolder
from lakescan.jobs.scan.request import Output
from lakescan.jobs.scan.task import ScanTask
from lakescan.reports.folder import read_splits

MAILS = [b"ann%d@example.org" % i for i in range(300)]


def damaged() -> pa.Table:
    """Mail addresses of which two are no UTF-8, as a writer leaves them that does not check."""
    values = [*MAILS, b"b\xff\xfe@example.org", b"\xc3("]
    strings = pa.array(values, pa.binary()).cast(pa.string(), safe=False)
    return pa.table({"id": range(len(values)), "email": strings})


def found(result: lakescan.ScanResult) -> tuple[int, str, list[tuple[str, str]]]:
    (dataset,) = result.value.datasets
    (email,) = (column for column in dataset.columns if column.column == "email")
    told = [(error.kind, error.message) for error in result.value.errors]
    return dataset.rows_scanned, email.classifications[0].entity, told


@pytest.mark.parametrize("name", ["a.parquet", "dictionary.parquet", "a.orc"])
def test_strings_that_are_no_utf8(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if path.suffix == ".orc":
        orc.write_table(damaged(), path)
    else:
        pq.write_table(damaged(), path, use_dictionary="dictionary" in name)
    result = lakescan.scan(path, accuracy_mode="patterns")
    rows, entity, [(kind, message)] = found(result)
    assert (rows, entity, kind, result.status) == (302, "EMAIL_ADDRESS", "DamagedText", "partial")
    assert "bytes at 3 places" in message
    assert str(path) in message


@pytest.mark.parametrize(
    ("name", "line", "kind", "told"),
    [
        ("a.csv", "7,Zoë\n".encode() + b"8,Zo\xeb\n", "DamagedText", "bytes at 1 place "),
        ("a.jsonl", b'{"id": 7, "email": "zo\n', "CorruptFile", "1 line is no JSON"),
        ("a.jsonl", '{"id": "Zoë"}\n{"id": "'.encode() + b'\xeb"}\n', "DamagedText", "1 place "),
    ],
)  # fmt: skip
def test_text_that_is_damaged(tmp_path: Path, name: str, line: bytes, kind: str, told: str) -> None:
    form, head = (b"%d,%s\n", b"id,email\n") if name == "a.csv" else (b"", b"")
    form = form or b'{"id": %d, "email": "%s"}\n'
    (tmp_path / name).write_bytes(head + b"".join(form % pair for pair in enumerate(MAILS)) + line)
    result = lakescan.scan(tmp_path, accuracy_mode="patterns")
    rows, entity, [(seen, message)] = found(result)
    assert rows >= 300
    assert (entity, seen, result.status) == ("EMAIL_ADDRESS", kind, "partial")
    assert told in message


def test_runs_that_take_it_over_tell_it_again(tmp_path: Path, reads: list[str]) -> None:
    source, folder = tmp_path / "lake", tmp_path / "run"
    source.mkdir()
    pq.write_table(damaged(), source / "a.parquet")
    first = lakescan.scan(source, accuracy_mode="patterns", output=folder)
    again = lakescan.scan(
        source,
        accuracy_mode="patterns",
        output=Output(str(folder), incremental=True),
    )
    assert len(reads) == 1
    assert found(again) == found(first)
    assert again.status == "partial"
    (split,) = read_splits(RunFolder(str(folder), {}).published)
    assert (split.status, split.error_kind) == ("reused", "DamagedText")


def test_splits_that_fail_alike_are_told_once(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(damaged()[:300], path, row_group_size=100, use_dictionary=False)
    data = bytearray(path.read_bytes())
    groups = pq.read_metadata(path)
    for at in range(groups.num_row_groups):
        column = groups.row_group(at).column(1)
        end = column.data_page_offset + column.total_compressed_size
        data[end - 200 : end] = b"\xff" * 200
    path.write_bytes(data)
    result = lakescan.scan(tmp_path, selection=Selection(split_bytes=1), output=tmp_path / "run")
    splits = read_splits(RunFolder(str(tmp_path / "run"), {}).published)
    assert [split.status for split in splits] == ["failed"] * 3
    assert [(e.uri, e.kind) for e in result.value.errors] == [(str(path), "CorruptFile")]


def test_a_panic_of_an_extension_is_the_error_of_its_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Polars raises where it would end the process is no `Exception`."""
    import polars as pl

    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("id,email\n1,ann@example.org\n")
    real = ScanTask.__call__

    def panics(task: ScanTask, unit: object) -> object:
        if unit.split.uri.endswith("a.csv"):  # type: ignore[attr-defined]
            raise pl.exceptions.PanicException("a cell's value")
        return real(task, unit)  # type: ignore[arg-type]

    monkeypatch.setattr(ScanTask, "__call__", panics)
    result = lakescan.scan(tmp_path, accuracy_mode="patterns", engine="local")
    (error,) = result.value.errors
    assert (error.uri, error.kind) == (str(tmp_path / "a.csv"), "Terminal")
    assert "a cell's value" not in error.message
    assert result.value.rows_scanned == 1
