"""After the commit: staged files get their names. Whoever comes next finishes what was begun."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from lakescan.connectors.sinks.files.delta import commit_delta
from lakescan.connectors.sinks.files.state import Manifest, TargetState, committed_of
from lakescan.connectors.sinks.iceberg.commit import commit_iceberg
from lakescan.connectors.sinks.model import Committed, Mode, Staged
from lakescan.errors import ChangedSourceError, CorruptFileError, NotFoundError

#: Files that are moved at once.
_THREADS = 16
#: The version of a run that came too late.
_LOST = "lost"
#: What Hadoop's committers leave when all of an output is there.
SUCCESS = "_SUCCESS"


def publish(state: TargetState, manifest: Manifest) -> Committed:
    """Give every output of a committed run its name; safe to do again, and by several at once."""
    done = state.small("published.json")
    if done is not None:
        return told_of(done, state.root)
    if Mode(manifest.mode) is not Mode.IN_PLACE:  # there the table's log says what is there
        state.storage.delete(state.at(SUCCESS))
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(lambda one: _move(state, one), manifest.staged))
        for path, note in manifest.tables.items():
            _commit_table(state, manifest, path, note)
        list(pool.map(lambda path: state.storage.delete(state.at(path)), manifest.removed))
    state.storage.write_bytes(state.at(SUCCESS), b"")
    committed = manifest.committed
    state.clear_up(manifest.token)
    state.clean()  # before the last word: whoever dies in between leaves it to be done again
    state.once("published.json", asdict(committed))
    return committed


def told_of(done: Mapping[str, object], root: str) -> Committed:
    """What a run that is over came to.

    Raises:
        ChangedSourceError: a table that was to be written in place was changed first.
    """
    committed = committed_of(done)
    if committed.version == _LOST:
        raise ChangedSourceError(
            f"{root}: was changed while it was read; nothing is exchanged",
            hint="run again when nobody writes to it",
            uri=root,
        )
    return committed


def _commit_table(
    state: TargetState, manifest: Manifest, path: str, note: Mapping[str, object]
) -> None:
    """Commit a lake table to its own log; the run is over if it cannot be any more."""
    root = state.at(path).rstrip("/")
    mine = [one for one in manifest.staged if not path or one.output.startswith(f"{path}/")]
    run = (manifest.run_id, Mode(manifest.mode))
    try:
        if note.get("kind") == "iceberg":
            commit_iceberg(note, mine, manifest.run_id)
        else:
            commit_delta(root, note, mine, run, state.target.storage)
    except ChangedSourceError:
        for one in mine:
            state.storage.delete(state.at(one.output))
        state.clean()
        state.once("published.json", asdict(Committed(manifest.run_id, _LOST, 0, 0)))
        raise


def _move(state: TargetState, one: Staged) -> None:
    if not one.location:
        return  # an earlier run gave it its name
    try:
        state.storage.move(state.at(one.location), state.at(one.output))
    except NotFoundError:
        # Moved before: then the output stands there.
        if not state.storage.exists(state.at(one.output)):
            raise CorruptFileError(
                f"{state.at(one.output)}: its staged rows are gone",
                hint="run it again under another run id",
                uri=state.at(one.output),
            ) from None
