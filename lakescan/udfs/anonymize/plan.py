"""What is done to the columns of a table: small, picklable, and without a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lakescan.udfs.documents import REST


@dataclass(frozen=True, slots=True)
class Treatment:
    """An operator, and for what.

    Args:
        operator: its name.
        options: as the policy has them.
        domain: within it, equal values are treated alike.
        key_id: the master key; None for the one in use.
        rule: where in the policy it is said; for messages.
    """

    operator: str
    options: Mapping[str, object] = field(default_factory=dict)
    domain: str = "default"
    key_id: str | None = None
    rule: str = ""

    @property
    def key(self) -> tuple[str, str, str, str | None]:
        """Equal for treatments that do the same."""
        options = repr(sorted((name, repr(value)) for name, value in self.options.items()))
        return self.operator, options, self.domain, self.key_id


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What is done to one column (a leaf of a nested one).

    Args:
        index: of the top-level column.
        path: as `lakescan.udfs.leaves` has it; empty in a table without names.
        entity: what its cells are, where they are treated whole.
        category: its category.
        whole: what is done to whole cells; None where spans inside them are looked for.
        spans: what is done to spans, by entity; ``*`` for any other sensitive one.
        subject: the top-level column that says whose a row is.
    """

    index: int
    path: str
    entity: str = ""
    category: str = ""
    whole: Treatment | None = None
    spans: Mapping[str, Treatment] = field(default_factory=dict)
    subject: str | None = None

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """All that may be done here."""
        return (self.whole,) if self.whole is not None else tuple(self.spans.values())


class Plan(Protocol):
    """Tells what is done to a leaf: `TablePlan`, or what decides when it first sees one."""

    def at(self, index: int, path: str) -> ColumnPlan | None:
        """The plan for a leaf, if there is one."""

    def rest(self, index: int, path: str) -> ColumnPlan | None:
        """The plan for a field of documents that was judged together with others, if it was."""

    def inside(self, index: int, name: str) -> bool:
        """Whether anything is done to a top-level column."""


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What is done to a table; columns that are not listed stay.

    Args:
        columns: what is done, leaf by leaf.
        kept: paths of documents' fields that have a verdict of their own and stay.
    """

    columns: tuple[ColumnPlan, ...] = ()
    kept: frozenset[str] = frozenset()

    def at(self, index: int, path: str) -> ColumnPlan | None:
        """The plan for a leaf, if there is one; of columns of one name, that in the same place."""
        fitting = [
            plan
            for plan in self.columns
            if plan.path == path or (not plan.path and plan.index == index)
        ]
        return next(
            (plan for plan in fitting if plan.index == index), fitting[0] if fitting else None
        )

    def rest(self, index: int, path: str) -> ColumnPlan | None:
        """The plan for a field of documents that was judged together with others, if it was."""
        if path in self.kept:
            return None
        together = f"{path.partition('.$')[0]}.${REST}"
        plan = self.at(index, together)
        return plan if plan is not None and plan.path == together else None

    def inside(self, index: int, name: str) -> bool:
        """Whether anything is done to a top-level column."""
        roots = (f"{name}.", f"{name}[")
        for plan in self.columns:
            if plan.path == name or plan.path.startswith(roots):
                return True
            if not plan.path and plan.index == index:
                return True
        return False
