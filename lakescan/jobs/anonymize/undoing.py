"""Which columns of an output the key brings back, by the record that stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from lakescan.connectors import Dataset, Selection, discover
from lakescan.connectors.paths import below
from lakescan.jobs.anonymize.in_place import names_root
from lakescan.jobs.anonymize.pairing import counterpart
from lakescan.jobs.anonymize.record import ColumnRecord
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan, Treatment
from lakescan.udfs.anonymize.tally import Tallies


@dataclass(frozen=True, slots=True)
class Revealed:
    """One column that was brought back, or brought under another key.

    Args:
        key_id: under which it had been hidden.
        changed: cells that are others now.
    """

    table: str
    column: str
    operator: str
    domain: str
    key_id: str | None
    changed: int


def undone_tables(
    uri: str, selection: Selection, records: Sequence[ColumnRecord]
) -> Iterator[tuple[Dataset, TablePlan]]:
    """The tables of an output, and what is brought back in each.

    Args:
        uri: of the output.
        selection: which files, and how storage is reached.
        records: what was done to their columns.
    """
    known = {record.table for record in records}
    root = names_root(uri)
    for dataset in discover(uri, selection):
        if isinstance(dataset, Dataset):
            source = counterpart(below(dataset.uri, root), known)
            mine = [record for record in records if record.table in (source, "")]
            yield dataset, TablePlan(tuple(_columns(mine, dataset.schema)))


def _columns(records: Sequence[ColumnRecord], schema: pa.Schema | None) -> Iterator[ColumnPlan]:
    for record in records:
        treatment = undone(record)
        if treatment is not None:
            # By name where there are names: a column that is gone moves the others.
            index = -1 if schema is not None and record.column else record.index
            yield ColumnPlan(index, record.column, record.entity, whole=treatment)


def undone(record: ColumnRecord) -> Treatment | None:
    """What brings a column back; of spans inside texts, only what says that it is one."""
    undone = [
        each
        for each in record.treatments
        if each.operator != "keep" and build_operator(each.operator, each.options).traits.reversible
    ]
    if record.scope == "cells":
        return undone[0] if undone else None
    sealed = [each for each in undone if each.operator == "encrypt"]
    if not sealed:
        return None
    domains = sorted({each.domain for each in sealed})
    return Treatment("encrypt", {"domains": domains}, domains[0], sealed[0].key_id)


def asked(tables: Sequence[tuple[Dataset, TablePlan]], root: str) -> list[dict[str, object]]:
    """The columns, as they stand on record before anything is read."""
    return [
        {"table": below(dataset.uri, root), "column": plan.path, "key_id": plan.whole.key_id}
        for dataset, table in tables
        for plan in table.columns
        if plan.whole is not None
    ]


def revealed(
    tables: Sequence[tuple[Dataset, TablePlan]], tallies: Sequence[Tallies], root: str
) -> tuple[Revealed, ...]:
    """The columns, with how many cells of each are others now."""
    return tuple(
        Revealed(
            below(dataset.uri, root),
            plan.path,
            plan.whole.operator,
            plan.whole.domain,
            plan.whole.key_id,
            sum(each.changed for (_, path), each in some.items() if path == plan.path),
        )
        for (dataset, table), some in zip(tables, tallies, strict=True)
        for plan in table.columns
        if plan.whole is not None
    )
