"""Small Parquet files, whose plain strings another reader decodes: they are the same strings."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakescan.connectors import Dataset, ReadRequest, read
from lakescan.connectors.formats.parquet_strings import read_whole
from lakescan.errors import CorruptFileError

One = Callable[..., Dataset]
ROWS = 6000
NOTES = [None if i % 7 == 0 else f"Grüße aus Łódź {i} \x00🙂 " * (i % 9) for i in range(ROWS)]
TABLE = pa.table(
    {
        "id": range(ROWS),
        "note": NOTES,
        "few": [("a", "b", None)[i % 3] for i in range(ROWS)],
        "large": pa.array(NOTES, pa.large_string()),
        "none": pa.array([None] * ROWS, pa.string()),
        "body": [hashlib.shake_128(b"%d" % i).hexdigest(200) for i in range(ROWS)],
        "nested": [{"note": note} for note in NOTES],
    }
).append_column(
    pa.field("required", pa.string(), nullable=False), [pa.array([""] * ROWS, pa.string())]
)


def parquet(table: pa.Table, **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, use_dictionary=["few"], **options)
    return sink.getvalue()


def whole(data: bytes, columns: list[str]) -> pa.Table | None:
    file = pa.BufferReader(data)
    return read_whole(file, pq.ParquetFile(file), columns, [])


@pytest.mark.parametrize("codec", ["none", "snappy", "zstd", "lz4", "brotli"])
@pytest.mark.parametrize("encoding", ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_each_column_of_a_small_file_is_as_pyarrow_has_it(codec: str, encoding: str) -> None:
    data = parquet(
        TABLE,
        compression=codec,
        column_encoding={"note": encoding, "body": encoding},
        row_group_size=2500,
    )
    found = whole(data, TABLE.schema.names)
    assert found is not None
    found.validate(full=True)
    assert found.schema == TABLE.schema
    assert found.equals(TABLE)


def test_only_the_wanted_columns_are_read_in_the_order_of_the_file() -> None:
    found = whole(parquet(TABLE), ["id", "note", "body"])
    assert found is not None
    assert found.equals(TABLE.select(["id", "note", "body"]))


def test_what_the_strings_are_a_small_part_of_is_left_to_pyarrow() -> None:
    assert whole(parquet(TABLE), ["id", "few"]) is None
    assert whole(parquet(TABLE), []) is None


def test_changed_bytes_under_gzip_are_told(one: One) -> None:
    data = bytearray(parquet(pa.table({"body": TABLE["body"]}), compression="gzip"))
    chunk = pq.read_metadata(io.BytesIO(data)).row_group(0).column(0)
    end = chunk.data_page_offset + chunk.total_compressed_size
    data[end - 8] ^= 1  # of the last page's checksum (RFC 1952, "CRC32")
    (split,) = one("a.parquet", bytes(data)).splits
    with pytest.raises(CorruptFileError):
        list(read(split))


def test_bytes_that_are_no_utf8_are_read_as_before(one: One) -> None:
    octets = pa.array([b"%0400d" % i + b"\xff" * (i == 9) for i in range(ROWS)])
    texts = pa.Array.from_buffers(pa.string(), ROWS, octets.buffers())
    (split,) = one("a.parquet", parquet(pa.table({"body": texts}))).splits
    cells = [cell for batch in read(split) for cell in batch.column(0).to_pylist()]
    assert cells[9] == f"{9:0400d}\ufffd"
    assert [cell for n, cell in enumerate(cells) if n != 9] == [
        f"{n:0400d}" for n in range(ROWS) if n != 9
    ]


def test_a_small_file_comes_in_one_batch_however_its_rows_are_grouped(one: One) -> None:
    (split,) = one("a.parquet", parquet(TABLE, row_group_size=500)).splits
    assert [batch.num_rows for batch in read(split)] == [ROWS]
    (first,) = read(split, ReadRequest(max_rows=10))
    assert first.num_rows == 10
