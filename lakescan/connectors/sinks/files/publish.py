"""After the commit: staged files get their names. Whoever comes next finishes what was begun."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from lakescan.connectors.sinks.files.state import Manifest, TargetState, committed_of
from lakescan.connectors.sinks.model import Committed, Staged
from lakescan.errors import CorruptFileError, NotFoundError

#: Files that are moved at once.
_THREADS = 16
#: What Hadoop's committers leave when all of an output is there.
SUCCESS = "_SUCCESS"


def publish(state: TargetState, manifest: Manifest) -> Committed:
    """Give every output of a committed run its name; safe to do again, and by several at once."""
    done = state.small("published.json")
    if done is not None:
        return committed_of(done)
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(lambda one: _move(state, one), manifest.staged))
        list(pool.map(lambda path: state.storage.delete(state.at(path)), manifest.removed))
    state.storage.write_bytes(state.at(SUCCESS), b"")
    committed = manifest.committed
    state.clean()  # before the last word: whoever dies in between leaves it to be done again
    state.once("published.json", asdict(committed))
    return committed


def _move(state: TargetState, one: Staged) -> None:
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
