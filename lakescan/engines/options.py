"""How a run is asked for: which engine, how many workers, where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Which engine, and how much of it.

    Args:
        name: ``auto``, ``local``, ``ray`` or ``spark``.
        workers: how many units run at once; None for one a CPU.
        address: a running cluster: Ray's ``host:port`` or ``auto``, or a Spark master's URL; None
            to start one here.
        attempts: how often a unit is tried when it fails for a passing reason.
    """

    name: str = "auto"
    workers: int | None = None
    address: str | None = None
    attempts: int = 3
