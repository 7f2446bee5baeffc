"""JSON Lines and JSON documents."""

from __future__ import annotations

import json
from collections.abc import Callable

import pyarrow as pa
import pytest

from lakescan.connectors import Dataset, ReadRequest, Selection, read
from lakescan.errors import CorruptFileError

One = Callable[..., Dataset]
Load = Callable[..., pa.Table]

RECORDS = [
    {"id": i, "when": "2024-01-02T03:04:05", "who": {"mail": f"u{i}@example.org"}, "tags": ["a"]}
    for i in range(300)
]


def lines(records: list[dict[str, object]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_lines_nest_and_strings_stay_strings(one: One, load: Load) -> None:
    dataset = one("a.jsonl", lines(RECORDS))
    table = load(dataset)
    assert table.to_pylist() == RECORDS
    assert table.schema.field("when").type == pa.string()
    assert pa.types.is_struct(table.schema.field("who").type)
    assert load(dataset, ReadRequest(columns=("id",))).column_names == ["id"]


def test_fields_may_be_missing_or_new_or_of_another_type(one: One, load: Load) -> None:
    records = [*RECORDS, {"id": "x7", "late": 1, "tags": None}, {"who": "nobody"}]
    table = load(one("a.jsonl", lines(records)))
    assert table.num_rows == 302
    assert table["id"].to_pylist()[-3:] == ["299", "x7", None]
    assert table["who"].to_pylist()[-1] == "nobody"
    assert json.loads(table["who"].to_pylist()[0]) == {"mail": "u0@example.org"}
    assert table["late"].to_pylist()[-2:] == [1, None]


def test_byte_ranges_read_each_record_once(one: One, load: Load) -> None:
    dataset = one("a.jsonl", lines(RECORDS), Selection(split_bytes=2000))
    assert len(dataset.splits) > 5
    assert load(dataset)["id"].to_pylist() == list(range(300))


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_is_its_records(one: One, load: Load, indent: int | None) -> None:
    table = load(one("a.json", json.dumps(RECORDS, indent=indent)))
    assert table.to_pylist() == RECORDS


def test_what_wraps_the_records_is_kept(one: One, load: Load) -> None:
    wrapped = {"answer": {"mail": "x@example.org", "docs": RECORDS}, "id": 7}
    first, *others = load(one("a.json", json.dumps(wrapped))).to_pylist()
    nothing = {"mail": None, "id.": None}
    assert first == {**RECORDS[0], "mail": "x@example.org", "id.": 7}
    assert others == [{**record, **nothing} for record in RECORDS[1:]]
    two = {"users": [{"a": 1}], "orders": [{"b": 2}]}
    assert load(one("b.json", json.dumps(two))).to_pylist() == [two]


def test_objects_keyed_by_values_stay_text(one: One, load: Load) -> None:
    records = [{"id": i, "by_mail": {f"u{i}.{j}@x.org": j for j in range(5)}} for i in range(500)]
    table = load(one("a.jsonl", lines(records)))
    assert table.schema.field("by_mail").type == pa.string()
    assert json.loads(table["by_mail"][400].as_py()) == records[400]["by_mail"]
    keyed = load(one("b.jsonl", lines([{f"key{i}": {"a": i}} for i in range(500)])))
    assert keyed.column_names == ["column_0"]
    assert keyed.num_rows == 500


def test_broken_lines_are_told_after_the_others(one: One) -> None:
    dataset = one("a.jsonl", lines(RECORDS) + '{"id": 300, "wh')
    rows = 0
    with pytest.raises(CorruptFileError, match="1 line is no JSON"):
        for batch in read(dataset.splits[0]):
            rows += batch.num_rows
    assert rows == 300


def test_other_documents(one: One, load: Load) -> None:
    by_key = {"ann": {"age": 1}, "bob": {"age": 2}}
    assert load(one("k.json", json.dumps(by_key))).to_pylist() == [
        {"age": 1, "key": "ann"},
        {"age": 2, "key": "bob"},
    ]
    rows = load(one("r.json", json.dumps([["a", 1], ["b", 2]])))
    assert rows.to_pylist() == [{"column_0": "a", "column_1": 1}, {"column_0": "b", "column_1": 2}]
    assert load(one("v.json", '["x", "y"]'))["column_0"].to_pylist() == ["x", "y"]
    assert load(one("o.json", '{"a": 1, "b": {"c": "x"}}')).to_pylist() == [
        {"a": 1, "b": {"c": "x"}}
    ]


def test_lines_under_the_name_of_a_document(one: One, load: Load) -> None:
    dataset = one("a.json", lines(RECORDS))
    assert dataset.format == "jsonl"
    assert load(dataset).num_rows == 300


def test_text_in_another_encoding(one: One, load: Load) -> None:
    data = lines(RECORDS).encode() + b'{"id": 300, "when": "caf\xe9"}\n'
    assert load(one("a.jsonl", data))["when"].to_pylist()[-1] == "café"
