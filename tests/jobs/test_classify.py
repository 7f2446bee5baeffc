"""``classify``: a path, bytes, a stream."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.errors import NotFoundError

CSV = b"email,phone\n" + b"".join(b"u%d@example.com,202-555-01%02d\n" % (n, n) for n in range(30))


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"email": [f"u{n}@example.com" for n in range(30)]}), sink)
    return sink.getvalue()


@pytest.mark.parametrize("data", [CSV, parquet()], ids=["csv", "parquet"])
@pytest.mark.parametrize("wrap", [bytes, io.BytesIO], ids=["bytes", "stream"])
def test_bytes_and_streams_are_recognized_by_their_content(data, wrap):
    result = lakescan.classify(wrap(data))
    (dataset,) = result.value.datasets
    assert dataset.uri == "-"
    assert dataset.rows_scanned == 30
    assert dataset.columns[0].classifications[0].entity == "EMAIL_ADDRESS"


def test_a_path_may_be_a_string_or_a_path(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(CSV)
    assert lakescan.classify(path).value.datasets == lakescan.classify(str(path)).value.datasets


def test_a_stream_that_cannot_be_read_says_so_without_naming_a_temporary_file():
    result = lakescan.classify(b"PAR1 this is none PAR1")
    assert result.status == "failed"
    assert result.errors[0].uri == "-"
    assert "lakescan-" not in result.errors[0].message


def test_a_file_that_is_not_there_raises(tmp_path):
    with pytest.raises(NotFoundError):
        lakescan.classify(tmp_path / "none.csv")
