"""Columns as they are written: one schema for all batches of a file."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from lakescan.errors import UnsupportedError


def written_schema(first: pa.Schema, source: pa.Schema | None) -> pa.Schema:
    """The schema of the output: the first batch's, without what is the reader's own doing.

    A reader may give text as a dictionary; it becomes what the source says: a dictionary, or text
    with offsets of 32 or 64 bits.
    """
    fields = []
    for field in first:
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind = _source_type(field.name, kind.value_type, source) or kind.value_type
        fields.append(field.with_type(kind))
    return pa.schema(fields)


def _source_type(name: str, kind: pa.DataType, source: pa.Schema | None) -> pa.DataType | None:
    """The type that the source has under that name for values of ``kind``."""
    found = source.get_all_field_indices(name) if source is not None else []
    if source is None or len(found) != 1:
        return None
    theirs = source.field(found[0]).type
    if pa.types.is_dictionary(theirs):
        return theirs if theirs.value_type == kind else None
    return theirs if _is_text(theirs) and _is_text(kind) else None


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def conformed(batch: pa.RecordBatch, schema: pa.Schema, uri: str) -> pa.RecordBatch:
    """A batch in another schema: columns by position, or by name where a later block lacks some.

    Raises:
        UnsupportedError: it has a column that the schema has not, or one that does not cast.
    """
    if batch.schema.equals(schema):
        return batch
    if batch.schema.names != schema.names:
        batch = _by_name(batch, schema, uri)
    try:
        arrays = [_cast(batch.column(i), schema.field(i)) for i in range(len(schema))]
    except pa.ArrowInvalid:
        raise _misfit(batch, schema, uri) from None  # its message may quote a value
    except pa.ArrowNotImplementedError as error:
        raise _misfit(batch, schema, uri) from error
    if not arrays:
        return batch
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def decoded(array: pa.Array) -> pa.Array:
    """An array that is no dictionary."""
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def decoded_columns(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch without dictionaries."""
    arrays = [decoded(column) for column in batch.columns]
    fields = [f.with_type(a.type) for f, a in zip(batch.schema, arrays, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields)) if arrays else batch


def without(batch: pa.RecordBatch, names: Iterable[str]) -> pa.RecordBatch:
    """A batch without some of its columns, by position: names may repeat."""
    dropped = set(names)
    keep = [i for i, name in enumerate(batch.schema.names) if name not in dropped]
    if len(keep) == batch.num_columns:
        return batch
    return pa.RecordBatch.from_arrays(
        [batch.column(i) for i in keep], schema=pa.schema([batch.schema.field(i) for i in keep])
    )


def _cast(array: pa.Array, field: pa.Field) -> pa.Array:
    if array.type.equals(field.type):
        return array
    if pa.types.is_dictionary(field.type):
        return decoded(array).dictionary_encode().cast(field.type)
    return decoded(array).cast(field.type)


def _by_name(batch: pa.RecordBatch, schema: pa.Schema, uri: str) -> pa.RecordBatch:
    names = batch.schema.names
    if set(names) - set(schema.names) or len(set(names)) < len(names):
        raise _misfit(batch, schema, uri)
    arrays = [
        batch.column(field.name) if field.name in names else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, names=schema.names)


def _misfit(batch: pa.RecordBatch, schema: pa.Schema, uri: str) -> UnsupportedError:
    """Which columns of two batches do not go into one file; no values."""
    before = {f"{field.name}: {field.type}" for field in schema}
    odd = [f"{f.name}: {f.type}" for f in batch.schema if f"{f.name}: {f.type}" not in before]
    return UnsupportedError(
        f"{uri}: columns change within the file ({', '.join(odd[:3]) or 'order'})",
        hint="name a format that allows it, such as jsonl",
        uri=uri,
    )
