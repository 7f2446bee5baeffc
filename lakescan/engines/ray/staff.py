"""Ray actors as the driver sees them."""

from __future__ import annotations

import pickle
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from lakescan.engines.crew import Message
from lakescan.engines.options import WorkerNeeds
from lakescan.engines.ray.actor import Actor


def start_actor(needs: WorkerNeeds, module: str = "") -> Any:
    """An actor's handle; it starts as soon as a node has room for it."""
    import ray

    kept = ray.remote(Actor).options(
        num_cpus=needs.cpus,
        num_gpus=needs.gpus or None,
        memory=needs.memory,
        resources=dict(needs.resources),
        scheduling_strategy="SPREAD",
        # What a death costs is ours to say: `lakescan.engines.crew`.
        max_restarts=0,
        max_task_retries=0,
    )
    return kept.remote(sys.path, module)


class RayWorker:
    """An actor, and what it has been asked and not answered.

    Args:
        actor: its handle.
        task: pickled, in Ray's store.
    """

    def __init__(self, actor: Any, task: Any) -> None:
        self._actor = actor
        self._asked = deque([actor.set_up.remote(task)])
        self._cause = ""

    @property
    def awaited(self) -> Any:
        """The next answer; None where nothing was asked."""
        return self._asked[0] if self._asked else None

    def send(self, index: int, unit: object) -> None:
        """Hand over a unit."""
        packed = pickle.dumps(unit, pickle.HIGHEST_PROTOCOL)
        self._asked.append(self._actor.run.remote(index, packed))

    def receive(self) -> Message | None:
        """The next answer; None when it is gone."""
        import ray
        from ray.exceptions import RayError

        try:
            answer: bytes = ray.get(self._asked.popleft())
        except RayError as error:
            absent = "No module named 'lakescan'" in str(error)
            self._cause = "lakescan is not installed there" if absent else type(error).__name__
            return None
        message: Message = pickle.loads(answer)
        return message

    def kill(self) -> None:
        """End it now."""
        import ray

        ray.kill(self._actor)

    def cause_of_death(self) -> str:
        """Why it is gone, for a person."""
        self.kill()  # Ray may only have lost sight of it
        return self._cause


class Actors:
    """Staff: actors of the connected cluster.

    Args:
        task: pickled.
        needs: of each.
        spare: actors with such needs that have been started already.
    """

    def __init__(self, task: bytes, needs: WorkerNeeds, spare: list[Any]) -> None:
        import ray

        self._task = ray.put(task)
        self._needs = needs
        self._spare = spare

    def hire(self) -> RayWorker:
        """One that stands by, or a new one."""
        actor = self._spare.pop() if self._spare else start_actor(self._needs)
        return RayWorker(actor, self._task)

    def messages(
        self, workers: Sequence[RayWorker], timeout: float | None
    ) -> Iterator[tuple[RayWorker, Message | None]]:
        """What has been answered; Ray answers for an actor that is gone."""
        import ray

        asked = {worker.awaited: worker for worker in workers if worker.awaited is not None}
        if not asked:
            time.sleep(timeout or 0.0)
            return
        ready, _ = ray.wait(list(asked), timeout=timeout)
        if ready:
            ready, _ = ray.wait(list(asked), num_returns=len(asked), timeout=0)
        for answer in ready:
            yield asked[answer], asked[answer].receive()

    def dismiss(self, workers: Sequence[RayWorker]) -> None:
        """They have nothing to finish."""
        for worker in workers:
            worker.kill()
