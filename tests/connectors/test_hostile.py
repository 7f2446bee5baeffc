"""Files that lie, break or explode: a clear error each, bounded memory, and the rest is read."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakescan.connectors import Dataset, ReadRequest, Selection, SourceFailure, read
from lakescan.errors import CorruptFileError, LakeError, LimitExceededError

Scan = Callable[..., tuple[list[Dataset], list[SourceFailure]]]


def parquet(rows: int = 1000) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": range(rows), "s": [f"s{i}" for i in range(rows)]}), sink)
    return sink.getvalue()


def outcome(dataset: Dataset, request: ReadRequest | None = None) -> tuple[int, list[str]]:
    """Rows read, and the kinds of errors."""
    rows, kinds = 0, []
    for split in dataset.splits:
        try:
            for batch in read(split, request):
                rows += batch.num_rows
        except LakeError as error:
            kinds.append(error.kind)
    return rows, kinds


def test_a_bad_file_does_not_hurt_its_neighbours(tmp_path: Path, scan: Scan) -> None:
    whole = parquet()
    for i in range(3):
        (tmp_path / f"p-{i}.parquet").write_bytes(whole)
    (tmp_path / "p-3.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "p-4.parquet").write_bytes(b"")
    (tmp_path / "p-5.parquet").write_bytes(os.urandom(5000))
    (tmp_path / "p-6.csv").write_bytes(b"")
    (tmp_path / "p-7.json").write_text('{"a": [1, 2')
    (tmp_path / "p-8.csv.gz").write_bytes(gzip.compress(b"id,n\n1,x\n" * 1000)[:40])
    (tmp_path / "p-9.zip").write_bytes(b"PK\x03\x04" + os.urandom(100))
    (tmp_path / "p-10.avro").write_bytes(b"Obj\x01" + os.urandom(100))
    (tmp_path / "p-11.orc").write_bytes(b"ORC" + os.urandom(100))
    (tmp_path / "p-12.arrow").write_bytes(b"ARROW1\0\0" + os.urandom(100))
    (tmp_path / "p-13.xlsx").write_bytes(b"PK\x03\x04" + os.urandom(100))
    (tmp_path / "p-14.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(100))
    datasets, failures = scan(tmp_path)
    good = [d for d in datasets if d.uri == f"{tmp_path}/"]
    assert [outcome(d) for d in good] == [(3000, [])]
    assert len(failures) + len(datasets) - 1 == 12
    assert {f.error.kind for f in failures} == {"CorruptFile"}
    assert all(f.error.uri == f.uri and f.uri in f.error.message for f in failures)


def test_errors_say_what_is_wrong_with_the_bytes(tmp_path: Path, scan: Scan) -> None:
    packed = gzip.compress(b"".join(b"%d,%d\n" % (i, i * i) for i in range(50_000)))
    (tmp_path / "cut.csv.gz").write_bytes(packed[:500])
    holed = packed[:200] + bytes(1000) + packed[1200:]
    (tmp_path / "holed.csv.gz").write_bytes(holed)
    (tmp_path / "a.orc").write_bytes(b"ORC" + bytes(500))
    (tmp_path / "a.xlsx").write_bytes(b"id,name\n1,x\n")
    _, failures = scan(tmp_path)
    assert {failure.error.message for failure in failures} == {
        f"{tmp_path}/cut.csv.gz: the compressed data is cut short",
        f"{tmp_path}/holed.csv.gz: the compressed data is damaged",
        f"{tmp_path}/a.orc: the file is damaged, or its content is not what its name says",
        f"{tmp_path}/a.xlsx: its name says excel, but its content does not",
    }


def test_a_page_that_is_damaged_fails_its_split_only(tmp_path: Path, scan: Scan) -> None:
    sink = io.BytesIO()
    pq.write_table(
        pa.table({"s": [os.urandom(8).hex() for _ in range(4000)]}),
        sink,
        row_group_size=1000,
        use_dictionary=False,
        compression="snappy",
        write_page_checksum=True,
    )
    data = bytearray(sink.getvalue())
    data[len(data) // 3 : len(data) // 3 + 400] = os.urandom(400)
    (tmp_path / "a.parquet").write_bytes(data)
    (dataset,), _ = scan(tmp_path, Selection(split_bytes=1))
    rows, kinds = outcome(dataset)
    assert rows >= 2000
    assert set(kinds) == {"CorruptFile"}


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.txt"])
def test_a_cell_over_the_limit(tmp_path: Path, scan: Scan, name: str) -> None:
    huge = "a" * (5 << 20)
    text = {
        "a.csv": f"id,x\n1,b\n2,{huge}\n3,c\n",
        "a.jsonl": f'{{"id": 1}}\n{{"id": "{huge}"}}\n{{"id": 3}}\n',
        "a.txt": f"hello\n{huge}\nworld\n",
    }[name]
    (tmp_path / name).write_text(text)
    (dataset,), _ = scan(tmp_path, Selection(split_bytes=1 << 20))
    rows, kinds = outcome(dataset, ReadRequest(max_cell_bytes=1 << 20))
    assert kinds == ["LimitExceeded"]
    assert rows >= 1


@pytest.mark.parametrize(
    "line",
    ["some text\n", "a, few, words\nand more\n", '<a href=""x"">link, more</a>\n', '""a""\n', "\n"],
)
def test_a_quoted_cell_over_the_limit(tmp_path: Path, scan: Scan, line: str) -> None:
    """Only the split that it starts in fails, once; what follows the cell is read."""
    huge = line * ((4 << 20) // len(line))
    (tmp_path / "a.csv").write_text(f'id,x\n1,b\n2,"{huge}"\n' + "3,c\n" * 1000)
    (dataset,), _ = scan(tmp_path, Selection(split_bytes=1 << 20))
    assert len(dataset.splits) > 3
    rows, kinds = outcome(dataset, ReadRequest(max_cell_bytes=1 << 20))
    assert kinds == ["LimitExceeded"]
    assert rows == 1000


def test_a_parquet_cell_over_the_limit(tmp_path: Path, scan: Scan) -> None:
    table = pa.table({"id": [1, 2], "x": ["small", "a" * (3 << 20)]})
    pq.write_table(table, tmp_path / "a.parquet")
    (dataset,), _ = scan(tmp_path)
    assert outcome(dataset, ReadRequest(max_cell_bytes=1 << 20)) == (0, ["LimitExceeded"])
    assert outcome(dataset) == (2, [])


def test_parquet_pages_are_measured_before_they_are_read(tmp_path: Path) -> None:
    """A long cell among many: the mean tells nothing, the page's header does."""
    from lakescan.connectors.formats import parquet_pages

    values = [f"s{i}" for i in range(5000)] + ["a" * (9 << 20)] + [f"t{i}" for i in range(5000)]
    for version in ("1.0", "2.0"):
        pq.write_table(
            pa.table({"id": range(10_001), "s": values, "l": [[v[:9]] for v in values]}),
            tmp_path / "a.parquet",
            data_page_version=version,
            write_page_checksum=version == "2.0",
        )
        group = pq.read_metadata(tmp_path / "a.parquet").row_group(0)
        with pa.OSFile(str(tmp_path / "a.parquet")) as file:
            sizes = [sum(parquet_pages._page_sizes(file, group.column(i), "a")) for i in range(3)]
            longest = max(parquet_pages._page_sizes(file, group.column(1), "a"))
        totals = [group.column(i).total_uncompressed_size for i in range(3)]
        # The totals count the headers, too.
        assert all(0 < total - size < 5000 for total, size in zip(totals, sizes, strict=True))
        assert longest > 9 << 20


def test_a_document_on_one_line_over_the_limit(tmp_path: Path, scan: Scan) -> None:
    records = [{"id": i, "text": "x" * 1000} for i in range(90_000)]
    (tmp_path / "a.json").write_text(json.dumps(records))
    datasets, failures = scan(tmp_path)
    assert not datasets
    assert [f.error.kind for f in failures] == ["LimitExceeded"]


def test_bombs(tmp_path: Path, scan: Scan) -> None:
    member = gzip.compress((b"0" * 2000 + b",0\n") * 500)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"id,x\n") + member * 300)
    with (
        zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.csv", "w", force_zip64=True) as packed,
    ):
        for _ in range(300):
            packed.write(bytes(1 << 20))
    (dataset,), failures = scan(tmp_path)
    assert [f.error.kind for f in failures] == ["LimitExceeded"]
    assert outcome(dataset)[1] == ["LimitExceeded"]


def test_an_archive_with_too_many_members(tmp_path: Path, scan: Scan) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for i in range(2001):
            archive.writestr(f"{i}.csv", "")
    _, failures = scan(tmp_path)
    assert [f.error.kind for f in failures] == ["LimitExceeded"]


def test_deep_nesting(tmp_path: Path, scan: Scan) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    (tmp_path / "a.json").write_text(deep)
    (tmp_path / "b.jsonl").write_text(f'{{"a": {deep}}}\n' * 3)
    datasets, failures = scan(tmp_path)
    kinds = {f.error.kind for f in failures}
    for dataset in datasets:
        kinds.update(outcome(dataset)[1])
    assert kinds <= {"CorruptFile", "LimitExceeded"}


def test_errors_hold_no_values(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "a.json").write_text('{"secret": "hunter2" "x"}')
    (tmp_path / "b.jsonl").write_text('{"a": 1}\n{"secret": hunter2}\n')
    datasets, failures = scan(tmp_path)
    errors: list[LakeError] = [f.error for f in failures if isinstance(f.error, LakeError)]
    for dataset in datasets:
        with pytest.raises(CorruptFileError) as caught:
            for split in dataset.splits:
                list(read(split))
        errors.append(caught.value)
    assert len(errors) == 2
    assert not any("hunter2" in str(error) for error in errors)


PEAK = """
import sys
from lakescan.connectors import *
for found in discover(sys.argv[1]):
    if isinstance(found, SourceFailure):
        print(found.error.kind)
        continue
    for split in found.splits:
        try:
            print(sum(batch.num_rows for batch in read(split)))
        except Exception as error:
            print(error.kind)
print("peak", next(row.split()[1] for row in open("/proc/self/status") if "VmHWM" in row))
"""


@pytest.mark.parametrize(
    ("name", "head", "piece", "tail"),
    [
        ("a.json", b'[{"id": 0}', b',{"id": 1, "name": "some name of someone"}', b"]"),
        ("a.csv", b"id,x\n1,2\n3,", b"aaaaaaaaaaaaaaaa", b"\n4,5\n"),
    ],
)
def test_memory_stays_bounded(
    tmp_path: Path, name: str, head: bytes, piece: bytes, tail: bytes
) -> None:
    """A 200 MB document on one line, and a 300 MB cell."""
    size = (200 if name == "a.json" else 300) << 20
    with (tmp_path / name).open("wb") as out:
        out.write(head)
        block = piece * ((1 << 20) // len(piece))
        for _ in range(size // len(block)):
            out.write(block)
        out.write(tail)
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(tmp_path)], capture_output=True, text=True, check=True
    )
    *results, peak = done.stdout.split("\n")[:-1]
    assert "LimitExceeded" in results
    # VmHWM is in KiB, and unlike ru_maxrss not inherited from the process that ran the tests.
    assert int(peak.split()[1]) * 1024 < 700 << 20


def test_limit_errors_say_what_to_do(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "a.csv").write_text("id,x\n1,b\n2," + "a" * 200_000 + "\n")
    (dataset,), _ = scan(tmp_path)
    with pytest.raises(
        LimitExceededError, match="have the policy ignore the column, or exclude the file"
    ):
        list(read(dataset.splits[0], ReadRequest(max_cell_bytes=100_000, batch_bytes=1000)))
