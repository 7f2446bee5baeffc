"""The report of an anonymize job as values."""

from __future__ import annotations

from dataclasses import dataclass

from lakescan.reports.model import ErrorReport


@dataclass(frozen=True, slots=True)
class ColumnAction:
    """What was done to one column by one operator.

    Args:
        column: its path; None in a table without names.
        index: of the top-level column.
        type: as the scan saw it.
        entity: what was found; of cells treated whole, the column's verdict.
        category: its category.
        operator: ``keep`` where nothing is done.
        scope: ``cells`` or ``spans``; ``column`` for columns that go.
        domain: within it, equal values are treated alike.
        key_id: the master key; None without one.
        reversible: whether `lakescan.reveal` brings the values back.
        deterministic: whether equal values became equal ones.
        cells: cells that were looked at.
        found: cells, or spans in them, that the operator was given.
        changed: cells that are others now, by whatever operator.
        unfit: values that the operator could not work on, and that were taken out.
        rule: which rule of the policy; ``default`` or empty.
    """

    column: str | None
    index: int
    type: str
    entity: str
    category: str
    operator: str
    scope: str = "cells"
    domain: str | None = None
    key_id: str | None = None
    reversible: bool = False
    deterministic: bool = True
    cells: int = 0
    found: int = 0
    changed: int = 0
    unfit: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class TableAction:
    """What was done to one table.

    Args:
        outputs: names of what holds it now.
        columns: with counts of what this run wrote.
        kept: how many of the outputs an earlier run wrote.
    """

    uri: str
    format: str
    outputs: tuple[str, ...]
    rows: int
    columns: tuple[ColumnAction, ...]
    kept: int = 0


@dataclass(frozen=True, slots=True)
class AnonymizeReport:
    """A whole run.

    Args:
        status: ``complete``, ``partial`` (something of the source could not be read), ``planned``
            (a dry run).
        scan_id: the run id of the scan whose verdicts were followed.
        version: of the target since the commit; empty before.
        key_id: of the key in use; None without one.
    """

    run_id: str
    status: str
    source: str
    target: str
    engine: str
    policy_hash: str
    scan_id: str
    version: str
    key_id: str | None
    rows: int
    bytes: int
    seconds: float
    tables: tuple[TableAction, ...]
    errors: tuple[ErrorReport, ...] = ()
    started: str = ""

    @property
    def kept(self) -> int:
        """How many outputs an earlier run wrote."""
        return sum(table.kept for table in self.tables)

    @property
    def outputs(self) -> int:
        """How many outputs hold the tables now."""
        return sum(len(table.outputs) for table in self.tables)
