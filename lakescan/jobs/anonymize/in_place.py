"""What has to hold before a source is exchanged for what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import orjson

from lakescan.connectors import Dataset, Selection, shown
from lakescan.connectors.model import Hidden
from lakescan.connectors.paths import below
from lakescan.connectors.sinks import Target, sink_for
from lakescan.connectors.sql.address import DIALECTS, Address
from lakescan.connectors.storage.lookup import scheme_of
from lakescan.errors import UsageError
from lakescan.jobs.anonymize.request import Writing

_ABOUT = "lakescan.anonymized"


def check_in_place(
    source: str,
    target: str,
    writing: Writing,
    selection: Selection,
    found: Callable[[], Iterable[Dataset]],
) -> Mapping[str, str]:
    """Refuse what would make no sense, or hide values twice.

    Args:
        source, target: the same URI.
        writing: the mode is in place.
        selection: how storage is reached.
        found: the tables that are to be written.

    Returns:
        What runs before left beside the tables; empty if none did.

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
    if _ABOUT not in known:
        return {}
    if known.get("lakescan.run") == run:
        return known
    done = {each["table"] for each in orjson.loads(known[_ABOUT])}
    root = names_root(target)
    again = {below(dataset.uri, root) for dataset in found()} & done
    if again or "" in done or not of_database(target):
        which = f" (table {min(again)})" if again else ""
        raise UsageError(
            f"{shown(target)}: was anonymized before{which}; values would be hidden twice",
            hint="name a table that is left, write to another target, or reveal it first",
            uri=shown(target),
        )
    return known


def recorded_before(target: str, writing: Writing, selection: Selection) -> Mapping[str, str]:
    """What runs before left beside a target that one more is added to."""
    storage = writing.storage or selection.storage
    place = Target(Hidden(target), writing.run_id or "read", storage=storage)
    return sink_for(target).recorded(place)


def with_earlier(metadata: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """What is left beside an output, with what runs before did to other tables of names."""
    if _ABOUT not in before:
        return dict(metadata)
    now = orjson.loads(metadata[_ABOUT])
    tables = {each["table"] for each in now}
    kept = [each for each in orjson.loads(before[_ABOUT]) if each["table"] not in {*tables, ""}]
    return {**metadata, _ABOUT: orjson.dumps([*kept, *now]).decode()}


def of_database(uri: str) -> bool:
    """Whether a URI is that of a database, a schema or a table of one."""
    return scheme_of(uri).partition("+")[0] in DIALECTS


def names_root(uri: str) -> str:
    """Below what the tables of a URI are named on record: of a database's table, the database."""
    if not of_database(uri):
        return shown(uri)
    return Address.parse(uri).at().shown
