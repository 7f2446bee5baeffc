"""The Ray engine: units in calls to actors, which the driver hands out one by one."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence

from lakescan.engines.cpus import usable_cpus
from lakescan.engines.crew import work_through
from lakescan.engines.options import EngineOptions
from lakescan.engines.protocol import Outcome, Result, Task, Unit
from lakescan.engines.ray.opening import connected, spare_actors
from lakescan.engines.ray.staff import Actors


class RayEngine:
    """Runs units on a Ray cluster: a running one, or one started on this machine for the run.

    More workers than there are places for now are for an autoscaler to make room for.
    """

    name = "ray"

    def __init__(self, options: EngineOptions) -> None:
        self._options = options
        self.parallelism = options.workers or usable_cpus()

    def run(
        self, task: Task[Unit, Result], units: Sequence[Unit]
    ) -> Iterator[Outcome[Unit, Result]]:
        """Run ``task`` over ``units``.

        Raises:
            MissingDependencyError: Ray is not installed.
            TransientError: the cluster cannot be reached, or starts no worker.
            UsageError: no node of it has room for such a worker.
            LakescanError: the task's setup failed.
        """
        if not units:
            return
        options = self._options
        with connected(options) as places:
            self.parallelism = options.workers or places
            staff = Actors(pickle.dumps(task), options.worker, spare_actors())
            yield from work_through(staff, self.parallelism, units, options.attempts)
