"""What stays open while a job runs: sessions of a database whose snapshot all workers share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from contextvars import ContextVar
from typing import Protocol

_HELD: ContextVar[ExitStack | None] = ContextVar("held", default=None)


class Closable(Protocol):
    """Something to be closed."""

    def close(self) -> None:
        """Close it."""


@contextmanager
def holding() -> Iterator[None]:
    """Keep open what connectors ask to be kept, until the end."""
    with ExitStack() as stack:
        token = _HELD.set(stack)
        try:
            yield
        finally:
            _HELD.reset(token)


def is_held() -> bool:
    """Whether there is somebody who keeps things open."""
    return _HELD.get() is not None


def hold(thing: Closable) -> None:
    """Have something closed at the end of the job; at once where there is none."""
    stack = _HELD.get()
    if stack is None:
        thing.close()
    else:
        stack.enter_context(closing(thing))
