"""What a service answers, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias, TypeVar, cast

T = TypeVar("T")

#: A JSON object as the service wrote it; its keys are those of ``--format json``.
Document: TypeAlias = "Mapping[str, Any]"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding in a text; offsets count code points, half-open."""

    start: int
    end: int
    entity: str
    category: str
    domain: str
    score: float
    detector: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """What stands where something was found."""

    start: int
    end: int
    new_start: int
    new_end: int
    entity: str
    category: str
    operator: str


@dataclass(frozen=True, slots=True)
class Anonymized:
    """A text without the people in it, and what was exchanged in it."""

    text: str
    replacements: tuple[Replaced, ...]


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """What was done to a column."""

    column: str | None
    index: int
    entity: str
    operator: str
    scope: str
    reversible: bool
    cells: int
    changed: int


@dataclass(frozen=True, slots=True)
class AnonymizedRows:
    """Rows without the people in them, and what was done to their columns."""

    rows: tuple[Mapping[str, object], ...]
    columns: tuple[ColumnChange, ...]


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a scan job is.

    Args:
        status: ``queued``, ``running``, ``cancelling``, ``complete``, ``partial``, ``failed``,
            ``cancelled`` or ``interrupted``.
        progress, totals, error: as the service tells them; None where there are none.
    """

    id: str
    status: str
    sources: tuple[str, ...]
    policy: str | None
    engine: str | None
    caller: str | None
    submitted: str | None
    progress: Mapping[str, object] | None
    totals: Mapping[str, object] | None
    error: Mapping[str, object] | None

    @property
    def ended(self) -> bool:
        """Whether it is at work no more."""
        return self.status not in ("queued", "running", "cancelling")


@dataclass(frozen=True, slots=True)
class Operator:
    """What becomes of what is found, in a request.

    Args:
        operator: its name (``GET /v1/operators``).
        options: its own.
        domain: equal values of one domain stay equal; None for the policy's.
        key_id: a key of the service's keyring; None for the one in use.
    """

    operator: str
    options: Mapping[str, object] | None = None
    domain: str | None = None
    key_id: str | None = None

    def to_json(self) -> dict[str, object]:
        """As the service reads it."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in told.items() if value is not None}


def filled(kind: type[T], value: Mapping[str, object]) -> T:
    """A value from a JSON object; keys that a newer service adds are passed over."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: each for name, each in value.items() if name in known})


def job_of(value: Mapping[str, object]) -> JobStatus:
    """A job."""
    sources = cast("Sequence[str]", value["sources"])
    return filled(JobStatus, {**value, "sources": tuple(sources)})


def anonymized_of(values: Sequence[Mapping[str, object]]) -> list[Anonymized]:
    """Texts."""
    found = []
    for each in values:
        spans = cast("Sequence[Mapping[str, object]]", each["replacements"])
        found.append(Anonymized(str(each["text"]), tuple(filled(Replaced, one) for one in spans)))
    return found
