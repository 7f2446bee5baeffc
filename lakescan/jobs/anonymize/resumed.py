"""Which run goes on where one was cut."""

from __future__ import annotations

from collections.abc import Mapping

from lakescan.connectors import shown
from lakescan.connectors.model import Hidden
from lakescan.connectors.sinks import Target, sink_for
from lakescan.errors import UsageError
from lakescan.jobs.anonymize.request import Writing
from lakescan.jobs.ledger.book import new_run_id

#: What has to be the same in both parts of a run: one value becomes the same everywhere.
_SAME = {
    "lakescan.key_id": "another key",
    "lakescan.policy": "another policy",
    "lakescan.anonymized": "another policy, or found other columns",
}


def run_of(
    target: str, writing: Writing, storage: Mapping[str, str], metadata: Mapping[str, str]
) -> str:
    """The run's name: as it is given, that of the run that goes on, or a new one.

    Args:
        target: where the tables are written.
        writing: what is asked.
        storage: connection properties of the target.
        metadata: of this run.

    Raises:
        UsageError: the run that would go on began under another policy or key.
    """
    if writing.run_id is not None:
        return writing.run_id
    if not writing.resume:
        return new_run_id()
    before = sink_for(target).unfinished(Target(Hidden(target), "read", storage=storage))
    if before is None:
        return new_run_id()
    for name, what in _SAME.items():
        if before.metadata.get(name, "") != metadata.get(name, ""):
            raise UsageError(
                f"{shown(target)}: run {before.run_id} began under {what}",
                hint="go on with what it began with, or without --resume: then a new run begins",
            )
    return before.run_id
