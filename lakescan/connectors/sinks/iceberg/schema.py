"""The columns, partitions and order of an Iceberg table that is made of another table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from pyiceberg.partitioning import PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.table.sorting import SortOrder

#: What Iceberg has no type for -> what holds every value of it.
_WIDER = {
    pa.uint8(): pa.int32(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
    pa.uint64(): pa.decimal128(20, 0),
    pa.int8(): pa.int32(),
    pa.int16(): pa.int32(),
    pa.float16(): pa.float32(),
    pa.null(): pa.string(),
    pa.time32("s"): pa.time64("us"),
    pa.time32("ms"): pa.time64("us"),
    pa.time64("ns"): pa.time64("us"),
}


def output_schema(before: Schema | None, source: pa.Schema | None, written: pa.Schema) -> Schema:
    """The columns that are written: a column that keeps its type keeps its field id.

    Args:
        before: the source's, where that is an Iceberg table.
        source: its columns as they are read.
        written: as they are after that, without dictionaries.
    """
    from pyiceberg.schema import Schema, assign_fresh_schema_ids

    number = 0 if before is None else before.highest_field_id
    fields = []

    def fresh() -> int:
        nonlocal number
        number += 1
        return number

    for field in written:
        known = before is not None and field.name in before.column_names
        if known and source is not None and _plain(source.field(field.name).type) == _plain(
            field.type
        ):  # fmt: skip
            assert before is not None
            fields.append(before.find_field(field.name))
            continue
        made = _converted(pa.field(field.name, _suited(field.type)))
        fields.extend(assign_fresh_schema_ids(made, fresh).fields)
    kept = {field.field_id for field in fields}
    keys = [] if before is None else [one for one in before.identifier_field_ids if one in kept]
    return Schema(*fields, identifier_field_ids=keys)


def kept_spec(spec: PartitionSpec, schema: Schema) -> PartitionSpec:
    """The partitions by columns that are still there."""
    from pyiceberg.partitioning import PartitionSpec

    known = {field.field_id for field in schema.fields}
    return PartitionSpec(*(f for f in spec.fields if f.source_id in known), spec_id=0)


def kept_order(order: SortOrder, schema: Schema) -> SortOrder:
    """The order, up to the first column that is not there any more."""
    from pyiceberg.table.sorting import SortOrder

    known = {field.field_id for field in schema.fields}
    fields = []
    for field in order.fields:
        if field.source_id not in known:
            break
        fields.append(field)
    return SortOrder(*fields, order_id=1 if fields else 0)


def _converted(field: pa.Field) -> Schema:
    from pyiceberg.io.pyarrow import _pyarrow_to_schema_without_ids  # what create_table uses

    return _pyarrow_to_schema_without_ids(pa.schema([field]), downcast_ns_timestamp_to_us=True)


def _suited(kind: pa.DataType) -> pa.DataType:
    """A top-level type that Iceberg has."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_duration(kind):
        return pa.int64()
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", "UTC" if kind.tz else None)
    return _WIDER.get(kind, kind)


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.large_string() if pa.types.is_string(kind) or pa.types.is_string_view(kind) else kind
