"""Formats with types: Parquet, ORC, Arrow, Avro, Excel."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from pyarrow import orc
from workbooks import workbook

from lakescan.connectors import Dataset, ReadRequest, Selection, SourceFailure, read

One = Callable[..., Dataset]
Load = Callable[..., pa.Table]
Scan = Callable[..., tuple[list[Dataset], list[SourceFailure]]]

TABLE = pa.table(
    {
        "id": pa.array(range(3000), pa.int64()),
        "country": ["DE", "US", None] * 1000,
        "mail": [f"user{i}@example.org" for i in range(3000)],
        "tags": [["a", "b"], [], None] * 1000,
        "address": [{"city": "Bonn", "zip": str(i)} for i in range(3000)],
        "born": [dt.date(1990, 1, 1 + i % 28) for i in range(3000)],
    }
)


def parquet(table: pa.Table, **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def test_parquet_keeps_types_and_splits_by_row_group(one: One, load: Load) -> None:
    dataset = one("a.parquet", parquet(TABLE, row_group_size=500), Selection(split_bytes=1))
    assert [(s.unit, s.start, s.stop) for s in dataset.splits] == [
        ("row_group", i, i + 1) for i in range(6)
    ]
    assert dataset.rows == 3000
    assert load(dataset).equals(TABLE)


def test_parquet_strings_of_few_values_come_as_dictionaries(one: One) -> None:
    (split,) = one("a.parquet", parquet(TABLE)).splits
    types = {field.name: field.type for batch in read(split) for field in batch.schema}
    assert pa.types.is_dictionary(types["country"])
    assert types["mail"] == pa.string()


def test_parquet_projection_sampling_and_batches(one: One, load: Load) -> None:
    dataset = one("a.parquet", parquet(TABLE, row_group_size=500))
    assert load(dataset, ReadRequest(columns=("mail", "id"))).column_names == ["id", "mail"]
    sampled = load(dataset, ReadRequest(max_row_groups=2))
    assert sampled["id"].to_pylist() == [*range(500), *range(1500, 2000)]
    (split,) = dataset.splits
    batches = list(read(split, ReadRequest(batch_bytes=10_000)))
    assert max(b.nbytes for b in batches) < 40_000


def test_parquet_without_rows(one: One, load: Load) -> None:
    dataset = one("a.parquet", parquet(TABLE.slice(0, 0)))
    assert dataset.rows == 0
    assert [b.num_rows for s in dataset.splits for b in read(s)] in ([], [0])


def test_orc(one: One, load: Load) -> None:
    sink = io.BytesIO()
    orc.write_table(TABLE, sink)
    dataset = one("a.orc", sink.getvalue())
    assert dataset.rows == 3000
    assert load(dataset).equals(TABLE)
    assert load(dataset, ReadRequest(columns=("mail",))).column_names == ["mail"]


def test_arrow_files_and_streams(one: One, load: Load) -> None:
    file, stream = io.BytesIO(), io.BytesIO()
    pyarrow.feather.write_feather(TABLE, file, compression="zstd", chunksize=300)
    with pa.ipc.new_stream(stream, TABLE.schema) as writer:
        writer.write_table(TABLE)
    dataset = one("a.feather", file.getvalue(), Selection(split_bytes=2000))
    assert len(dataset.splits) > 3
    assert load(dataset).equals(TABLE)
    assert load(one("a.arrows", stream.getvalue())).equals(TABLE)


AVRO = {
    "type": "record",
    "name": "person",
    "fields": [
        {"name": "id", "type": "long"},
        {"name": "mail", "type": ["null", "string"]},
        {"name": "either", "type": ["null", "string", "long"]},
        {"name": "scores", "type": {"type": "map", "values": "int"}},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
        {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {
            "name": "paid",
            "type": {"type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 2},
        },
        {
            "name": "boss",
            "type": [
                "null",
                {
                    "type": "record",
                    "name": "node",
                    "fields": [
                        {"name": "name", "type": "string"},
                        {"name": "boss", "type": ["null", "node"]},
                    ],
                },
            ],
        },
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "kind", "type": {"type": "enum", "name": "kind", "symbols": ["A", "B"]}},
        {"name": "key", "type": {"type": "string", "logicalType": "uuid"}},
    ],
}


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz"])
def test_avro_reads_each_record_once(one: One, load: Load, codec: str) -> None:
    import fastavro

    records = [
        {
            "id": i,
            "mail": None if i % 3 else f"u{i}@example.org",
            "either": i if i % 2 else "text",
            "scores": {"a": i},
            "born": dt.date(1990, 1, 1),
            "seen": dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
            "paid": decimal.Decimal("12.34"),
            "boss": {"name": "Ann", "boss": {"name": "Bob", "boss": None}},
            "tags": ["x", "y"],
            "kind": "B",
            "key": uuid.UUID(int=i),
        }
        for i in range(2000)
    ]
    sink = io.BytesIO()
    fastavro.writer(sink, AVRO, records, codec=codec, sync_interval=3000)
    dataset = one("a.avro", sink.getvalue(), Selection(split_bytes=8000))
    assert len(dataset.splits) > 1
    table = load(dataset)
    assert table["id"].to_pylist() == list(range(2000))
    row = table.slice(3, 1).to_pylist()[0]
    assert row["mail"] == "u3@example.org"
    assert row["either"] == "3"
    assert row["scores"] == [("a", 3)]
    assert row["boss"] == {"name": "Ann", "boss": '{"name":"Bob","boss":null}'}
    assert (row["paid"], row["kind"], row["key"]) == ("12.34", "B", str(uuid.UUID(int=3)))
    assert load(dataset, ReadRequest(columns=("mail",))).column_names == ["mail"]


def test_excel_each_sheet_is_a_table(tmp_path: Path, scan: Scan, load: Load) -> None:
    people: list[list[str | float]] = [["id", "name", "score"], [1, "Ann", 1.5], [2, "Bob", 2]]
    cities: list[list[str | float]] = [["city", "zip"], ["Bonn", "01234"], ["Köln", 50667]]
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook(("Empty", []), ("People", people), ("Cities", cities)))
    datasets, failures = scan(path)
    assert not failures
    assert [d.uri for d in datasets] == [str(path), f"{path}!/Cities"]
    first, second = (load(d) for d in datasets)
    assert first.to_pylist() == [
        {"id": 1, "name": "Ann", "score": 1.5},
        {"id": 2, "name": "Bob", "score": 2.0},
    ]
    assert second.to_pylist()[1] == {"city": "Köln", "zip": "50667"}


def test_a_sparse_sheet_does_not_fill_memory(tmp_path: Path, scan: Scan) -> None:
    huge = workbook(("S", [["id"], [1.0]])).replace(b"A2", b"A2")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(huge)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info).replace(
                b'<row r="2"><c r="A2"', b'<row r="1048576"><c r="XFD1048576"'
            )
            new.writestr(info.filename, data)
    (tmp_path / "huge.xlsx").write_bytes(out.getvalue())
    _, failures = scan(tmp_path)
    assert [f.error.kind for f in failures] == ["LimitExceeded"]
