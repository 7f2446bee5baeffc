"""Discovering and reading files: partitions, archives, compression, projection, change."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakescan.connectors import (
    Dataset,
    ReadRequest,
    Selection,
    SourceFailure,
    connector_for,
    discover,
    read,
)
from lakescan.errors import (
    ChangedSourceError,
    NotFoundError,
    UnknownNameError,
    UsageError,
)

Load = Callable[..., pa.Table]
Scan = Callable[..., tuple[list[Dataset], list[SourceFailure]]]
CSV = "id,name\n" + "".join(f'{i},"n, {i}"\n' for i in range(500))


def test_compressed_text(tmp_path: Path, scan: Scan, load: Load) -> None:
    data = CSV.encode()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(data) + gzip.compress(b"500,x\n"))
    (tmp_path / "b.csv.bz2").write_bytes(bz2.compress(data))
    with pa.CompressedOutputStream(str(tmp_path / "c.csv.zst"), "zstd") as out:
        out.write(data)
    (tmp_path / "d.csv").write_bytes(gzip.compress(data))
    datasets, failures = scan(tmp_path)
    assert not failures
    assert [load(d).num_rows for d in datasets] == [501, 500, 500, 500]
    assert [d.splits[0].format.compression for d in datasets] == ["gzip", "bzip2", "zstd", "gzip"]


def test_compressed_binary_formats(tmp_path: Path, scan: Scan, load: Load) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": range(100)}), sink)
    (tmp_path / "a.parquet.gz").write_bytes(gzip.compress(sink.getvalue()))
    datasets, _ = scan(tmp_path)
    assert load(datasets[0])["id"].to_pylist() == list(range(100))


def test_members_of_a_zip_archive(tmp_path: Path, scan: Scan, load: Load) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": range(100)}), sink)
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/a.csv", CSV)
        archive.writestr("b.parquet", sink.getvalue())
        archive.writestr("c.csv.gz", gzip.compress(CSV.encode()))
        archive.writestr("__MACOSX/._a.csv", "junk")
        archive.writestr("empty.csv", "")
    datasets, failures = scan(tmp_path)
    root = f"{tmp_path}/all.zip!/"
    assert [d.uri for d in datasets] == [root + n for n in ("b.parquet", "c.csv.gz", "in/a.csv")]
    assert [load(d).num_rows for d in datasets] == [100, 500, 500]
    assert [(f.uri, f.error.kind) for f in failures] == [(root + "empty.csv", "CorruptFile")]


def test_broken_and_encrypted_members(tmp_path: Path, scan: Scan) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.zip", b"PK\x05\x06" + bytes(18))
        archive.writestr("c.csv", CSV)
    data = bytearray(path.read_bytes())
    data[data.index(b"\n100,") + 1] ^= 1  # in a.csv: its checksum fails
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 8] |= 1  # c.csv's flags in the directory: encrypted
    path.write_bytes(data)
    datasets, failures = scan(tmp_path)
    assert {f.uri.rsplit("/", 1)[1]: f.error.kind for f in failures} == {
        "a.csv": "CorruptFile",
        "b.zip": "Unsupported",
        "c.csv": "Unsupported",
    }
    assert not datasets


def test_partitions_become_columns(tmp_path: Path, scan: Scan, load: Load) -> None:
    for country in ("DE", "FR", "__HIVE_DEFAULT_PARTITION__"):
        folder = tmp_path / "t" / f"country={country}" / "city=A%20B"
        folder.mkdir(parents=True)
        pq.write_table(pa.table({"id": [1, 2]}), folder / "part-0.parquet")
    datasets, _ = scan(tmp_path)
    (dataset,) = datasets
    assert (dataset.uri, dataset.partitions) == (f"{tmp_path}/t/", ("country", "city"))
    table = load(dataset)
    assert table.column_names == ["id", "country", "city"]
    assert sorted(map(str, table["country"].to_pylist())) == ["DE"] * 2 + ["FR"] * 2 + ["None"] * 2
    assert set(table["city"].to_pylist()) == {"A B"}
    only = load(dataset, ReadRequest(columns=("country",)))
    assert only.column_names == ["country"]
    assert only.num_rows == 6


def test_hidden_files_globs_includes_and_excludes(tmp_path: Path, scan: Scan) -> None:
    for name in ("a.csv", "b/c.csv", "b/d.json", "_SUCCESS", ".x.crc", "_delta_log/0.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('{"a": 1}\n{"a": 2}' if "json" in name else "id,n\n1,x\n")

    def names(uri: str = "", **selection: tuple[str, ...]) -> list[str]:
        datasets, failures = scan(f"{tmp_path}/{uri}", Selection(**selection))
        assert not failures
        return [d.uri.removeprefix(f"{tmp_path}/") for d in datasets]

    assert names() == ["a.csv", "b/c.csv", "b/d.json"]
    assert names("*.csv") == ["a.csv"]
    assert names("**/*.csv") == ["a.csv", "b/c.csv"]
    assert names("b/[cx].csv") == ["b/c.csv"]
    assert names("{a,b/c}.{csv,tsv}") == ["a.csv", "b/c.csv"]
    assert names(include=("*.csv",)) == ["a.csv", "b/c.csv"]
    assert names(include=("b/**",)) == ["b/c.csv", "b/d.json"]
    assert names(exclude=("b",)) == ["a.csv"]
    assert names(exclude=("*.json", "a.*")) == ["b/c.csv"]
    assert names("_delta_log/0.json") == ["_delta_log/0.json"]


def test_relative_paths_and_file_uris(
    tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("id,n\n1,x\n")
    monkeypatch.chdir(tmp_path)
    for uri in ("in", "./in/", "in/*.csv", "in/a.csv", f"file://{tmp_path}/in"):
        datasets, _ = scan(uri, Selection(include=("*.csv",)))
        assert [d.uri for d in datasets] == [f"{tmp_path}/in/a.csv"], uri


def test_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks" / "_SUCCESS").write_text("")
    for name, said in (
        ("nothing", "no such file or folder"),
        ("empty", "no files are there"),
        ("empty/*.csv", "no files are there"),
        ("marks", "all files there are left out"),
        ("marks/*.csv", "all files there are left out"),
    ):
        with pytest.raises(NotFoundError, match=said):
            list(discover(str(tmp_path / name)))


def test_what_cannot_be_opened_fails_alone(
    tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("id,n\n1,x\n")
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nothing")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "b.csv").write_text("id,n\n1,x\n")
    listed, opened = os.scandir, pa.OSFile

    def forbidden(call: Callable[..., object]) -> Callable[..., object]:
        """As it is for all users but root, whom the tests may run as."""

        def run(path: str, *rest: str) -> object:
            if path == f"{tmp_path}/secret":
                raise PermissionError(13, "Permission denied", path)
            return call(path, *rest)

        return run

    monkeypatch.setattr("lakescan.connectors.storage.local.os.scandir", forbidden(listed))
    monkeypatch.setattr("lakescan.connectors.storage.local.pa.OSFile", forbidden(opened))
    datasets, failures = scan(tmp_path)
    assert [d.uri for d in datasets] == [f"{tmp_path}/a.csv"]
    assert {failure.error.message for failure in failures} == {
        f"{tmp_path}/gone.csv: no such file",
        f"{tmp_path}/secret: permission denied",
    }


def test_unknown_schemes_and_groupings(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="source scheme"):
        connector_for("gopher://x/y")
    with pytest.raises(UsageError, match="grouping"):
        list(discover(str(tmp_path), Selection(group="none")))


def test_a_file_that_changed_after_it_was_listed(tmp_path: Path, scan: Scan) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV)
    (dataset,), _ = scan(path)
    path.write_text(CSV.replace("n, 1", "n, 2"))
    with pytest.raises(ChangedSourceError):
        list(read(dataset.splits[0]))


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, scan: Scan) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV * 200)
    (dataset,), _ = scan(path, Selection(options={"header": "true"}))
    batches = read(dataset.splits[0], ReadRequest(batch_bytes=1 << 18))
    next(batches)
    os.utime(path, ns=(1, 1))
    with pytest.raises(ChangedSourceError):
        list(batches)


def test_splits_are_small_and_picklable(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    (dataset,), _ = scan(tmp_path)
    assert pickle.loads(pickle.dumps(dataset)) == dataset
    assert len(pickle.dumps(dataset.splits[0])) < 1000
    assert dataset.splits[0].token == pickle.loads(pickle.dumps(dataset.splits[0])).token


def test_discovery_is_deterministic(tmp_path: Path, scan: Scan) -> None:
    for i in range(40):
        (tmp_path / f"part-{i}.csv").write_text(CSV)
        (tmp_path / f"other-{i}.csv").write_text(CSV.replace("name", "nom"))
    first, again = scan(tmp_path), scan(tmp_path)
    assert first == again
    assert [d.uri for d in first[0]] == [f"{tmp_path}/other-*.csv", f"{tmp_path}/part-*.csv"]


def test_unread_formats_are_named(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "photo.bin").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "not.parquet").write_text("id,name\n1,x\n")
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    _, failures = scan(tmp_path)
    kinds = {f.uri.rsplit("/", 1)[1]: f.error.kind for f in failures}
    assert kinds == {
        "photo.bin": "Unsupported",
        "not.parquet": "CorruptFile",
        "letter.docx": "Unsupported",
    }
