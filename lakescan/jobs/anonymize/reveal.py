"""``reveal``: the original values of reversible operators, for who has the key, on record."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from lakescan.connectors import Selection, shown
from lakescan.connectors.model import Hidden, Misfits
from lakescan.connectors.sinks import FileLayout, Mode, Origin, Target, sink_for
from lakescan.engines.options import EngineOptions
from lakescan.errors import NotFoundError, UsageError
from lakescan.jobs.anonymize.audit import Audit
from lakescan.jobs.anonymize.record import records_at
from lakescan.jobs.anonymize.request import Writing
from lakescan.jobs.anonymize.stage import write_tables
from lakescan.jobs.anonymize.task import AnonymizeTask
from lakescan.jobs.anonymize.undoing import Revealed, asked, revealed, undone_tables
from lakescan.jobs.keys import key_uri, keyring_at
from lakescan.jobs.ledger.book import new_run_id
from lakescan.policy import Policy
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.reveal import RevealWorkshop
from lakescan.udfs.anonymize.operators.workshop import Workshop


@dataclass(frozen=True, slots=True)
class RevealResult:
    """What ``lakescan.reveal`` did; the same stands in the audit record."""

    run_id: str
    source: str
    target: str
    rows: int
    seconds: float
    columns: tuple[Revealed, ...]


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
    tables = list(undone_tables(given, chosen, records_at(given, chosen.storage)))
    if not any(plan.columns for _, plan in tables):
        raise NotFoundError(f"{uri}: nothing here can be revealed", uri=uri)
    run_id = how.run_id or new_run_id()
    about = {"run_id": run_id, "source": uri, "target": shown(target)}
    audit.add("reveal.begin", {**about, "columns": asked(tables, uri)})
    storage = how.storage or chosen.storage
    transaction = sink_for(target).begin(
        Target(
            Hidden(target),
            run_id,
            Mode(how.mode),
            how.format,
            storage=storage,
            layout=FileLayout(how.layout),
        )
    )
    policy = Policy.default().model_copy(update={"accuracy_mode": "patterns"})
    task = RevealTask(policy, place, transaction, chosen.storage)
    options = EngineOptions(engine) if isinstance(engine, str) else engine
    done = write_tables(transaction, Origin(uri, chosen.storage), tables, task, options)
    columns = revealed(tables, done.tallies, uri)
    audit.add("reveal.end", {**about, "rows": done.committed.rows, "columns": columns})
    return RevealResult(
        run_id, uri, shown(target), done.committed.rows, time.monotonic() - started, columns
    )
