"""Which files make one dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakescan.connectors import Dataset, Selection, SourceFailure
from lakescan.connectors.grouping import name_pattern

Scan = Callable[..., tuple[list[Dataset], list[SourceFailure]]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("part-00000.parquet", "part-00117.parquet", True),
        (
            "part-00000-2f1e5a3c-9d1b-4c59-8a57-0123456789ab-c000.snappy.parquet",
            "part-00001-aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee-c000.snappy.parquet",
            True,
        ),
        ("events_2024-01-31.csv", "events_2024-12-01.csv", True),
        ("events_20240131T101500Z.csv", "events_20240201.csv", True),
        ("sales-jan-2024.csv", "sales-february-2024.csv", True),
        ("run_8f3kd92k1z.json", "run_k29dk3f8zz7.json", True),
        ("orders.csv", "users.csv", False),
        ("orders_1.csv", "users_1.csv", False),
        ("us-500.csv", "uk-500.csv", False),
        ("a.csv", "a.csv.gz", False),
    ],
)
def test_names_that_differ_in_numbers_dates_or_ids(one: str, other: str, same: bool) -> None:
    assert (name_pattern(one) == name_pattern(other)) is same


def write(path: Path, **columns: list[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def test_equal_schemas_join_and_odd_files_stand_alone(tmp_path: Path, scan: Scan) -> None:
    for i in range(3):
        write(tmp_path / f"p-{i}.parquet", id=[i], name=["x"])
    write(tmp_path / "p-3.parquet", id=["a"], name=["x"])
    (tmp_path / "p-4.parquet").write_bytes((tmp_path / "p-0.parquet").read_bytes()[:100])
    datasets, failures = scan(tmp_path)
    assert [(d.uri, len(d.splits)) for d in datasets] == [
        (f"{tmp_path}/", 3),
        (f"{tmp_path}/p-3.parquet", 1),
    ]
    assert [f.uri for f in failures] == [f"{tmp_path}/p-4.parquet"]


def test_partition_and_date_directories_are_one_tree(tmp_path: Path, scan: Scan) -> None:
    write(tmp_path / "hive" / "y=2024" / "m=1" / "a-1.parquet", id=[1])
    write(tmp_path / "hive" / "y=2024" / "m=2" / "a-1.parquet", id=[1])
    write(tmp_path / "dated" / "2024" / "01-02" / "a.parquet", id=[1])
    write(tmp_path / "dated" / "2024" / "01-03" / "a.parquet", id=[1])
    write(tmp_path / "north" / "a.parquet", id=[1])
    write(tmp_path / "south" / "a.parquet", id=[1])
    datasets, _ = scan(tmp_path)
    assert [d.uri.removeprefix(f"{tmp_path}/") for d in datasets] == [
        "dated/",
        "hive/",
        "north/a.parquet",
        "south/a.parquet",
    ]


def test_overrides(tmp_path: Path, scan: Scan) -> None:
    for name in ("a-1", "a-2", "b-1"):
        write(tmp_path / f"{name}.parquet", id=[1])
    assert len(scan(tmp_path)[0]) == 2
    assert len(scan(tmp_path, Selection(group="file"))[0]) == 3
    (whole,) = scan(tmp_path, Selection(group="prefix"))[0]
    assert (whole.uri, len(whole.splits), whole.rows) == (f"{tmp_path}/", 3, 3)


def test_tables_without_names_stand_alone(tmp_path: Path, scan: Scan) -> None:
    for i in range(2):
        (tmp_path / f"x-{i}.csv").write_text(f"{i},a@x.org\n{i + 5},b@x.org\n")
    assert len(scan(tmp_path)[0]) == 2


def test_records_with_optional_fields_join(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "e-1.jsonl").write_text('{"id": 1, "mail": "a"}\n{"id": 2, "mail": "b"}\n')
    (tmp_path / "e-2.jsonl").write_text('{"id": 3, "mail": "a", "tel": "1"}\n{"id": 4}\n')
    (tmp_path / "e-3.jsonl").write_text('{"city": "x"}\n{"city": "y"}\n')
    datasets, _ = scan(tmp_path)
    assert sorted(len(d.splits) for d in datasets) == [1, 2]


def test_the_version_changes_with_any_file(tmp_path: Path, scan: Scan) -> None:
    for i in range(3):
        write(tmp_path / f"p-{i}.parquet", id=[i])
    (before,), _ = scan(tmp_path)
    write(tmp_path / "p-1.parquet", id=[9])
    (after,), _ = scan(tmp_path)
    assert before.version != after.version
    changed = [a.uri for a, b in zip(before.splits, after.splits, strict=True) if a != b]
    assert changed == [f"{tmp_path}/p-1.parquet"]
