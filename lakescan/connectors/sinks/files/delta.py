"""Delta tables among the outputs: their files appear with one commit of the table's own log.

The commit names its run as an application's transaction (Delta's protocol, "Transaction
Identifiers"): whoever begins again looks there first, and commits once.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

import orjson
import pyarrow as pa

from lakescan.connectors.lake.delta import add_commit, as_of, delta_log
from lakescan.connectors.model import Dataset, FileFormat
from lakescan.connectors.paths import HIVE_NULL, below, partitions_of
from lakescan.connectors.sinks.model import Mode, Origin, OutputUnit, Staged
from lakescan.connectors.storage.lookup import absolute
from lakescan.errors import ChangedSourceError, MissingDependencyError, UnsupportedError

if TYPE_CHECKING:
    from deltalake import DeltaTable, Schema
    from deltalake.transaction import RemoveAction

FORMAT = "delta"
#: The option of a unit's format that says which table it is a file of.
OPTION = "delta"


@dataclass(frozen=True, slots=True)
class DeltaOutput:
    """A table that is written.

    Args:
        path: its folder in the target; empty for the target itself.
        source: the folder of the table that it is made of.
        version: of that table.
    """

    path: str
    source: str
    version: int


def delta_output(dataset: Dataset, origin: Origin) -> DeltaOutput:
    """The table of a dataset."""
    root, _ = as_of(dataset.uri.rstrip("/"))
    start, _ = as_of(origin.uri.rstrip("/"))
    path = "" if absolute(root) == absolute(start) else below(root, start)
    return DeltaOutput(path, root, int(dataset.version))


def delta_format(source: FileFormat, table: DeltaOutput) -> FileFormat:
    """How its files are written: as Parquet, with a note of what they are part of."""
    told = orjson.dumps([table.path, table.source, table.version]).decode()
    return FileFormat("parquet", ((OPTION, told),), source.compression)


def delta_path(table: DeltaOutput, unit: str, pairs: Sequence[tuple[str, str | None]]) -> str:
    """Where a file of it goes: a name of its own, as no file of a Delta table changes."""
    folders = [table.path] if table.path else []
    for key, value in pairs:
        folders.append(f"{key}={HIVE_NULL if value is None else quote(value, safe=' ')}")
    return "/".join([*folders, f"part-{unit[:20]}.parquet"])


def delta_note(unit: OutputUnit, written: pa.Schema) -> dict[str, object] | None:
    """What the commit has to know of a unit's table; None of what is none.

    Args:
        unit: one of its files.
        written: the columns of that.
    """
    told = unit.format.option(OPTION)
    if not told:
        return None
    path, source, version = orjson.loads(told)
    with _opened(source, dict(unit.storage), version) as table:
        meta, schema = table.metadata(), table.schema()
    return {
        "path": path,
        "schema": _schema(schema, unit, written),
        "partitions": list(meta.partition_columns),
        "name": meta.name,
        "description": meta.description,
        "configuration": dict(meta.configuration),
        "version": version,
    }


def _schema(before: Schema, unit: OutputUnit, written: pa.Schema) -> str:
    """The table's schema as it was, but for columns that are gone or have other types."""
    from deltalake import Schema

    names = set(written.names) | set(unit.partitions)
    source = unit.schema
    fields = []
    for told in orjson.loads(before.to_json())["fields"]:
        name, field = told["name"], told
        if name not in names:
            continue
        if name in written.names:
            kind = written.field(name).type
            was = source.field(name).type if source is not None and name in source.names else None
            if was is not None and _plain(kind) != _plain(was):
                made = Schema.from_arrow(pa.schema([pa.field(name, _plain(kind))]))
                field = orjson.loads(made.to_json())["fields"][0]
        fields.append(field)
    return orjson.dumps({"type": "struct", "fields": fields}).decode()


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind


def check_base(root: str, note: Mapping[str, object], storage: Mapping[str, str]) -> None:
    """Make sure that a table that is written in place is what it was.

    Raises:
        ChangedSourceError: it is not.
    """
    with _opened(root, storage, None) as table:
        _check_version(table, root, note)


def _check_version(table: DeltaTable, root: str, note: Mapping[str, object]) -> None:
    if table.version() != note["version"]:
        raise ChangedSourceError(
            f"{root}: was changed while it was read; nothing is exchanged",
            hint="run again when nobody writes to it",
            uri=root,
        )


def commit_delta(
    root: str,
    note: Mapping[str, object],
    staged: Iterable[Staged],
    run: tuple[str, Mode],
    storage: Mapping[str, str],
) -> None:
    """Commit a table's files, unless it has been done.

    Args:
        root: its folder.
        note: see `delta_note`.
        staged: its files, which stand under their names.
        run: its name and mode.
        storage: connection properties.

    Raises:
        ChangedSourceError: it is written in place, and was changed.
    """
    from deltalake.exceptions import CommitFailedError, DeltaError

    mine, failed = tuple(staged), "others write to it"
    for _ in range(2):
        with delta_log(root, storage) as log:
            try:
                if not _committed(root, log, note, mine, run):
                    return
            except (CommitFailedError, DeltaError) as error:
                failed = type(error).__name__
                continue
            if add_commit(root, log[0], storage):
                return
    raise UnsupportedError(f"{root}: the commit to its log failed ({failed})", uri=root)


def _committed(
    root: str,
    log: tuple[str, dict[str, str]],
    note: Mapping[str, object],
    staged: Sequence[Staged],
    run: tuple[str, Mode],
) -> bool:
    """Add a commit to the log, or to the copy of it; False where the run has one there."""
    from deltalake import CommitProperties, DeltaTable, Schema, Transaction
    from deltalake.transaction import AddAction, create_table_with_add_actions

    place, options = log
    run_id, mode = run
    keys = [str(name) for name in note["partitions"]]  # type: ignore[attr-defined]
    base = len(f"{note['path']}/") if note["path"] else 0
    files = [(one, dict(partitions_of(f"/{one.output}"))) for one in staged]
    schema = Schema.from_json(_with_partitions(str(note["schema"]), keys, [v for _, v in files]))
    adds: list[AddAction | RemoveAction] = [
        AddAction(
            one.output[base:],  # the log's writer encodes it
            one.bytes,
            {key: values.get(key) for key in keys},
            int(time.time() * 1000),
            True,
            orjson.dumps({"numRecords": one.rows}).decode(),
        )
        for one, values in files
    ]
    properties = CommitProperties(
        custom_metadata={"lakescan.run": run_id},
        max_commit_retries=0,
        app_transactions=[Transaction(_application(run_id), 1)],
    )
    if not DeltaTable.is_deltatable(place, options):
        create_table_with_add_actions(
            place, schema, cast("list[AddAction]", adds), "error", keys,
            str(note["name"]) if note["name"] else None,
            str(note["description"]) if note["description"] else None,
            dict(note["configuration"]),  # type: ignore[call-overload]
            options, commit_properties=properties,
        )  # fmt: skip
        return True
    table = DeltaTable(place, storage_options=options)
    if table.transaction_version(_application(run_id)) is not None:
        return False
    if mode is Mode.IN_PLACE:
        _check_version(table, root, note)
    table.create_write_transaction(adds, "overwrite", schema, keys, commit_properties=properties)
    return True


def _with_partitions(
    schema: str, keys: Sequence[str], values: Sequence[Mapping[str, str | None]]
) -> str:
    """The schema; a partition column whose values are of its type no more becomes text."""
    document = orjson.loads(schema)
    for field in document["fields"]:
        if field["name"] in keys and field["type"] not in ("string", "timestamp"):
            told = pa.array([each.get(field["name"]) for each in values], pa.string())
            try:
                told.cast(_ARROW.get(field["type"], pa.string()))
            except pa.ArrowInvalid:
                field["type"] = "string"
    return orjson.dumps(document).decode()


_ARROW = {
    "long": pa.int64(),
    "integer": pa.int32(),
    "short": pa.int16(),
    "byte": pa.int8(),
    "date": pa.date32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
}


def _application(run_id: str) -> str:
    return f"lakescan.{run_id}"


@contextmanager
def _opened(root: str, storage: Mapping[str, str], version: int | None) -> Iterator[DeltaTable]:
    try:
        from deltalake import DeltaTable
    except ModuleNotFoundError as error:
        raise MissingDependencyError("deltalake", "delta") from error
    with delta_log(root, storage) as (place, options):
        yield DeltaTable(place, version=version, storage_options=options)
