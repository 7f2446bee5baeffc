"""What has to hold before a source is exchanged for what becomes of it."""

from __future__ import annotations

from lakescan.connectors import Selection, shown
from lakescan.connectors.model import Hidden
from lakescan.connectors.sinks import Target, sink_for
from lakescan.errors import UsageError
from lakescan.jobs.anonymize.request import Writing


def check_in_place(source: str, target: str, writing: Writing, selection: Selection) -> None:
    """Refuse what would make no sense, or hide values twice.

    Raises:
        UsageError: the target is not the source, or it was anonymized in place before.
    """
    if source != target:
        raise UsageError(
            "what is written in place has no other target", hint="name the source as the target"
        )
    storage = writing.storage or selection.storage
    sink = sink_for(target)
    place = Target(Hidden(target), writing.run_id or "read", storage=storage)
    known = sink.recorded(place)
    run = writing.run_id
    if writing.resume and (before := sink.unfinished(place)) is not None:
        run = before.run_id
    if "lakescan.anonymized" in known and known.get("lakescan.run") != run:
        raise UsageError(
            f"{shown(target)}: was anonymized before; values would be hidden twice",
            hint="write to another target, or reveal it first",
            uri=shown(target),
        )
