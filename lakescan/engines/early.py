"""What an engine surely needs, started while the job still plans."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from lakescan.engines.choice import is_local_pool
from lakescan.engines.cpus import usable_cpus
from lakescan.engines.options import EngineOptions
from lakescan.engines.spare import standing_by


def started_early(
    options: EngineOptions, work: int = 0, module: str = ""
) -> AbstractContextManager[None]:
    """Have a Ray cluster open, or local workers start, beside what a job does first.

    What fails to start is told by the engine, when it runs.

    Args:
        options: the cluster is for all engines that the job runs, the workers for the first.
        work: bytes that units will weigh together, at least.
        module: what the workers import.
    """
    if options.name == "ray":
        from lakescan.engines.ray.opening import opening

        return opening(options)
    if is_local_pool(options, work):
        return standing_by(options.workers or usable_cpus(), module)
    return nullcontext()


def started_once(options: EngineOptions) -> AbstractContextManager[None]:
    """Have a Ray cluster stay open between the engines that a job runs, from the first one on."""
    if options.name == "ray":
        from lakescan.engines.ray.opening import once_opened

        return once_opened(options)
    return nullcontext()
