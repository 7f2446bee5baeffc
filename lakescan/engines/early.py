"""What an engine surely needs, started while the job still plans."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from lakescan.engines.options import EngineOptions


@contextlib.contextmanager
def started_early(options: EngineOptions) -> Iterator[None]:
    """Have a Ray cluster open beside what a job does first, and for all engines that it runs.

    What fails to start is told by the engine, when it runs.
    """
    if options.name != "ray":
        yield
        return
    from lakescan.engines.ray.opening import opening

    with opening(options):
        yield
