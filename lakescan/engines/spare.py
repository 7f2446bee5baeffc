"""Workers of the local pool that start while a job plans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from lakescan.engines.process import WorkerProcess

_SPARE: ContextVar[list[WorkerProcess] | None] = ContextVar("spare", default=None)


@contextmanager
def standing_by(workers: int, module: str) -> Iterator[None]:
    """Have so many workers start meanwhile, each of them importing ``module``.

    The first pool that runs takes them; those that none takes are ended.
    """
    spare = [WorkerProcess(workers, module) for _ in range(workers)]
    token = _SPARE.set(spare)
    try:
        yield
    finally:
        _SPARE.reset(token)
        for worker in spare:
            worker.kill()


def spare_worker(siblings: int) -> WorkerProcess | None:
    """One that stands by, if there is one with the threads that are due among so many workers."""
    spare = _SPARE.get()
    return spare.pop() if spare and spare[-1].siblings == siblings else None
