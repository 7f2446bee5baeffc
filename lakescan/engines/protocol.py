"""What an engine promises: it runs one picklable task over many picklable units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from lakescan.errors import LakescanError

Unit = TypeVar("Unit")
Result = TypeVar("Result")
UnitIn = TypeVar("UnitIn", contravariant=True)
ResultOut = TypeVar("ResultOut", covariant=True)


class Task(Protocol[UnitIn, ResultOut]):
    """Work on one unit. Pickled once per worker; deterministic, so that a retry is harmless."""

    def setup(self) -> None:
        """Load models and compile patterns; called once in each worker process."""

    def __call__(self, unit: UnitIn) -> ResultOut:
        """Do one unit. A ``TransientError`` is retried, any other error is that unit's outcome."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Unit, Result]):
    """How one unit ended: exactly one of ``result`` and ``error`` is set."""

    unit: Unit
    result: Result | None
    error: LakescanError | None
    seconds: float
    attempts: int = 1


class Engine(Protocol):
    """Runs a task over units, wherever that is.

    ``run`` yields one outcome for every unit, in any order, as they end. A worker that dies costs
    its units a retry, and after the retries an outcome with a ``TransientError``; it never hangs
    and never raises for a unit's sake. Closing the iterator early stops the work.
    """

    name: str

    @property
    def parallelism(self) -> int:
        """How many units run at once, as far as the engine knows before it starts."""

    def run(
        self, task: Task[Unit, Result], units: Sequence[Unit]
    ) -> Iterator[Outcome[Unit, Result]]:
        """Run ``task`` over ``units``."""
