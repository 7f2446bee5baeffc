"""The engine with no engine: every unit in this process, one after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from lakescan.engines.attempt import attempt, backoff
from lakescan.engines.protocol import Outcome, Result, Task, Unit


class InlineEngine:
    """Runs units in the calling process; for little work, where starting workers costs more."""

    name = "local"
    parallelism = 1

    def __init__(self, attempts: int = 3) -> None:
        self._attempts = attempts

    def run(
        self, task: Task[Unit, Result], units: Sequence[Unit]
    ) -> Iterator[Outcome[Unit, Result]]:
        """Run ``task`` over ``units``, in order."""
        task.setup()
        for unit in units:
            yield self._outcome(task, unit)

    def _outcome(self, task: Task[Unit, Result], unit: Unit) -> Outcome[Unit, Result]:
        tries = 1
        tried = attempt(task, unit)
        while tried.passing and tries < self._attempts:
            time.sleep(backoff(tries))
            tries += 1
            tried = attempt(task, unit)
        return Outcome(unit, tried.result, tried.error, tried.seconds, tries)
