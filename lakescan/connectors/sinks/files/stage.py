"""Writing one output where no reader looks."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from urllib.parse import quote

import pyarrow as pa

from lakescan.connectors.model import Split
from lakescan.connectors.paths import HIVE_NULL, partitions_of, renamed_mark
from lakescan.connectors.sinks.files.bundle import INSIDE
from lakescan.connectors.sinks.files.delta import delta_note
from lakescan.connectors.sinks.files.state import TargetState, staged_of
from lakescan.connectors.sinks.model import OutputUnit, Staged
from lakescan.connectors.sinks.writers import Draft, open_writer, unfit
from lakescan.connectors.sinks.writers.columns import conformed, decoded, without, written_schema
from lakescan.connectors.sinks.writers.compression import compressed
from lakescan.connectors.source import Source
from lakescan.connectors.storage import storage_for
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, scheme_of
from lakescan.errors import ChangedSourceError, LakeError, UsageError


def stage_file(state: TargetState, unit: OutputUnit, batches: Iterable[pa.RecordBatch]) -> Staged:
    """Write a unit and its receipt; see `Sink.stage`."""
    before = state.small(f"receipts/{unit.id}.json")
    if before is not None:
        return staged_of(before)
    _check_open(state)
    location = state.own(f"staged/{unit.id}-{secrets.token_hex(4)}")
    try:
        staged = _written(state, unit, batches, location)
        _check_open(state)
        value = state.once(f"receipts/{unit.id}.json", asdict(staged))
    except BaseException:
        with contextlib.suppress(LakeError):
            state.storage.delete(state.at(location))
        raise
    counts = staged_of(value)
    if counts.location != location:
        state.storage.delete(state.at(location))
    return counts


def _check_open(state: TargetState) -> None:
    """Refuse to stage for a run that is over."""
    if state.small("outcome.json") is not None:
        raise ChangedSourceError(f"{state.root}: run {state.run} is over", uri=state.root)


def _written(
    state: TargetState, unit: OutputUnit, batches: Iterable[pa.RecordBatch], location: str
) -> Staged:
    uri = state.at(unit.output)
    rows = iter(batches)
    first = next(rows, None)
    if first is None:
        first = _nothing(unit, uri)
    values = _Partitions(unit, uri)
    _note_table(state, unit, values, first)
    body = (values.taken(batch) for batch in chain([first], rows))
    count = 0
    with state.storage.writing(state.at(location)) as stream:
        count = _write(stream, unit, body, uri)
    stored = state.storage.stat(state.at(location))
    return Staged(unit.id, values.path(), location, count, stored.size, stored.version, unit.made)


def _note_table(
    state: TargetState, unit: OutputUnit, values: _Partitions, first: pa.RecordBatch
) -> None:
    """Write down of which lake table a file is part, once for each table."""
    if not unit.stage or state.small(f"tables/{unit.stage}.json") is not None:
        return
    note = delta_note(unit, values.taken(first.slice(0, 0)).schema)
    if note is not None:
        state.once(f"tables/{unit.stage}.json", note)


def _write(
    stream: pa.NativeFile, unit: OutputUnit, body: Iterator[pa.RecordBatch], uri: str
) -> int:
    """Write all batches; the number of rows."""
    first = next(body)
    schema = written_schema(first.schema, unit.schema)
    draft = Draft(unit.format, schema, unit.named, _model(unit), uri)
    # A sheet is a part of a file, which is compressed as a whole.
    whole = unit.format.name != "excel"
    packed = compressed(stream, unit.format.compression) if whole else stream
    writer = open_writer(packed, draft)
    count = 0
    try:
        try:
            for batch in chain([first], body):
                writer.write(conformed(batch, schema, uri) if _typed(unit) else batch)
                count += batch.num_rows
        finally:
            # Also of what is thrown away: a writer that is left open complains later.
            writer.close()
    except (pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise unfit(uri, unit.format.name, error) from error
    if packed is not stream:
        packed.close()
    return count


def _typed(unit: OutputUnit) -> bool:
    """Whether a file of this format has one schema: blocks of JSON and of sheets may differ."""
    return unit.format.name not in ("excel", "json", "jsonl")


def _model(unit: OutputUnit) -> Source | None:
    """The source file, where the output is of its format."""
    split: Split | None = unit.splits[0] if unit.splits else None
    if split is None or scheme_of(split.uri) not in STORAGE_SCHEMES:
        return None
    if split.format.name != unit.format.name:
        return None
    return Source.of_split(storage_for(split.uri, dict(unit.storage)), split)


def _nothing(unit: OutputUnit, uri: str) -> pa.RecordBatch:
    """A batch without rows, in the source's columns."""
    if unit.schema is None:
        raise UsageError(f"{uri}: no batch to tell the columns by", hint="send one without rows")
    empty = [pa.array([], field.type) for field in unit.schema]
    return pa.RecordBatch.from_arrays(empty, schema=unit.schema)


class _Partitions:
    """The partition columns of a unit: out of its rows, into its path."""

    def __init__(self, unit: OutputUnit, uri: str) -> None:
        self._unit = unit
        self._uri = uri
        # A column of that name in the file itself goes before the path's.
        own = set(unit.schema.names) if unit.schema is not None else set()
        self._names = [name for name in unit.partitions if name not in own]
        self._values: dict[str, object] = {}

    def taken(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch without them."""
        for name in self._names:
            if name in batch.schema.names and batch.num_rows:
                distinct = decoded(batch.column(name)).unique().to_pylist()
                seen = {self._values.setdefault(name, distinct[0]), *distinct}
                if len(seen) > 1:
                    raise UsageError(
                        f"{self._uri}: partition column {name} has several values in one file",
                        hint="choose an operator that depends on the value alone",
                    )
        return without(batch, self._names)

    def path(self) -> str:
        """The output's path, with the values that the rows had."""
        path = self._unit.output
        before = dict(partitions_of(f"/{path}"))
        changed = {
            name: value
            for name, value in self._values.items()
            if (None if value is None else str(value)) != before.get(name)
        }
        if not changed:
            return path
        path, mark, inside = path.partition(INSIDE)
        parts = path.split("/")
        for at, part in enumerate(parts[:-1]):
            name = part.partition("=")[0]
            if name in changed and "=" in part:
                value = changed[name]
                # "%" and "/" cannot stand in a directory's name, nor can what Hive escapes.
                parts[at] = f"{name}={HIVE_NULL if value is None else quote(str(value), safe=' ')}"
        told = renamed_mark(path)
        stem, dot, extension = parts[-1].partition(".")
        # Several values may have become one: files of one name would meet.
        parts[-1] = f"{stem}-{told}{dot}{extension}"
        return "/".join(parts) + mark + inside
