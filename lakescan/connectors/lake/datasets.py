"""A lake table's data files -> one dataset, and a data file's batches -> the table's columns."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import orjson
import pyarrow as pa

from lakescan.connectors.lake.delta import DeltaFile, DeltaSnapshot
from lakescan.connectors.model import Dataset, Split
from lakescan.connectors.shelf import Found

#: The option of a split's format that says what of the file is the table.
OPTION = "lake"


def lake_dataset(snapshot: DeltaSnapshot, uri: str, members: Sequence[Found]) -> Dataset:
    """The dataset of a version of a table, of its files in order."""
    own = [name for name, _ in next(iter(snapshot.files.values())).partitions] if members else []
    plain = pa.schema([field for field in snapshot.schema if field.name not in own])
    packed = base64.b64encode(plain.serialize().to_pybytes()).decode()
    splits: list[Split] = []
    for one in members:
        file = snapshot.files[one.file.uri]
        option = orjson.dumps([packed, file.partitions, _packed(file)]).decode()
        kind = one.layout.format
        lake = replace(kind, options=(*kind.options, (OPTION, option)))
        pieces = one.layout.pieces
        if file.kept is not None:  # rows are counted from the file's beginning
            whole = Split(one.uri, one.file.version, lake, size=one.file.size)
            splits.append(whole)
            continue
        splits.extend(
            Split(
                one.uri, one.file.version, lake, p.start, p.stop, p.unit, p.size, p.rows
            )
            for p in pieces
        )  # fmt: skip
    return Dataset(
        uri,
        "delta",
        str(snapshot.version),
        tuple(splits),
        pa.schema([*plain, *(pa.field(name, pa.string()) for name in own)]),
        partitions=tuple(own),
        size=sum(one.file.size for one in members),
    )


def aligned(split: Split, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """A file's batches with the table's columns in their order, without the rows deleted."""
    packed, _, deleted = orjson.loads(split.format.option(OPTION))
    schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(packed)))
    kept = _unpacked(deleted)
    at = 0
    for batch in batches:
        names = set(batch.schema.names)
        columns = [
            _as(batch.column(field.name), field.type)
            if field.name in names
            else pa.nulls(batch.num_rows, field.type)
            for field in schema
        ]
        rows = pa.RecordBatch.from_arrays(columns, names=schema.names)
        if kept is not None:
            mask = np.ones(batch.num_rows, dtype=bool)
            told = kept[at : at + batch.num_rows]
            mask[: len(told)] = told  # rows past the vector's end are all there
            rows = rows.filter(pa.array(mask))
        at += batch.num_rows
        yield rows


def _as(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """A column in the table's type, which older files may have another of; dictionaries stay."""
    if array.type == kind or pa.types.is_dictionary(array.type):
        return array
    return array.cast(kind)


def lake_partitions(split: Split) -> tuple[tuple[str, str | None], ...]:
    """The file's partition values, as the table's log has them."""
    _, pairs, _ = orjson.loads(split.format.option(OPTION))
    return tuple((key, value) for key, value in pairs)


def _packed(file: DeltaFile) -> str:
    if file.kept is None:
        return ""
    bits = np.packbits(file.kept.to_numpy(zero_copy_only=False))
    size = len(file.kept).to_bytes(8, "little")
    return base64.b64encode(size + zlib.compress(bits.tobytes(), 9)).decode()


def _unpacked(text: str) -> np.ndarray | None:
    if not text:
        return None
    data = base64.b64decode(text)
    bits = np.frombuffer(zlib.decompress(data[8:]), dtype=np.uint8)
    return np.unpackbits(bits, count=int.from_bytes(data[:8], "little")).astype(bool)
