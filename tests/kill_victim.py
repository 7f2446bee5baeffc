"""A run that is to be killed: ``kill_victim.py SOURCE TARGET POLICY KEY MODE LITTLE_BYTES``.

Prints ``begun``, ``writing``, ``committing`` and ``done`` as it comes there; of topics also
``transacting``, as the transaction begins, and ``sealing``, as the broker is asked to commit it.
"""

from __future__ import annotations

import sys

import lakescan
from lakescan.connectors.sinks import sink_for
from lakescan.engines import local
from lakescan.reports.progress import Silent


class Told(Silent):
    def phase(self, name: str) -> None:
        if name == "writing":
            print("writing", flush=True)


def tell_commit(target: str) -> None:
    sink = type(sink_for(target))
    sink.commit = telling(sink.commit, "committing")
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
        print(word, flush=True)
        return step(*given)

    return told


if __name__ == "__main__":
    source, target, policy, key, mode, little = sys.argv[1:]
    local.LITTLE_BYTES = int(little)
    rules = lakescan.Policy.load(policy)
    tell_commit(target)
    print("begun", flush=True)
    lakescan.anonymize(
        source,
        target,
        rules,
        key=key,
        engine=lakescan.EngineOptions("local", workers=2),
        writing=lakescan.Writing(mode, run_id="new"),
        progress=Told(),
    )
    print("done", flush=True)
