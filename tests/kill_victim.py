"""A run that is to be killed: ``kill_victim.py RUN``, a JSON object of what `main` takes.

Prints ``begun``, ``writing``, ``committing`` as it comes there; of topics also ``transacting``, as
the transaction begins, and ``sealing``, as the broker is asked to commit it; at the end ``done``,
or the name of the error, and how many lines the commit had. At line ``stop`` of the commit it
prints ``stopped``, and goes on when something comes on standard input.
"""

from __future__ import annotations

import itertools
import json
import sys
import threading

import lakescan
from lakescan.connectors.sinks import sink_for
from lakescan.engines import local
from lakescan.reports.progress import Silent

#: Whose lines are those of a commit.
CODE = ("/lakescan/connectors/", "/pyiceberg/catalog/")


def say(word: str) -> None:
    print(word, flush=True)


class Told(Silent):
    def phase(self, name: str) -> None:
        if name == "writing":
            say(name)


class Lines:
    """Counts the lines of a commit, in all of its threads."""

    def __init__(self, stop: int | None) -> None:
        self.stop, self._next = stop, itertools.count()

    @property
    def seen(self) -> int:
        return next(self._next)

    def __enter__(self) -> None:
        threading.settrace(self._called)
        sys.settrace(self._called)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        threading.settrace(None)

    def _called(self, frame, event, value):
        name = frame.f_code.co_filename
        return self._line if any(part in name for part in CODE) else None

    def _line(self, frame, event, value):
        if event == "line" and next(self._next) == self.stop:
            say("stopped")
            sys.stdin.readline()
        return self._line


def tell_commit(target: str, lines: Lines) -> None:
    sink = type(sink_for(target))
    commit = sink.commit

    def told(*given):
        say("committing")
        with lines:
            return commit(*given)

    sink.commit = told
    if target.startswith("kafka:"):
        tell_transaction()


def tell_transaction() -> None:
    from lakescan.connectors.kafka import transactions
    from lakescan.connectors.sinks.kafka import sink

    for module, name, word in (
        (sink, "transact", "transacting"),
        (transactions, "_commit", "sealing"),
    ):
        setattr(module, name, telling(getattr(module, name), word))


def telling(step, word):
    def told(*given):
        say(word)
        return step(*given)

    return told


def main(source, target, policy, key, mode, engine, *, pool, stop=None) -> None:
    if pool:
        local.LITTLE_BYTES = 0
    rules = lakescan.Policy.parse(policy)
    lines = Lines(stop)
    tell_commit(target, lines)
    say("begun")
    try:
        result = lakescan.anonymize(
            source,
            target,
            rules,
            key=key,
            engine=lakescan.EngineOptions(**engine),
            writing=lakescan.Writing(mode, run_id="new"),
            progress=Told(),
        )
    except lakescan.LakescanError as error:
        say(type(error).__name__)
        print(error, file=sys.stderr)
    else:
        say("done" if result.status == "complete" else result.status)
    say(f"lines {lines.seen}")


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
