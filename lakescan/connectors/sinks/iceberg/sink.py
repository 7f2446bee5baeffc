"""The sink of Iceberg catalogs: see `Sink` for the promise.

A run's files, receipts and manifest lie in the folder of the namespace, as the sink of files has
them; the manifest is the run's commit, and whoever comes next finishes it in the catalog.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa

from lakescan.connectors.lake.iceberg import Place, catalog_named, iceberg_errors
from lakescan.connectors.model import Dataset, FileFormat, Split
from lakescan.connectors.paths import below
from lakescan.connectors.sinks.files.sink import FileSink
from lakescan.connectors.sinks.files.stage import stage_file
from lakescan.connectors.sinks.files.state import TargetState
from lakescan.connectors.sinks.iceberg.commit import (
    check_partitions,
    check_plain,
    check_snapshot,
    drafted,
)
from lakescan.connectors.sinks.iceberg.schema import kept_order, kept_spec, output_schema
from lakescan.connectors.sinks.model import (
    Committed,
    Mode,
    Origin,
    OutputUnit,
    Staged,
    Target,
    Transaction,
    Unfinished,
)
from lakescan.connectors.sinks.sql.plan import named_after
from lakescan.connectors.sinks.sql.shape import shaped
from lakescan.connectors.sinks.writers.columns import conformed
from lakescan.connectors.storage.lookup import absolute, scheme_of
from lakescan.errors import CredentialError, UnsupportedError, UsageError

if TYPE_CHECKING:
    from pyiceberg.partitioning import PartitionSpec
    from pyiceberg.schema import Schema

_SCHEME = "iceberg"
#: Properties that say how files are written; others go with the table.
_VERSION = "format-version"
#: A table that is never made; catalogs may ask that a name begin with a letter.
_DRAFT = "lakescan_draft"


class IcebergSink:
    """Writes tables of a catalog's namespace; each appears, or changes, with one snapshot."""

    schemes = frozenset({_SCHEME})

    def begin(self, target: Target) -> Transaction:
        """Begin a run, or go on with it."""
        if target.format not in (None, _SCHEME):
            raise UsageError(f"{target.uri}: a catalog's tables are written as such, in Parquet")
        place = _place(target)
        with iceberg_errors(place.uri):
            catalog_named(place.catalog).create_namespace_if_not_exists(_levels(place))
        with _admitted():
            begun = FileSink().begin(_files(target))
        return replace(begun, target=target)

    def plan(
        self, transaction: Transaction, dataset: Dataset, origin: Origin
    ) -> Iterator[OutputUnit]:
        """A unit for each split; of an Iceberg table, for each of its files."""
        target = transaction.target
        place = _place(target)
        table = _table_of(place, dataset, origin)
        output = replace(place, table=table)
        ours = dataset.uri.partition("@")[0] == output.uri
        if ours != (target.mode is Mode.IN_PLACE):
            raise UsageError(
                f"{dataset.uri}: is not where it would be written in place"
                if not ours
                else f"{dataset.uri}: would be written over itself",
                hint="name another target, or ask for it with --in-place",
            )
        name = (*_levels(place), table)
        with iceberg_errors(output.uri):
            if target.mode is Mode.CREATE and catalog_named(place.catalog).table_exists(name):
                raise UsageError(
                    f"{output.uri}: stands there",
                    hint="name another target, or choose the mode replace or update",
                )
            if dataset.format == _SCHEME:
                source = Place.parse(dataset.uri)
                found = catalog_named(source.catalog).load_table((*_levels(source), source.table))
                check_partitions(found.spec(), dataset.uri)
                if target.mode is Mode.IN_PLACE:
                    check_plain(found, target.run_id)
        option = orjson.dumps([table, dataset.uri, dataset.format, dataset.version]).decode()
        form = FileFormat("parquet", ((_SCHEME, option),))
        stage = hashlib.sha256(f"{table}\n{dataset.uri}@{dataset.version}".encode()).hexdigest()
        folder = "" if place.table else f"{table}/"
        groups: Iterable[tuple[Split, ...]] = zip(dataset.splits) if dataset.splits else [()]
        for number, group in enumerate(groups):
            told = "\n".join((target.run_id, table, str(number), *(s.token for s in group)))
            unit = hashlib.sha256(told.encode()).hexdigest()[:32]
            yield OutputUnit(
                unit, f"{folder}data/part-{number:05d}-{unit[:20]}.parquet", group, form,
                dataset.schema, dataset.named,
                storage=tuple(sorted(origin.storage.items())), stage=stage[:12],
            )  # fmt: skip

    def staged(self, transaction: Transaction) -> Iterator[Staged]:
        """The receipts of the run."""
        yield from TargetState(_files(transaction.target)).receipts()

    def stage(
        self, transaction: Transaction, unit: OutputUnit, batches: Iterable[pa.RecordBatch]
    ) -> Staged:
        """Write one file in the table's columns, with their field ids."""
        from pyiceberg.io.pyarrow import schema_to_pyarrow
        from pyiceberg.partitioning import PartitionSpec
        from pyiceberg.schema import Schema

        state = TargetState(_files(transaction.target))
        rows = iter(batches)
        first = next(rows, None)
        if first is None:
            raise UsageError(
                f"{unit.output}: no batch to tell the columns by", hint="send one without rows"
            )
        first = shaped(first, unit)
        name = f"tables/{unit.stage}.json"
        note = state.small(name)
        if note is None:
            with iceberg_errors(unit.output):
                note = state.once(name, _note(transaction.target, unit, first.schema))
        schema = Schema.model_validate_json(str(note["schema"]))
        spec = PartitionSpec.model_validate_json(str(note["spec"]))
        arrow = schema_to_pyarrow(schema)
        one = _OnePartition(schema, spec, unit.output)
        body = chain([first], (shaped(batch, unit, first.schema) for batch in rows))
        fitting = (one.checked(conformed(batch, arrow, unit.output)) for batch in body)
        # Schemas that differ in field ids alone are equal to Arrow.
        written = (pa.RecordBatch.from_arrays(b.columns, schema=arrow) for b in fitting)
        return stage_file(state, unit, written)

    def commit(self, transaction: Transaction, staged: Iterable[Staged]) -> Committed:
        """Put the manifest, then a snapshot of each table."""
        target = transaction.target
        files = _files(target)
        state = TargetState(files)
        if target.mode is Mode.IN_PLACE and state.small("outcome.json") is None:
            for note in state.tables().values():
                check_snapshot(note)
        return FileSink().commit(replace(transaction, target=files), staged)

    def abort(self, transaction: Transaction) -> None:
        """Remove what the run staged."""
        FileSink().abort(replace(transaction, target=_files(transaction.target)))

    def recorded(self, target: Target) -> Mapping[str, str]:
        """What the last commit left beside the tables."""
        with _admitted():
            return FileSink().recorded(_files(target))

    def unfinished(self, target: Target) -> Unfinished | None:
        """The latest run in the folder of the namespace, where there is one."""
        place = _place(target)
        with iceberg_errors(place.uri):
            if not catalog_named(place.catalog).namespace_exists(_levels(place)):
                return None
        with _admitted():
            return FileSink().unfinished(_files(target))


@contextmanager
def _admitted() -> Iterator[None]:
    """Say what has to be allowed where storage refuses our own files."""
    try:
        yield
    except CredentialError as error:
        raise CredentialError(
            error.message,
            hint="grant writing below the namespace's folder; a bucket that takes files of tables"
            " alone (S3 Tables) cannot be written to",
            uri=error.uri,
        ) from None


class _OnePartition:
    """A file's rows are of one partition."""

    def __init__(self, schema: Schema, spec: PartitionSpec, output: str) -> None:
        self._output = output
        self._fields = [
            (schema.find_field(field.source_id), field.transform) for field in spec.fields
        ]
        self._seen: dict[str, object] = {}

    def checked(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch.

        Raises:
            UsageError: it has rows of another partition.
        """
        for field, transform in self._fields if batch.num_rows else ():
            column = batch.column(field.name)
            values = pa.chunked_array([transform.pyarrow_transform(field.field_type)(column)])
            some = values.unique().to_pylist()
            key = f"{field.field_id} {transform}"
            if len({self._seen.setdefault(key, some[0]), *some}) > 1:
                raise UsageError(
                    f"{self._output}: partition column {field.name} has several values in one file",
                    hint="choose an operator that depends on the value alone",
                )
        return batch


def _place(target: Target) -> Place:
    place = Place.parse(target.uri)
    if not place.namespace or place.snapshot is not None:
        raise UsageError(
            f"{place.uri}: names no namespace to write to",
            hint="write iceberg://catalog/namespace or iceberg://catalog/namespace/table",
        )
    return place


def _levels(place: Place) -> tuple[str, ...]:
    return tuple(place.namespace.split("."))


def _root(place: Place) -> str:
    """The folder of a namespace's tables, as the catalog would choose it; or of the one table."""
    with iceberg_errors(place.uri):
        folder = _space(place)
    return f"{folder}/{place.table}" if place.table else folder


def _space(place: Place) -> str:
    """The folder of a namespace's tables: the same before and after one is made there."""
    from pyiceberg.schema import Schema
    from pyiceberg.types import NestedField, StringType

    catalog, levels = catalog_named(place.catalog), _levels(place)
    draft = drafted(catalog, (*levels, _DRAFT), Schema(NestedField(1, "x", StringType())))
    if draft is not None:
        return draft.table_metadata.location.rstrip("/").rpartition("/")[0]
    told = str(catalog.load_namespace_properties(levels).get("location", ""))
    if told:
        return told.rstrip("/")
    warehouse = str(catalog.properties.get("warehouse", ""))
    if "://" in warehouse:
        return "/".join((warehouse.rstrip("/"), *levels))
    for name in sorted(catalog.list_tables(levels)):
        return catalog.load_table(name).metadata.location.rstrip("/").rpartition("/")[0]
    raise UnsupportedError(
        f"{place.uri}: the catalog does not say where its tables lie",
        hint="give the namespace a property 'location', or its first table",
        uri=place.uri,
    )


def _files(target: Target) -> Target:
    """The same run as the sink of files has it; names are of tables, so nothing is in the way."""
    return replace(target, uri=_root(_place(target)), mode=Mode.UPDATE, format=None)


def _table_of(place: Place, dataset: Dataset, origin: Origin) -> str:
    plain, start = dataset.uri.partition("@")[0].rstrip("/"), origin.uri.partition("@")[0]
    if place.table and absolute(plain).rstrip("/") != absolute(start).rstrip("/"):
        raise UsageError(
            f"{dataset.uri}: one of several tables, and the target names one",
            hint="write to iceberg://catalog/namespace",
        )
    if place.table:
        return place.table
    if scheme_of(plain) == _SCHEME and plain == start.rstrip("/"):
        return Place.parse(plain).table
    return named_after(below(plain, start))


def _note(target: Target, unit: OutputUnit, written: pa.Schema) -> dict[str, object]:
    """What the commit has to know of a table."""
    from pyiceberg.io.pyarrow import UnsupportedPyArrowTypeException
    from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC
    from pyiceberg.table.sorting import UNSORTED_SORT_ORDER

    table, uri, form, version = orjson.loads(unit.format.option(_SCHEME))
    place = _place(target)
    before, spec, order = None, UNPARTITIONED_PARTITION_SPEC, UNSORTED_SORT_ORDER
    properties: dict[str, str] = {}
    if form == _SCHEME:
        there = Place.parse(uri)
        source = catalog_named(there.catalog).load_table((*_levels(there), there.table))
        before, spec, order = source.schema(), source.spec(), source.sort_order()
        properties = {
            **source.properties,
            _VERSION: str(min(2, source.metadata.format_version)),
        }
        properties.pop("write.data.path", None)
        properties.pop("write.metadata.path", None)
    try:
        schema = output_schema(before, unit.schema, written)
    except UnsupportedPyArrowTypeException as error:
        raise UnsupportedError(f"{uri}: a column that Iceberg has no type for") from error
    root = _root(place)
    return {
        "kind": _SCHEME,
        "path": "" if place.table else table,
        "root": root,
        "location": root if place.table else f"{root}/{table}",
        "catalog": place.catalog,
        "namespace": place.namespace,
        "table": table,
        "mode": target.mode.value,
        "anonymized": "true" if "lakescan.anonymized" in target.metadata else "false",
        "snapshot": version,
        "schema": schema.model_dump_json(),
        "spec": kept_spec(spec, schema).model_dump_json(),
        "order": kept_order(order, schema).model_dump_json(),
        "properties": properties,
    }
