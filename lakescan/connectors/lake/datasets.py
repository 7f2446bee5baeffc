"""A lake table's data files -> one dataset, and a data file's batches -> the table's columns."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import orjson
import pyarrow as pa

from lakescan.connectors.lake.delta import DeltaFile, DeltaSnapshot
from lakescan.connectors.model import Dataset, Split
from lakescan.connectors.shelf import Found, Shelf, ShelvedSplits, splits_of

#: Options of a split's format: the table's columns, and what of the file is the table.
SCHEMA, OPTION = "lake_schema", "lake"
_PUT = 1024


def lake_dataset(snapshot: DeltaSnapshot, uri: str, members: Iterable[Found]) -> Dataset:
    """The dataset of a version of a table, of its files in order."""
    first = next(iter(snapshot.files.values()), None)
    partitions = [] if first is None else [name for name, _ in first.partitions]
    plain = pa.schema([field for field in snapshot.schema if field.name not in partitions])
    shelf = Shelf()
    count = size = 0
    left = iter(members)
    while some := list(islice(left, _PUT)):
        shelf.put(some)
        count += sum(_pieces(snapshot, one) for one in some)
        size += sum(one.file.size for one in some)
    own = partitions if count else []
    return Dataset(
        uri,
        "delta",
        str(snapshot.version),
        LakeSplits(shelf, count, snapshot, plain),
        pa.schema([*plain, *(pa.field(name, pa.string()) for name in own)]),
        partitions=tuple(own),
        size=size,
    )


class LakeSplits(ShelvedSplits):
    """The splits of a version of a table, made as they are gone through.

    Args:
        shelf: has its files, and nothing else.
        count: of the splits.
        snapshot: the version.
        plain: its columns that stand in files.
    """

    def __init__(self, shelf: Shelf, count: int, snapshot: DeltaSnapshot, plain: pa.Schema) -> None:
        super().__init__(shelf, 0, count)
        self._shelved = shelf
        self._snapshot = snapshot
        self._schema = base64.b64encode(plain.serialize().to_pybytes()).decode()

    def __iter__(self) -> Iterator[Split]:
        for _, _, one in self._shelved.sorted():
            file = self._snapshot.files[one.file.uri]
            own = orjson.dumps([file.partitions, _packed(file)]).decode()
            kind = one.layout.format
            lake = replace(kind, options=(*kind.options, (SCHEMA, self._schema), (OPTION, own)))
            if file.kept is not None:  # rows are counted from the file's beginning
                yield Split(one.uri, one.file.version, lake, size=one.file.size)
                continue
            for split in splits_of(one):
                yield replace(split, format=lake)


def _pieces(snapshot: DeltaSnapshot, one: Found) -> int:
    return 1 if snapshot.files[one.file.uri].kept is not None else len(one.layout.pieces)


def aligned(split: Split, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """A file's batches with the table's columns in their order, without the rows deleted."""
    _, deleted = orjson.loads(split.format.option(OPTION))
    schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(split.format.option(SCHEMA))))
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
    pairs, _ = orjson.loads(split.format.option(OPTION))
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
