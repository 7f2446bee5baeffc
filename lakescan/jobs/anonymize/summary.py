"""From plans and counts to the report of what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import orjson

from lakescan.connectors.paths import below
from lakescan.policy import Policy
from lakescan.reports.anonymization.model import ColumnAction, TableAction
from lakescan.reports.model import ColumnReport, DatasetReport
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan, Treatment
from lakescan.udfs.anonymize.tally import ColumnTally, Tallies


def table_action(
    report: DatasetReport,
    plan: TablePlan,
    tallies: Tallies,
    policy: Policy,
    keyring: Keyring | None,
    *,
    kept: int = 0,
) -> TableAction:
    """What was done to one table, column by column, with those that stayed.

    Args:
        report: the table as it was scanned.
        plan: what is done to its columns.
        tallies: counts of what this run wrote.
        policy: names entities' categories.
        keyring: names the key in use.
        kept: how many of its outputs an earlier run wrote.
    """
    actions = [
        action
        for column in report.columns
        for action in _actions(column, plan, tallies, policy, keyring, kept=kept)
    ]
    known = {column.index for column in report.columns}
    actions += [
        _action(_unread(planned), "", "", planned.whole, _counted(tallies, planned, ""), keyring)
        for planned in plan.columns
        if planned.whole is not None and planned.index not in known
    ]
    return TableAction(report.uri, report.format, (), report.rows, tuple(actions), kept)


def _actions(
    column: ColumnReport,
    plan: TablePlan,
    tallies: Tallies,
    policy: Policy,
    keyring: Keyring | None,
    *,
    kept: int,
) -> Iterator[ColumnAction]:
    planned = plan.at(column.index, column.column or "")
    first = column.classifications[0] if column.classifications else None
    entity, category = (first.entity, first.category) if first else ("", "")
    stays = ColumnAction(column.column, column.index, column.type, entity, category, "keep")
    above = _above(plan, column)
    if above is not None and above.whole is not None:
        tally = _counted(tallies, above, entity)
        yield _action(column, entity, category, above.whole, tally, keyring)
        return
    if planned is None:
        yield stays
        return
    tally = _tally(tallies, column)
    if planned.whole is not None:
        yield _action(column, planned.entity, planned.category, planned.whole, tally, keyring)
        return
    spans = sorted(tally.found.items(), key=lambda each: (-each[1], each[0]))
    if not spans and kept:
        # What there was to be exchanged, an earlier run has.
        treatment = planned.spans.get(entity) or planned.spans["*"]
        yield _action(column, entity, category, treatment, tally, keyring, "spans")
    elif not spans:
        yield stays
    for name, _ in spans:
        treatment = planned.spans.get(name) or planned.spans["*"]
        yield _action(column, name, policy.category_of(name), treatment, tally, keyring, "spans")


def _action(  # noqa: PLR0917 - the parts of one row
    column: ColumnReport,
    entity: str,
    category: str,
    treatment: Treatment,
    tally: ColumnTally,
    keyring: Keyring | None,
    scope: str = "cells",
) -> ColumnAction:
    traits = build_operator(treatment.operator, treatment.options).traits
    primary = keyring.primary if keyring is not None else None
    return ColumnAction(
        column.column,
        column.index,
        column.type,
        entity,
        category,
        treatment.operator,
        "column" if treatment.operator == "drop" else scope,
        treatment.domain if traits.keyed else None,
        (treatment.key_id or primary) if traits.keyed else None,
        traits.reversible,
        traits.deterministic,
        tally.cells,
        tally.found[entity],
        tally.changed,
        tally.unfit,
        treatment.rule,
    )


def _above(plan: TablePlan, column: ColumnReport) -> ColumnPlan | None:
    """What is done to the whole struct or list that a column is a part of."""
    name = column.column or ""
    whole = (each for each in plan.columns if each.whole is not None and each.path)
    return next(
        (each for each in whole if name.startswith((f"{each.path}.", f"{each.path}["))), None
    )


def _unread(planned: ColumnPlan) -> ColumnReport:
    """A column that the scan was told to ignore, as far as it is known."""
    return ColumnReport(planned.path, planned.index, "", 0, 0, 0, sensitive=False)


def _counted(tallies: Tallies, planned: ColumnPlan, entity: str) -> ColumnTally:
    """The counts of a whole column, all of it as one entity."""
    own = tallies.get((planned.index, planned.path), ColumnTally())
    return replace(own, found=Counter({entity: own.cells}))


def _tally(tallies: Tallies, column: ColumnReport) -> ColumnTally:
    """The counts of a column; in a table without names, those of its place."""
    if column.column is not None:
        return tallies.get((column.index, column.column), ColumnTally())
    found = [tally for (index, _), tally in tallies.items() if index == column.index]
    return found[0] if found else ColumnTally()


def metadata_of(
    source: str, plans: Sequence[tuple[str, TablePlan]], policy: Policy, keyring: Keyring | None
) -> dict[str, str]:
    """What is kept beside the output, so that a later run can join or reveal; no value, no key."""
    columns = [
        {
            "table": below(uri, source),
            "column": planned.path,
            "index": planned.index,
            "entity": planned.entity,
            "scope": "spans" if planned.whole is None else "cells",
            "treatments": [_about(each, keyring) for each in _different(planned.treatments)],
        }
        for uri, plan in plans
        for planned in plan.columns
    ]
    return {
        "lakescan.policy": policy.hash,
        "lakescan.key_id": keyring.primary if keyring is not None else "",
        "lakescan.anonymized": orjson.dumps(columns).decode(),
    }


def _different(treatments: Iterable[Treatment]) -> list[Treatment]:
    return list({treatment.key: treatment for treatment in treatments}.values())


def _about(treatment: Treatment, keyring: Keyring | None) -> dict[str, object]:
    about: dict[str, object] = {"operator": treatment.operator, "options": dict(treatment.options)}
    if build_operator(treatment.operator, treatment.options).traits.keyed and keyring is not None:
        about |= {"domain": treatment.domain, "key_id": treatment.key_id or keyring.primary}
    return about
