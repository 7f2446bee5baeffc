"""What is written is what was read: values, types, nulls, order, and the file's own style."""

from __future__ import annotations

import bz2
import codecs
import datetime as dt
import gzip
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import fastavro
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import orc

from lakescan.connectors import Dataset, FileFormat, Selection, discover, read
from lakescan.connectors.sinks import Origin, Target, sink_for
from lakescan.connectors.sinks.writers import EXTENSIONS, WRITABLE, Draft, open_writer
from lakescan.errors import UnknownNameError, UnsupportedError

HYPOTHESIS = settings(max_examples=40)
#: What a cell of a delimited file can be: no NUL, no line end that parsers fold, not empty (null).
CELLS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
    st.text("a\"',;|\t\\# \n", min_size=1, max_size=8),
)


def rows_of(folder: Path, selection: Selection | None = None) -> pa.Table:
    """All rows of the one dataset in a folder, without dictionaries."""
    (dataset,) = [one for one in discover(str(folder), selection) if isinstance(one, Dataset)]
    tables = [pa.Table.from_batches([batch]) for split in dataset.splits for batch in read(split)]
    if not tables:
        return pa.table([pa.array([], f.type) for f in dataset.schema], dataset.schema)
    table = pa.concat_tables(tables, promote_options="permissive").combine_chunks()
    for index, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            plain = table.column(index).cast(field.type.value_type)
            table = table.set_column(index, field.name, plain)
    return table


@pytest.fixture
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Path, Path]]:
    """Write a file, and copy it through the sink: both folders."""

    def run(
        name: str, data: bytes, selection: Selection | None = None, **how: object
    ) -> tuple[Path, Path]:
        root = tmp_path_factory.mktemp("copied")
        (root / "in").mkdir()
        (root / "in" / name).write_bytes(data)
        sink = sink_for(str(root))
        transaction = sink.begin(Target(str(root / "out"), "r1", **how))
        origin = Origin(str(root / "in"))
        found = [d for d in discover(origin.uri, selection) if isinstance(d, Dataset)]
        (unit,) = [u for d in found for u in sink.plan(transaction, d, origin)]
        staged = sink.stage(transaction, unit, (b for s in unit.splits for b in read(s)))
        sink.commit(transaction, [staged])
        return root / "in", root / "out"

    return run


TYPED = pa.table(
    {
        "text": pa.array(["å\U0001f600\u0301", None, ""]),
        "whole": pa.array([1, None, -(2**62)], pa.int64()),
        "small": pa.array([1, None, 3], pa.int32()),
        "real": pa.array([0.5, None, float("inf")]),
        "truth": pa.array([True, None, False]),
        "price": pa.array([Decimal("1.50"), None, Decimal("-99.99")], pa.decimal128(8, 2)),
        "day": pa.array([dt.date(1969, 12, 31), None, dt.date(2024, 2, 29)]),
        "at": pa.array([dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC), None, None], pa.timestamp("us", "UTC")),
        "local": pa.array([dt.datetime(2024, 1, 1, 12, 0, 0, 5), None, None], pa.timestamp("us")),
        "raw": pa.array([b"\xff\x00", None, b""]),
        "tags": pa.array([["a", None], None, []], pa.list_(pa.string())),
        "home": pa.array([{"city": "x", "zip": None}, None, {"city": None, "zip": 7}]),
    }
)  # fmt: skip


def parquet_bytes(table: pa.Table, **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def test_parquet_keeps_types_codecs_and_row_groups(copied: Callable) -> None:
    table = pa.concat_tables([TYPED] * 30)
    codecs = {f"{n}": "gzip" for n in table.column_names if n not in ("tags", "home")}
    data = parquet_bytes(
        table, row_group_size=40, compression=codecs | {"tags.list.element": "snappy"}
    )
    before, after = copied("t.parquet", data)
    assert rows_of(after).equals(rows_of(before))
    old, new = (pq.read_metadata(folder / "t.parquet") for folder in (before, after))
    assert [new.row_group(i).num_rows for i in range(new.num_row_groups)] == [40, 40, 10]
    assert [new.row_group(0).column(i).compression for i in range(new.num_columns)] == [
        old.row_group(0).column(i).compression for i in range(old.num_columns)
    ]
    assert new.schema.to_arrow_schema().remove_metadata() == old.schema.to_arrow_schema()


def test_parquet_keeps_categories_and_what_pandas_says_of_types_alone(copied: Callable) -> None:
    table = pa.table({"c": pa.array(["a", "b", None] * 50).dictionary_encode(), "n": range(150)})
    noted = table.replace_schema_metadata({"pandas": "{}", "note": "Ann's file"})
    _, after = copied("t.parquet", parquet_bytes(noted))
    schema = pq.read_schema(after / "t.parquet")
    assert pa.types.is_dictionary(schema.field("c").type)
    assert set(schema.metadata) == {b"pandas"}


def test_parquet_without_rows(copied: Callable) -> None:
    before, after = copied("t.parquet", parquet_bytes(TYPED.slice(0, 0)))
    assert pq.read_schema(after / "t.parquet") == pq.read_schema(before / "t.parquet")


def test_parquet_of_spark_keeps_its_timestamps(copied: Callable) -> None:
    table = pa.table({"at": pa.array([dt.datetime(2024, 1, 1)], pa.timestamp("ns"))})
    _, after = copied("t.parquet", parquet_bytes(table, use_deprecated_int96_timestamps=True))
    assert pq.read_metadata(after / "t.parquet").schema.column(0).physical_type == "INT96"


@pytest.mark.parametrize("codec", ["zlib", "zstd", "uncompressed", "snappy"])
def test_orc(copied: Callable, codec: str) -> None:
    sink = io.BytesIO()
    orc.write_table(TYPED, sink, compression=codec)
    before, after = copied("t.orc", sink.getvalue())
    assert rows_of(after).equals(rows_of(before))
    assert orc.ORCFile(after / "t.orc").compression.lower() == codec


@pytest.mark.parametrize("codec", [None, "lz4", "zstd"])
@pytest.mark.parametrize("kind", ["file", "stream"])
def test_arrow(copied: Callable, codec: str | None, kind: str) -> None:
    words = pa.array(["a", "b", None]).dictionary_encode()
    table = pa.concat_tables([TYPED.append_column("c", words)] * 3)
    sink = io.BytesIO()
    make = pa.ipc.new_file if kind == "file" else pa.ipc.new_stream
    with make(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=codec)) as writer:
        writer.write_table(table)
    before, after = copied("t.arrow", sink.getvalue())
    assert rows_of(after).equals(rows_of(before))
    data = (after / "t.arrow").read_bytes()
    assert data.startswith(b"ARROW1") == (kind == "file")
    if codec is None:
        assert data == sink.getvalue()
    else:
        assert (codec == "lz4") == (b"\x04\x22\x4d\x18" in data)  # the magic number of LZ4 frames


def test_arrow_dictionaries_may_differ_from_batch_to_batch() -> None:
    batches = [
        pa.record_batch({"c": pa.array(words).dictionary_encode()})
        for words in (["x", "y"], ["z", None, "y"], ["x"])
    ]
    sink = pa.BufferOutputStream()
    writer = open_writer(sink, Draft(FileFormat("arrow"), batches[0].schema))
    for batch in batches:
        writer.write(batch)
    writer.close()
    table = pa.ipc.open_file(sink.getvalue()).read_all()
    assert table.column("c").to_pylist() == ["x", "y", "z", None, "y", "x"]


AVRO = {
    "type": "record",
    "name": "Person",
    "namespace": "org.example",
    "fields": [
        {"name": "id", "type": "long", "doc": "the key"},
        {"name": "name", "type": ["null", "string"], "default": None},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
        {"name": "seen", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "extra", "type": {"type": "map", "values": "long"}},
        {"name": "home", "type": ["null", {"type": "record", "name": "Home", "fields": [{"name": "zip", "type": "string"}]}]},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
        {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2}},
    ],
}  # fmt: skip


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz"])
def test_avro(copied: Callable, codec: str) -> None:
    records = [
        {
            "id": i, "name": None if i % 3 else f"n{i}", "born": dt.date(1990, 1, 1 + i % 28),
            "seen": dt.datetime(2024, 1, 1, tzinfo=dt.UTC) if i % 2 else None, "tags": ["a", "b"][: i % 3],
            "extra": {"k": i}, "home": {"zip": "04103"} if i % 2 else None, "kind": "A",
            "price": Decimal("1.50"),
        }
        for i in range(5000)
    ]  # fmt: skip
    sink = io.BytesIO()
    fastavro.writer(sink, AVRO, records, codec=codec)
    before, after = copied("t.avro", sink.getvalue())
    assert rows_of(after).equals(rows_of(before))
    with (after / "t.avro").open("rb") as file:
        reader = fastavro.reader(file)
        schema = reader.writer_schema
    assert reader.codec == codec
    assert schema["name"] == "org.example.Person"
    fields = {field["name"]: field for field in schema["fields"]}
    assert fields["id"]["type"] == "long"
    assert fields["id"]["doc"] == "the key"
    assert fields["born"]["type"]["logicalType"] == "date"
    assert fields["kind"]["type"] == "string"  # its values may be others now
    assert fields["price"]["type"] == "string"


def test_avro_of_any_arrow_type(tmp_path: Path) -> None:
    sink = pa.BufferOutputStream()
    writer = open_writer(sink, Draft(FileFormat("avro"), TYPED.schema))
    writer.write(TYPED.combine_chunks().to_batches()[0])
    writer.close()
    (tmp_path / "t.avro").write_bytes(sink.getvalue())
    table = rows_of(tmp_path)
    assert table.drop(["price"]).equals(TYPED.drop(["price"]))
    assert table.column("price").to_pylist() == ["1.50", None, "-99.99"]
    with pytest.raises(UnsupportedError, match="cannot hold"):
        open_writer(
            pa.BufferOutputStream(), Draft(FileFormat("avro"), pa.schema({"a": pa.uint64()}))
        )


def test_a_type_that_a_format_has_not_is_named() -> None:
    schema = pa.schema({"a": pa.month_day_nano_interval()})
    with pytest.raises(UnsupportedError, match=r"parquet cannot hold .*month_day_nano_interval"):
        open_writer(pa.BufferOutputStream(), Draft(FileFormat("parquet"), schema))


@HYPOTHESIS
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=20),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    escape=st.sampled_from(["", "\\"]),
    quote=st.sampled_from(['"', "'"]),
)
def test_csv_holds_any_cell(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str | None, ...]],
    delimiter: str,
    escape: str,
    quote: str,
) -> None:
    """Our own reader, told the dialect, gives back every cell, in order."""
    options = {
        "delimiter": delimiter,
        "escape": escape,
        "quote": quote,
        "header": "true",
        "encoding": "utf-8",
    }
    columns = [pa.array([row[i] for row in rows], pa.string()) for i in range(3)]
    table = pa.table(columns, names=["a", "b", "c"])
    sink = pa.BufferOutputStream()
    writer = open_writer(
        sink, Draft(FileFormat("csv", tuple(sorted(options.items()))), table.schema)
    )
    for batch in table.to_batches():
        writer.write(batch)
    writer.close()
    folder = tmp_path_factory.mktemp("csv")
    (folder / "t.csv").write_bytes(sink.getvalue())
    again = rows_of(folder, Selection(format="csv", options={**options, "skip": "0"}))
    assert again.to_pylist() == table.to_pylist()


CSV = "id;name;note\n" + "".join(f'{i};Ann Ö{i};"a;b ""c"""\n' for i in range(300))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", CSV.encode()),
        ("t.csv", codecs.BOM_UTF8 + CSV.encode()),
        ("t.csv", CSV.encode("cp1252")),
        ("t.csv", codecs.BOM_UTF16_LE + CSV.encode("utf-16-le")),
        ("t.csv", CSV.replace("\n", "\r\n").encode()),
        ("t.csv.gz", gzip.compress(CSV.encode())),
        ("t.csv.bz2", bz2.compress(CSV.encode())),
        ("t.csv", "".join(f"{i},1.5,x\n" for i in range(50)).encode()),
        ("ssn.csv", b"ssn\n" + b"".join(b"078-05-%04d\n" % i for i in range(50)) + b'""\n'),
        ("t.txt", "".join(f"line {i} of a text, ö\n" for i in range(50)).encode("latin-1")),
    ],
    ids=["utf-8", "mark", "cp1252", "utf-16", "crlf", "gzip", "bzip2", "no-header", "single", "text"],
)  # fmt: skip
def test_text_keeps_its_style(copied: Callable, name: str, data: bytes) -> None:
    before, after = copied(name, data)
    assert rows_of(after).equals(rows_of(before))
    written = (after / name).read_bytes()
    unpack = {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(Path(name).suffix, bytes)
    assert unpack(written) == unpack(data)


def test_a_character_that_an_encoding_has_not(copied: Callable) -> None:
    unfit = pa.record_batch({"name": ["Zoë", "\u4e2d"]})
    draft = Draft(FileFormat("csv", (("encoding", "cp1252"),)), unfit.schema, uri="t.csv")
    with pytest.raises(UnsupportedError, match="has characters that cp1252 has not") as error:
        open_writer(pa.BufferOutputStream(), draft).write(unfit)
    assert "\u4e2d" not in str(error.value)
    _, after = copied("t.csv", CSV.encode("cp1252"), options={"encoding": "utf-8"})
    assert (after / "t.csv").read_bytes() == CSV.encode()


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=8)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@HYPOTHESIS
@given(records=st.lists(st.fixed_dictionaries({"a": st.text(max_size=8), "b": st.integers(0, 9), "c": st.dictionaries(st.sampled_from("xyz"), st.text(max_size=4), min_size=1), "d": st.lists(st.none() | st.floats(-1e6, 1e6, allow_nan=False))}), min_size=1, max_size=20))  # fmt: skip
def test_json_lines(copied: Callable, records: list[dict[str, object]]) -> None:
    data = b"".join(orjson.dumps(record) + b"\n" for record in records)
    before, after = copied("t.jsonl", data)
    assert rows_of(after).equals(rows_of(before))
    assert len((after / "t.jsonl").read_bytes().splitlines()) == len(records)


def test_json_values_that_have_no_one_type(copied: Callable) -> None:
    lines = [
        {"x": {"a": 1}, "y": [1, "b", {"c": None}], "z": True, "k": {"ann@x.org": {"n": 1}}},
        {"x": "word", "y": [[2.5]], "z": 12, "k": {"bob@x.org": {"n": 2}, "eve@x.org": {"n": 3}}},
        {"x": [1, 2], "y": [], "z": None, "k": {}},
    ]
    data = b"".join(orjson.dumps(line) + b"\n" for line in lines)
    _, after = copied("t.jsonl", data)
    made = [orjson.loads(line) for line in (after / "t.jsonl").read_bytes().splitlines()]
    lines[0]["y"][0] = "1"  # beside strings, only objects and arrays are told from texts
    assert made == lines
    for form, data in (
        ("jsonl", b'{"4711":1,"0815":{"a":"b"}}\n'),
        ("json", b'{"4711":{"a":"b"}}'),
    ):
        before, after = copied(f"t.{form}", data)
        made, whole = (orjson.loads((at / f"t.{form}").read_bytes()) for at in (after, before))
        assert made == (whole if form == "jsonl" else [whole])


def test_a_json_document(copied: Callable) -> None:
    before, after = copied("t.json", b'[{"a": 1, "b": {"c": "x\\ny"}}, {"a": 2, "b": null}]')
    assert rows_of(after).equals(rows_of(before))
    assert (after / "t.json").read_bytes().startswith(b"[\n")
    empty = pa.BufferOutputStream()
    open_writer(empty, Draft(FileFormat("json"), TYPED.schema.remove(9))).close()
    assert empty.getvalue().to_pybytes() == b"[]\n"


@pytest.mark.parametrize("name", [n for n in WRITABLE if n != "text"])
def test_every_format_takes_what_parquet_holds(copied: Callable, name: str) -> None:
    _, after = copied("t.parquet", parquet_bytes(TYPED.drop(["raw"])), format=name)
    (file,) = [p for p in after.iterdir() if p.is_file() and p.name != "_SUCCESS"]
    assert file.name == f"t.{EXTENSIONS[name].strip('.')}"
    table = rows_of(after)
    assert table.column_names == TYPED.drop(["raw"]).column_names
    if name not in ("csv", "excel"):  # a sheet's numbers are doubles
        assert table.column("whole").to_pylist() == TYPED.column("whole").to_pylist()
    assert table.column("text").to_pylist()[:2] == TYPED.column("text").to_pylist()[:2]


def test_columns_that_change_within_a_file(copied: Callable, tmp_path: Path) -> None:
    sink = sink_for(str(tmp_path))
    transaction = sink.begin(Target(str(tmp_path / "out"), "r1"))
    (tmp_path / "t.csv").write_text("id,name\n" + "1,x\n" * 9)
    origin = Origin(str(tmp_path / "t.csv"))
    (dataset,) = discover(origin.uri)
    (unit,) = sink.plan(transaction, dataset, origin)
    wider = [
        pa.record_batch({"id": ["1"], "name": ["2"]}),
        pa.record_batch({"id": ["1"], "name": ["2"], "z": ["3"]}),
    ]
    with pytest.raises(UnsupportedError, match="columns change within the file"):
        sink.stage(transaction, unit, wider)
    lossy = [
        pa.record_batch({"id": [1], "name": [2]}),
        pa.record_batch({"id": [1.5], "name": [2.0]}),
    ]
    with pytest.raises(UnsupportedError) as error:
        sink.stage(transaction, unit, lossy)
    assert "1.5" not in str(error.value)
    fewer = [pa.record_batch({"id": ["1"], "name": ["2"]}), pa.record_batch({"name": ["9"]})]
    sink.commit(transaction, [sink.stage(transaction, unit, fewer)])
    assert (tmp_path / "out" / "t.csv").read_text() == "id,name\n1,2\n,9\n"


def test_a_format_that_nobody_writes() -> None:
    with pytest.raises(UnknownNameError, match="format to write"):
        open_writer(pa.BufferOutputStream(), Draft(FileFormat("word"), TYPED.schema))
