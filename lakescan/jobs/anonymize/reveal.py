"""``reveal``: the original values of reversible operators, for who has the key, on record."""

from __future__ import annotations

import getpass
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pyarrow as pa

from lakescan.connectors import Dataset, Selection, discover, shown
from lakescan.connectors.model import Hidden, Misfits
from lakescan.connectors.paths import below
from lakescan.connectors.sinks import Mode, Origin, Target, sink_for
from lakescan.engines.options import EngineOptions
from lakescan.errors import NotFoundError, UsageError
from lakescan.jobs.anonymize.pairing import counterpart
from lakescan.jobs.anonymize.record import ColumnRecord, records_at
from lakescan.jobs.anonymize.request import Writing
from lakescan.jobs.anonymize.stage import write_tables
from lakescan.jobs.anonymize.task import AnonymizeTask
from lakescan.jobs.keys import key_uri, keyring_at
from lakescan.jobs.ledger.book import new_run_id
from lakescan.policy import Policy
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.lookup import build_operator
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan, Treatment
from lakescan.udfs.anonymize.reveal import RevealWorkshop
from lakescan.udfs.anonymize.workshop import Workshop

#: Who reads values is asked why: an empty reason is none.
_LEAST_REASON = 1


@dataclass(frozen=True, slots=True)
class Revealed:
    """One column that was revealed.

    Args:
        changed: cells that are others now.
    """

    table: str
    column: str
    operator: str
    domain: str
    key_id: str | None
    changed: int


@dataclass(frozen=True, slots=True)
class RevealResult:
    """What ``lakescan.reveal`` did; the same stands in the audit record."""

    run_id: str
    source: str
    target: str
    rows: int
    seconds: float
    columns: tuple[Revealed, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """Where it is put on record who revealed what, and why.

    Args:
        path: a file that a line of JSON is added to, before anything is written and after.
        reason: why.
    """

    path: str
    reason: str

    def __post_init__(self) -> None:
        if len(self.reason.strip()) < _LEAST_REASON or not self.path:
            raise UsageError(
                "nothing is revealed without a record", hint="give --audit FILE and --reason TEXT"
            )

    def add(self, event: str, entry: Mapping[str, object]) -> None:
        """Add a line."""
        about = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "user": getpass.getuser(),
            "host": socket.gethostname(),
            "reason": self.reason,
        }
        with Path(self.path).open("ab") as file:
            file.write(
                orjson.dumps({**about, "event": event, **entry}, option=orjson.OPT_APPEND_NEWLINE)
            )


class RevealTask(AnonymizeTask):
    """Rewrites outputs the other way."""

    def workshop(self, keyring: Keyring | None) -> Workshop:
        """Operators turned round."""
        return RevealWorkshop(keyring)


def reveal(
    source: str | Path,
    to: str | Path,
    audit: Audit,
    *,
    key: str | None = None,
    engine: str | EngineOptions = "auto",
    selection: Selection | None = None,
    writing: Writing | None = None,
) -> RevealResult:
    """Write an anonymized lake with the values of its reversible columns brought back.

    What was encrypted is opened wherever it stands, under the key that it names; columns of
    ``fpe`` are told by the record that the anonymize job left beside its output.

    Args:
        source: what ``lakescan.anonymize`` wrote.
        to: where the revealed tables are written.
        audit: where this is put on record, and why it is done.
        key: where the keyring is; None for ``env:LAKESCAN_KEY``.
        engine: as in `lakescan.anonymize`.
        selection: which files, and how storage is reached.
        writing: what happens to what is in the target.

    Raises:
        UsageError: no key, or no reason.
        NotFoundError: nothing was anonymized there, or nothing in it can be revealed.
    """
    started = time.monotonic()
    place = key_uri(key, None)
    if place is None:
        raise UsageError("nothing is revealed without a key", hint="--key file:key.yaml")
    keyring_at(place)
    chosen = replace(selection or Selection(), misfits=Misfits.KEPT)
    how = writing or Writing()
    given, target = str(source), str(to)
    uri = shown(given)
    tables = list(_tables(given, chosen, records_at(given, chosen.storage)))
    if not any(plan.columns for _, plan in tables):
        raise NotFoundError(f"{uri}: nothing here can be revealed", uri=uri)
    run_id = how.run_id or new_run_id()
    about = {"run_id": run_id, "source": uri, "target": shown(target)}
    audit.add("reveal.begin", {**about, "columns": _asked(tables, uri)})
    storage = how.storage or chosen.storage
    transaction = sink_for(target).begin(
        Target(Hidden(target), run_id, Mode(how.mode), how.format, storage=storage)
    )
    policy = Policy.default().model_copy(update={"accuracy_mode": "patterns"})
    task = RevealTask(policy, place, transaction, chosen.storage)
    options = EngineOptions(engine) if isinstance(engine, str) else engine
    done = write_tables(transaction, Origin(uri, chosen.storage), tables, task, options)
    columns = tuple(
        Revealed(
            below(dataset.uri, uri),
            plan.path,
            plan.whole.operator,
            plan.whole.domain,
            plan.whole.key_id,
            sum(each.changed for (_, path), each in tallies.items() if path == plan.path),
        )
        for (dataset, table), tallies in zip(tables, done.tallies, strict=True)
        for plan in table.columns
        if plan.whole is not None
    )
    audit.add("reveal.end", {**about, "rows": done.committed.rows, "columns": columns})
    return RevealResult(
        run_id, uri, shown(target), done.committed.rows, time.monotonic() - started, columns
    )


def _tables(
    uri: str, selection: Selection, records: Sequence[ColumnRecord]
) -> Iterator[tuple[Dataset, TablePlan]]:
    known = {record.table for record in records}
    for dataset in discover(uri, selection):
        if isinstance(dataset, Dataset):
            source = counterpart(below(dataset.uri, shown(uri)), known)
            mine = [record for record in records if record.table in (source, "")]
            yield dataset, TablePlan(tuple(_columns(mine, dataset.schema)))


def _columns(records: Sequence[ColumnRecord], schema: pa.Schema | None) -> Iterator[ColumnPlan]:
    for record in records:
        treatment = _undone(record)
        if treatment is not None:
            # By name where there are names: a column that is gone moves the others.
            index = -1 if schema is not None and record.column else record.index
            yield ColumnPlan(index, record.column, record.entity, whole=treatment)


def _undone(record: ColumnRecord) -> Treatment | None:
    """What brings a column back; of spans inside texts, only what says that it is one."""
    undone = [
        each
        for each in record.treatments
        if each.operator != "keep" and build_operator(each.operator, each.options).traits.reversible
    ]
    if record.scope == "cells":
        return undone[0] if undone else None
    sealed = [each for each in undone if each.operator == "encrypt"]
    if not sealed:
        return None
    domains = sorted({each.domain for each in sealed})
    return Treatment("encrypt", {"domains": domains}, domains[0], sealed[0].key_id)


def _asked(tables: Sequence[tuple[Dataset, TablePlan]], root: str) -> list[dict[str, object]]:
    return [
        {"table": below(dataset.uri, root), "column": plan.path, "key_id": plan.whole.key_id}
        for dataset, table in tables
        for plan in table.columns
        if plan.whole is not None
    ]
