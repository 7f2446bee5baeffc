"""``rekey``: what was hidden under an old key, as it would be under the new one, on record."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from lakescan.connectors import Selection, shown
from lakescan.connectors.model import Hidden, Misfits
from lakescan.connectors.sinks import FileLayout, Mode, Origin, Target, Transaction, sink_for
from lakescan.engines.options import EngineOptions
from lakescan.errors import NotFoundError, UnknownNameError, UsageError
from lakescan.jobs.anonymize.audit import Audit
from lakescan.jobs.anonymize.record import ColumnRecord, records_at
from lakescan.jobs.anonymize.request import Writing
from lakescan.jobs.anonymize.stage import write_tables
from lakescan.jobs.anonymize.task import AnonymizeTask
from lakescan.jobs.anonymize.undoing import Revealed, asked, revealed, undone_tables
from lakescan.jobs.keys import key_uri, keyring_at
from lakescan.jobs.ledger.book import new_run_id
from lakescan.policy import Policy
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.operators.rekey import RekeyWorkshop
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import TablePlan, Treatment

ONE_WAY = ("refuse", "leave")
#: So many columns are named in an error.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Rekeying:
    """Under which key, and what becomes of columns that nothing brings back.

    Args:
        key_id: of the new key; None for the one that the keyring has in use.
        one_way: ``refuse`` a lake that has tokens, hashes or fakes of another key, or ``leave``
            them under that key.

    Raises:
        UnknownNameError: ``one_way`` is neither.
    """

    key_id: str | None = None
    one_way: str = "refuse"

    def __post_init__(self) -> None:
        if self.one_way not in ONE_WAY:
            raise UnknownNameError("way with one-way columns", self.one_way, ONE_WAY)


@dataclass(frozen=True, slots=True)
class RekeyResult:
    """What ``lakescan.rekey`` did; the same stands in the audit record.

    Args:
        key_id: of the new key.
        columns: what is under it now.
        left: ``table: column`` of what is under an older one still.
    """

    run_id: str
    source: str
    target: str
    key_id: str
    rows: int
    seconds: float
    columns: tuple[Revealed, ...]
    left: tuple[str, ...]


class RekeyTask(AnonymizeTask):
    """Rewrites outputs under another key."""

    def __init__(
        self,
        policy: Policy,
        key: str,
        transaction: Transaction,
        storage: Mapping[str, str],
        key_id: str,
    ) -> None:
        super().__init__(policy, key, transaction, storage)
        self._key_id = key_id

    def workshop(self, keyring: Keyring | None) -> Workshop:
        """Operators of both keys."""
        return RekeyWorkshop(keyring, self._key_id)


def rekey(  # noqa: PLR0913 - the whole job in one call
    source: str | Path,
    to: str | Path,
    audit: Audit,
    *,
    rekeying: Rekeying | None = None,
    key: str | None = None,
    engine: str | EngineOptions = "auto",
    selection: Selection | None = None,
    writing: Writing | None = None,
) -> RekeyResult:
    """Write an anonymized lake as it would be under another key, so that it joins what is.

    Values are brought back and hidden again in the memory of a worker, batch by batch; nothing in
    between is written. What was encrypted is found wherever it stands; columns of ``fpe`` are told
    by the record beside the output.

    Args:
        source: what ``lakescan.anonymize`` (or ``rekey``) wrote.
        to: where the tables are written, all or none.
        audit: where this is put on record, and why it is done.
        rekeying: under which key; what becomes of tokens, hashes and fakes.
        key: where the keyring is, which has both keys; None for ``env:LAKESCAN_KEY``.
        engine: as in `lakescan.anonymize`.
        selection: which files, and how storage is reached.
        writing: what happens to what is in the target; not in place.

    Raises:
        UsageError: no key, no reason, in place, or a column that no key brings back.
        UnknownNameError: the keyring has no such key.
        NotFoundError: nothing was anonymized there, or nothing in it is under another key.
    """
    started = time.monotonic()
    asked_for, how = rekeying or Rekeying(), writing or Writing()
    place = key_uri(key, None)
    if place is None:
        raise UsageError("no key without a keyring", hint="--key file:key.yaml")
    if how.mode == Mode.IN_PLACE:
        raise UsageError("a lake is not given another key in place", hint="name another target")
    ring = keyring_at(place)
    key_id = asked_for.key_id or ring.primary
    if key_id not in ring.ids:
        raise UnknownNameError("key id", key_id, ring.ids)
    chosen = replace(selection or Selection(), misfits=Misfits.KEPT)
    given, target = str(source), str(to)
    uri = shown(given)
    records = records_at(given, chosen.storage)
    left = tuple(dict.fromkeys(_one_way(records, key_id)))
    if left and asked_for.one_way == "refuse":
        raise UsageError(
            f"{uri}: no key brings these columns back, so they cannot be under another:"
            f" {', '.join(left[:_NAMED])}{' ...' if len(left) > _NAMED else ''}",
            hint="--one-way leave keeps them as they are; or anonymize the source again",
            uri=uri,
        )
    tables = [
        (dataset, _under_another(plan, key_id))
        for dataset, plan in undone_tables(given, chosen, records)
    ]
    if not any(plan.columns for _, plan in tables):
        raise NotFoundError(f"{uri}: nothing here is under another key than {key_id}", uri=uri)
    run_id = how.run_id or new_run_id()
    about = {"run_id": run_id, "source": uri, "target": shown(target), "to_key_id": key_id}
    audit.add("rekey.begin", {**about, "columns": asked(tables, uri), "left": left})
    storage = how.storage or chosen.storage
    known = sink_for(given).recorded(Target(Hidden(given), "read", storage=chosen.storage))
    transaction = sink_for(target).begin(
        Target(
            Hidden(target),
            run_id,
            Mode(how.mode),
            how.format,
            storage=storage,
            metadata={
                "lakescan.policy": known.get("lakescan.policy", ""),
                "lakescan.key_id": key_id,
                "lakescan.anonymized": orjson.dumps(
                    [_about(each, key_id) for each in records]
                ).decode(),
                "lakescan.run": run_id,
            },
            layout=FileLayout(how.layout),
        )
    )
    policy = Policy.default().model_copy(update={"accuracy_mode": "patterns"})
    task = RekeyTask(policy, place, transaction, chosen.storage, key_id)
    options = EngineOptions(engine) if isinstance(engine, str) else engine
    done = write_tables(transaction, Origin(uri, chosen.storage), tables, task, options)
    columns = revealed(tables, done.tallies, uri)
    rows = done.committed.rows
    audit.add("rekey.end", {**about, "rows": rows, "columns": columns, "left": left})
    seconds = time.monotonic() - started
    return RekeyResult(run_id, uri, shown(target), key_id, rows, seconds, columns, left)


def _one_way(records: Sequence[ColumnRecord], key_id: str) -> Iterator[str]:
    """Columns with something under another key that nothing brings back.

    Of texts, the record says what was to be done to spans, not whether there were any.
    """
    for record in records:
        for treatment in record.treatments:
            if treatment.key_id not in {None, key_id} and not _comes_back(record, treatment):
                what = treatment.operator + (" in texts" if record.scope == "spans" else "")
                yield f"{record.table}: {record.column or record.index} ({what})"


def _comes_back(record: ColumnRecord, treatment: Treatment) -> bool:
    """Of spans inside texts, only ciphertexts say that they are some."""
    operator = build_operator(treatment.operator, treatment.options)
    return operator.traits.reversible and (
        record.scope == "cells" or treatment.operator == "encrypt"
    )


def _under_another(plan: TablePlan, key_id: str) -> TablePlan:
    columns = (
        each for each in plan.columns if each.whole is not None and each.whole.key_id != key_id
    )
    return replace(plan, columns=tuple(columns))


def _about(record: ColumnRecord, key_id: str) -> dict[str, object]:
    """The record of a column as it is now."""
    treatments = []
    for each in record.treatments:
        about: dict[str, object] = {"operator": each.operator, "options": dict(each.options)}
        if each.key_id is not None:
            now = key_id if _comes_back(record, each) else each.key_id
            about |= {"domain": each.domain, "key_id": now}
        treatments.append(about)
    return {
        "table": record.table,
        "column": record.column,
        "index": record.index,
        "entity": record.entity,
        "scope": record.scope,
        "treatments": treatments,
    }
