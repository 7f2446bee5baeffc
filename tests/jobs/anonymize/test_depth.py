"""Documents within documents: all that is found is treated, or nothing is written."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.errors import LimitExceededError

POLICY = "{accuracy_mode: patterns, anonymize: {default: replace}}"


def nested(levels, number):
    value = {"mail": f"ann{number}@example.org"}
    for _ in range(levels):
        value = {"a": value}
    return value


def write(path, levels):
    rows = [nested(levels, number) for number in range(20)]
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".csv":
        texts = [json.dumps(row).replace('"', '""') for row in rows]
        path.write_text("id,doc\n" + "".join(f'{n},"{text}"\n' for n, text in enumerate(texts)))
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_what_lies_deep_is_found_and_treated(tmp_path, form):
    source = write(tmp_path / f"deep.{form}", levels=60)
    lakescan.anonymize(source, tmp_path / "out", lakescan.Policy.parse(POLICY))
    made = (tmp_path / "out" / source.name).read_bytes()
    if form == "parquet":
        made = str(pq.read_table(tmp_path / "out" / source.name).to_pylist()).encode()
    assert made.count(b"<EMAIL_ADDRESS>") == 20
    assert b"@example.org" not in made


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_lies_too_deep_is_found_and_nothing_written(tmp_path, form):
    source = write(tmp_path / f"deep.{form}", levels=150)
    policy = lakescan.Policy.parse(POLICY)
    (dataset,) = lakescan.scan(source, policy).value.datasets
    assert any("EMAIL_ADDRESS" in repr(column) for column in dataset.columns)
    with pytest.raises(LimitExceededError, match=rf"deep\.{form}: a document is nested deeper"):
        lakescan.anonymize(source, tmp_path / "out", policy)
    assert not list((tmp_path / "out").rglob("deep*"))
