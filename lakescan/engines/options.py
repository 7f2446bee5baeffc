"""How a run is asked for: which engine, how many workers, where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lakescan.errors import UsageError


@dataclass(frozen=True, slots=True)
class WorkerNeeds:
    """What a Ray cluster keeps for each worker. The local engine does not ask.

    Args:
        cpus: processors, or a part of one.
        gpus: GPUs, or a part of one that workers share; for the models.
        memory: bytes; None for whatever is there.
        resources: of the cluster's own names.
    """

    cpus: float = 1.0
    gpus: float = 0.0
    memory: int | None = None
    resources: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        amounts = (self.gpus, self.memory or 0, *self.resources.values())
        if self.cpus <= 0 or min(amounts) < 0:
            raise UsageError("a worker needs some CPU, and nothing less than none of the rest")


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Which engine, and how much of it.

    Args:
        name: ``auto``, ``local``, ``ray`` or ``spark``.
        workers: how many units run at once; None for one a CPU.
        address: a running cluster: Ray's ``host:port`` or ``auto``, or a Spark master's URL; None
            to start one here.
        attempts: how often a unit is tried when it fails for a passing reason.
        worker: what a cluster keeps for each worker.
    """

    name: str = "auto"
    workers: int | None = None
    address: str | None = None
    attempts: int = 3
    worker: WorkerNeeds = WorkerNeeds()
