"""A run that is to be killed: ``kill_victim.py SOURCE TARGET POLICY KEY MODE LITTLE_BYTES``.

Prints ``begun``, ``writing``, ``committing`` and ``done`` as it comes there.
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
    commit = sink.commit

    def told(self, transaction, staged):
        print("committing", flush=True)
        return commit(self, transaction, staged)

    sink.commit = told


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
