"""The engine of one machine: in this process when there is little to do, else a pool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lakescan.engines.cpus import usable_cpus
from lakescan.engines.inline import InlineEngine
from lakescan.engines.options import EngineOptions
from lakescan.engines.pool import PoolEngine
from lakescan.engines.protocol import Outcome, Result, Task, Unit
from lakescan.engines.weight import total_weight

#: Below this, starting workers (about a second) takes longer than the work itself.
LITTLE_BYTES = 16 << 20


class LocalEngine:
    """Runs units on this machine; needs nothing but Python."""

    name = "local"

    def __init__(self, options: EngineOptions) -> None:
        self._attempts = options.attempts
        self.parallelism = options.workers or usable_cpus()

    def run(
        self, task: Task[Unit, Result], units: Sequence[Unit]
    ) -> Iterator[Outcome[Unit, Result]]:
        """Run ``task`` over ``units``: in this process if they weigh under 16 MiB together."""
        if total_weight(units) < LITTLE_BYTES:
            return InlineEngine(self._attempts).run(task, units)
        return PoolEngine(self.parallelism, self._attempts).run(task, units)
