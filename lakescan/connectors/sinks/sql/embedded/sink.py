"""The sink of databases that are a file: see `Sink` for the promise.

PATH.lakescan/_lakescan/RUN/   what a run stages, as the sink of files does; gone once it is over
_lakescan_runs                 in the database: the runs that were committed
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import orjson
import pyarrow as pa

from lakescan.connectors.model import Dataset, FileFormat
from lakescan.connectors.sinks.files.stage import stage_file
from lakescan.connectors.sinks.files.state import TargetState
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
from lakescan.connectors.sinks.sql.blueprint import Blueprint
from lakescan.connectors.sinks.sql.designs import Place, blueprint
from lakescan.connectors.sinks.sql.embedded.lookup import compiler_of, open_file
from lakescan.connectors.sinks.sql.embedded.writing import FileRun, in_order
from lakescan.connectors.sinks.sql.plan import plan_tables
from lakescan.connectors.sinks.sql.shape import shaped
from lakescan.connectors.sql.address import DIALECTS, FILES, Address
from lakescan.connectors.sql.versions import file_version
from lakescan.errors import ChangedSourceError, UsageError

_ARROW = FileFormat("arrow")
_log = logging.getLogger(__name__)


class EmbeddedSink:
    """Writes tables of a database that is a file; all of a run appear in one transaction."""

    schemes = frozenset(scheme for scheme, dialect in DIALECTS.items() if dialect in FILES)

    def begin(self, target: Target) -> Transaction:
        """Begin a run, or go on with it."""
        if not target.run_id or "/" in target.run_id:
            raise UsageError(f"{target.run_id!r} names no run")
        address, state = Address.parse(target.uri), _state(target)
        before = _last(address, target.run_id)
        if before is not None:
            _tidy(state)
            return Transaction(target, "", before.committed)
        outcome = state.small("outcome.json")
        if outcome is not None and outcome["outcome"] == "abort":
            raise UsageError(f"run {target.run_id} was aborted", hint="begin one of another name")
        last = _last(address)
        base = "" if last is None else last.run_id
        if target.mode is Mode.IN_PLACE:
            base += f"\n{file_version(address.database)}"
        begun = state.small("begun.json") or state.once(
            "begun.json", {"base": base, "metadata": dict(target.metadata)}
        )
        return Transaction(target, str(begun["base"]))

    def plan(
        self, transaction: Transaction, dataset: Dataset, origin: Origin
    ) -> tuple[OutputUnit, ...]:
        """A unit for each split."""
        address = Address.parse(transaction.target.uri)
        units = plan_tables(transaction, address, dataset, origin)
        if transaction.target.mode is Mode.CREATE and Path(address.database).exists():
            schema, _, table = units[0].output.rpartition("/")
            with closing(open_file(address)) as file, file.errors():
                if file.exists(schema, table):
                    raise UsageError(
                        f"{address.at(schema=schema, table=table).shown}: stands there",
                        hint="name another target, or choose the mode replace or update",
                    )
        return units

    def staged(self, transaction: Transaction) -> Iterator[Staged]:
        """The receipts of the run."""
        state = _state(transaction.target)
        for one in state.receipts():
            yield replace(one, output=one.output.partition("#")[0])

    def stage(
        self, transaction: Transaction, unit: OutputUnit, batches: Iterable[pa.RecordBatch]
    ) -> Staged:
        """Write a unit's rows into a file beside the database."""
        state = _state(transaction.target)
        rows = iter(batches)
        first = next(rows, None)
        if first is None:
            raise UsageError(
                f"{unit.output}: no batch to tell the columns by", hint="send one without rows"
            )
        first = shaped(first, unit)
        _note(state, transaction, unit, first.schema)
        body = (shaped(batch, unit, first.schema) for batch in rows)
        file = OutputUnit(
            unit.id, f"{unit.output}#{unit.stage}", unit.splits, _ARROW, unit.schema,
            storage=unit.storage,
        )  # fmt: skip
        made = stage_file(state, file, chain([first], body))
        return replace(made, output=unit.output)

    def commit(self, transaction: Transaction, staged: Iterable[Staged]) -> Committed:
        """Load all of it and write the run down, in one transaction of the file."""
        target = transaction.target
        address, state = Address.parse(target.uri), _state(target)
        before = _last(address, target.run_id)
        if before is not None:
            _tidy(state)
            return before.committed
        some = tuple({one.unit: one for one in staged}.values())
        if state.once("outcome.json", {"outcome": "commit"})["outcome"] != "commit":
            raise ChangedSourceError(f"{address.shown}: run {target.run_id} was aborted")
        parts = _parts(state, some)
        base, _, version = transaction.base.partition("\n")
        if version and version != file_version(address.database):
            raise ChangedSourceError(
                f"{address.shown}: was changed while it was read; nothing is exchanged",
                hint="run again when nobody writes to it",
            )
        with closing(open_file(address)) as file, file.errors():
            before = file.run(target.run_id)
            if before is None:
                last = file.run("")
                if (last.run_id if last is not None else "") != base:
                    raise ChangedSourceError(
                        f"{address.shown}: another run was committed since this one began",
                        uri=address.shown,
                    )
                outputs = sorted({one.output for one in some})
                for output in _gone(target, last, outputs):
                    schema, _, table = output.rpartition("/")
                    file.drop(schema, table)
                known = {(d.schema, d.table) for d, _ in parts.values()}
                designs = [
                    design.without_keys_into(
                        lambda key: (
                            (key.schema, key.table) in known or file.exists(key.schema, key.table)
                        )
                    )
                    for design, _ in parts.values()
                ]
                ordered = list(in_order(designs))
                file.prepare(ordered)
                for design in ordered:
                    file.replace(design, _rows(state, parts[design.stage][1]))
                counted = sum(one.rows for one in some)
                file.close_run(
                    (
                        target.run_id,
                        orjson.dumps(outputs).decode(),
                        counted,
                        orjson.dumps(dict(target.metadata)).decode(),
                        dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                    )
                )
                before = FileRun(target.run_id, tuple(outputs), counted, target.metadata)
        state.clear_up(target.run_id)
        _tidy(state)
        return before.committed

    def abort(self, transaction: Transaction) -> None:
        """Remove what the run staged."""
        target = transaction.target
        state = _state(target)
        if _last(Address.parse(target.uri), target.run_id) is not None:
            return
        state.once("outcome.json", {"outcome": "abort"})
        state.clean()
        _log.info("run %s: what it staged is removed", target.run_id)

    def recorded(self, target: Target) -> Mapping[str, str]:
        """What the last commit left beside the tables."""
        last = _last(Address.parse(target.uri))
        return {} if last is None else last.metadata

    def unfinished(self, target: Target) -> Unfinished | None:
        """The latest run whose folder stands beside the file."""
        last = _last(Address.parse(target.uri))
        return _state(target).unfinished("" if last is None else last.run_id)


def _state(target: Target) -> TargetState:
    folder = f"{Address.parse(target.uri).database}.lakescan"
    return TargetState(Target(folder, target.run_id))


def _last(address: Address, run_id: str = "") -> FileRun | None:
    """A committed run of a file; the last of an empty id."""
    if not Path(address.database).exists():
        return None
    with closing(open_file(address, reading=True)) as file, file.errors():
        return file.run(run_id)


def _note(
    state: TargetState, transaction: Transaction, unit: OutputUnit, schema: pa.Schema
) -> None:
    """Write the blueprint of a unit's table down, unless it is."""
    name = f"tables/{unit.stage}.json"
    if state.small(name) is not None:
        return
    address = Address.parse(transaction.target.uri)
    where, _, table = unit.output.rpartition("/")
    compiler = compiler_of(address.dialect)
    pinned = bool(address.schema) or not where
    place = Place(address.dialect, compiler, where, table, unit.stage, pinned)
    state.once(name, {"blueprint": blueprint(unit, schema, place).to_json()})


def _parts(
    state: TargetState, staged: Iterable[Staged]
) -> dict[str, tuple[Blueprint, list[Staged]]]:
    """What is committed, by stages, in the order in which it is given.

    Raises:
        UsageError: two stages have the same output.
    """
    receipts = {one.unit: one.output.partition("#")[2] for one in state.receipts()}
    found: dict[str, tuple[Blueprint, list[Staged]]] = {}
    outputs: set[str] = set()
    for one in staged:
        stage = receipts.get(one.unit)
        note = None if stage is None else state.small(f"tables/{stage}.json")
        if stage is None or note is None:
            raise ChangedSourceError(
                f"{one.output}: its staged rows are gone",
                hint="run it again under another run id",
            )
        if stage not in found:
            design = Blueprint.of_json(str(note["blueprint"]))
            if design.output in outputs:
                raise UsageError(f"{one.output}: is written twice", hint="write to two targets")
            outputs.add(design.output)
            found[stage] = (design, [])
        found[stage][1].append(one)
    return found


def _rows(state: TargetState, staged: Iterable[Staged]) -> Iterator[pa.RecordBatch]:
    for one in staged:
        with state.storage.open(state.at(one.location)) as file:
            reader = pa.ipc.open_file(file)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)


def _gone(target: Target, last: FileRun | None, written: Iterable[str]) -> Iterator[str]:
    if target.mode is Mode.REPLACE and last is not None:
        yield from (output for output in last.outputs if output not in written)


def _tidy(state: TargetState) -> None:
    """Remove the folder of a run that is over; others may have theirs beside it."""
    shutil.rmtree(Path(state.at(state.own("x"))).parent, ignore_errors=True)
    for folder in (Path(state.root) / "_lakescan", Path(state.root)):
        with contextlib.suppress(OSError):
            folder.rmdir()
