"""One snapshot of one table: the run's files instead of all others, tagged with the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from lakescan.connectors.lake.iceberg import catalog_named, iceberg_errors
from lakescan.connectors.sinks.model import Mode, Staged
from lakescan.errors import ChangedSourceError, UsageError

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.io import FileIO
    from pyiceberg.manifest import DataFile
    from pyiceberg.partitioning import PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.table import CreateTableTransaction, Table, Transaction
    from pyiceberg.table.metadata import TableMetadata
    from pyiceberg.table.sorting import SortOrder
    from pyiceberg.table.update import TableUpdate

#: The property of a snapshot that names the run.
RUN = "lakescan.run"
_ALL_METRICS = {"write.metadata.metrics.default": "full"}
#: The property that says whether the run took the people out, or put them back.
ANONYMIZED = "lakescan.anonymized"


def check_snapshot(note: Mapping[str, object]) -> None:
    """Make sure that a table that is written in place is what it was.

    Raises:
        ChangedSourceError: it is not.
    """
    name = f"{note['namespace']}.{note['table']}"
    with iceberg_errors(name):
        snapshot = catalog_named(str(note["catalog"])).load_table(name).current_snapshot()
    if snapshot is None or str(snapshot.snapshot_id) != note["snapshot"]:
        raise _changed(name)


def commit_iceberg(note: Mapping[str, object], staged: Iterable[Staged], run_id: str) -> None:
    """Commit a table's files, unless it has been done.

    Args:
        note: what was written down of the table.
        staged: its files, which stand under their names.
        run_id: the run.

    Raises:
        ChangedSourceError: the table is there and must not, or was changed while it was read.
    """
    from pyiceberg.exceptions import CommitFailedException, TableAlreadyExistsError

    name, mode = f"{note['namespace']}.{note['table']}", Mode(str(note["mode"]))
    files = [f"{note['root']}/{one.output}" for one in staged if one.rows]
    with iceberg_errors(name):
        catalog = catalog_named(str(note["catalog"]))
        for left in (2, 1, 0):
            there = catalog.table_exists(name)
            table = catalog.load_table(name) if there else None
            if table is not None and _tagged(table, run_id):
                return
            if mode is Mode.IN_PLACE:
                check_snapshot(note)
            if table is not None and mode is Mode.CREATE and not _opened(table, run_id):
                raise ChangedSourceError(f"{name}: was made by another meanwhile", uri=name)
            try:
                if table is None:
                    table = _create(catalog, name, note, files, run_id)
                if table is not None:
                    _overwrite(table, note, files, run_id)
            except (CommitFailedException, TableAlreadyExistsError):
                if not left:
                    raise _changed(name) from None
            else:
                return


def check_plain(table: Table, run_id: str) -> None:
    """Make sure that the people are still in a table, as far as its history tells.

    Raises:
        UsageError: another run has taken them out.
    """
    for snapshot in reversed(table.metadata.snapshots):
        told = snapshot.summary.additional_properties if snapshot.summary is not None else {}
        if RUN in told:
            if told.get(ANONYMIZED) == "true" and told[RUN] != run_id:
                name = ".".join(table.name())
                raise UsageError(
                    f"{name}: was anonymized before; values would be hidden twice",
                    hint="write to another target, or reveal it first",
                    uri=name,
                )
            return


def _tags(note: Mapping[str, object], run_id: str) -> dict[str, str]:
    return {RUN: run_id, ANONYMIZED: str(note["anonymized"])}


def _tagged(table: Table, run_id: str) -> bool:
    return any(
        one.summary is not None and one.summary.additional_properties.get(RUN) == run_id
        for one in table.metadata.snapshots
    )


def _opened(table: Table, run_id: str) -> bool:
    """Whether this run has made a table, and has not got further."""
    return table.current_snapshot() is None and table.properties.get(RUN) == run_id


def drafted(
    catalog: Catalog,
    name: str | tuple[str, ...],
    schema: Schema,
    location: str | None = None,
    properties: Mapping[str, str] = MappingProxyType({}),
) -> CreateTableTransaction | None:
    """A new table that nobody sees yet; None where the catalog has none such (`stage-create`)."""
    from pyiceberg.exceptions import BadRequestError, RESTError

    try:
        return catalog.create_table_transaction(name, schema, location, properties=dict(properties))
    except RESTError as error:
        if type(error) not in (RESTError, BadRequestError):
            raise
        return None


def _parts(note: Mapping[str, object]) -> tuple[Schema, PartitionSpec, SortOrder]:
    from pyiceberg.partitioning import PartitionSpec
    from pyiceberg.schema import Schema
    from pyiceberg.table.sorting import SortOrder

    return (
        Schema.model_validate_json(str(note["schema"])),
        PartitionSpec.model_validate_json(str(note["spec"])),
        SortOrder.model_validate_json(str(note["order"])),
    )


def _create(
    catalog: Catalog, name: str, note: Mapping[str, object], files: list[str], run_id: str
) -> Table | None:
    """Make the table with its first snapshot; pyiceberg would number its columns anew.

    Returns:
        The table without rows, where the catalog cannot make one that nobody sees yet.
    """
    from pyiceberg.table import CreateTableTransaction, StagedTable

    schema, spec, order = _parts(note)
    properties: dict[str, str] = dict(note["properties"])  # type: ignore[call-overload]
    location = str(note["location"])
    plain = drafted(catalog, name, schema, location, properties)
    if plain is None:
        return catalog.create_table(name, schema, properties={**properties, RUN: run_id})
    draft = plain._table  # noqa: SLF001 - what is made of it below has other columns
    top = max((field.field_id for field in spec.fields), default=999)
    metadata = draft.metadata.model_copy(
        update={
            "schemas": [schema],
            "current_schema_id": schema.schema_id,
            "last_column_id": schema.highest_field_id,
            "partition_specs": [spec],
            "default_spec_id": spec.spec_id,
            "last_partition_id": top,
            "sort_orders": [order],
            "default_sort_order_id": order.order_id,
        }
    )
    made = StagedTable(draft.name(), metadata, draft.metadata_location, draft.io, catalog)
    transaction = CreateTableTransaction(made)
    found = _data_files(draft.io, transaction.table_metadata, files)
    with transaction.update_snapshot(_tags(note, run_id)).fast_append() as snapshot:
        for one in found:
            snapshot.append_data_file(one)
    transaction.commit_transaction()
    return None


def _overwrite(table: Table, note: Mapping[str, object], files: list[str], run_id: str) -> None:
    """Exchange all files of a table; what it was before stays in its history."""
    # A retry of pyiceberg's would keep what another writer has added since.
    table.metadata.properties["commit.retry.num-retries"] = "0"
    old = [task.file for task in table.scan().plan_files()]
    transaction = table.transaction()
    if RUN in table.properties:
        transaction.remove_properties(RUN)
    _evolve(transaction, table, note)
    found = _data_files(table.io, transaction.table_metadata, files)
    with transaction.update_snapshot(_tags(note, run_id)).overwrite() as snapshot:
        for one in old:
            snapshot.delete_data_file(one)
        for one in found:
            snapshot.append_data_file(one)
    transaction.commit_transaction()


def _evolve(transaction: Transaction, table: Table, note: Mapping[str, object]) -> None:
    from pyiceberg.partitioning import PartitionSpec
    from pyiceberg.table.update import (
        AddPartitionSpecUpdate,
        AddSchemaUpdate,
        AddSortOrderUpdate,
        SetCurrentSchemaUpdate,
        SetDefaultSortOrderUpdate,
        SetDefaultSpecUpdate,
    )

    schema, spec, order = _parts(note)
    if table.schema() != schema:
        number = max(table.schemas()) + 1
        new = schema.model_copy(update={"schema_id": number})
        _apply(
            transaction,
            AddSchemaUpdate(schema=new),
            SetCurrentSchemaUpdate.model_validate({"schema-id": -1}),
        )
    if table.spec().fields != spec.fields:
        other = PartitionSpec(*spec.fields, spec_id=max(table.specs()) + 1)
        _apply(
            transaction,
            AddPartitionSpecUpdate(spec=other),
            SetDefaultSpecUpdate.model_validate({"spec-id": -1}),
        )
    if order.fields and not table.sort_order().fields:
        _apply(
            transaction,
            AddSortOrderUpdate.model_validate({"sort-order": order}),
            SetDefaultSortOrderUpdate.model_validate({"sort-order-id": -1}),
        )


def _apply(transaction: Transaction, *updates: TableUpdate) -> None:
    # Its public updates keep a column's number only where they keep its type.
    transaction._apply(updates)  # noqa: SLF001


def _data_files(io: FileIO, metadata: TableMetadata, paths: list[str]) -> list[DataFile]:
    import pyarrow.parquet as pq
    from pyiceberg.io.pyarrow import (
        compute_statistics_plan,
        data_file_statistics_from_parquet_metadata,
        parquet_path_to_id_mapping,
    )
    from pyiceberg.manifest import DataFile, DataFileContent, FileFormat

    schema, spec = metadata.schema(), metadata.spec()
    found = []
    for path in paths:
        input_file = io.new_input(path)
        with input_file.open() as stream:
            footer = pq.read_metadata(stream)
        names = parquet_path_to_id_mapping(schema)
        told, whole = (
            data_file_statistics_from_parquet_metadata(
                footer, compute_statistics_plan(schema, properties), names
            )
            # A table may keep no metrics of the columns that it is partitioned by.
            for properties in (metadata.properties, _ALL_METRICS)
        )
        found.append(
            DataFile.from_args(
                content=DataFileContent.DATA, file_path=path, file_format=FileFormat.PARQUET,
                partition=whole.partition(spec, schema), file_size_in_bytes=len(input_file),
                sort_order_id=None, spec_id=metadata.default_spec_id, equality_ids=None,
                key_metadata=None, **told.to_serialized_dict(),
            )
        )  # fmt: skip
    return found


def check_partitions(spec: PartitionSpec, name: str) -> None:
    """Refuse partitions whose value a file's own statistics do not tell.

    Raises:
        UsageError: by a hash of a column.
    """
    if any(not field.transform.preserves_order for field in spec.fields):
        raise UsageError(
            f"{name}: is partitioned by a hash of a column, which is not written",
            hint="write it as files, or leave it out with --exclude",
        )


def _changed(name: str) -> ChangedSourceError:
    return ChangedSourceError(
        f"{name}: was changed while it was read; nothing is exchanged",
        hint="run again when nobody writes to it",
        uri=name,
    )
