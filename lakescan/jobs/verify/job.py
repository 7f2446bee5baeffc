"""The verify job: scan the source, pair the files, compare, add up."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from lakescan.connectors import Selection, shown
from lakescan.engines.choice import engine_for
from lakescan.engines.options import EngineOptions
from lakescan.jobs.accuracy import decided
from lakescan.jobs.early import started_for
from lakescan.jobs.scan.job import scan
from lakescan.jobs.verify.fingerprints import Counts, Prints, added, joined
from lakescan.jobs.verify.pairs import Pair, paired
from lakescan.jobs.verify.risk import risk_of, together
from lakescan.jobs.verify.task import Compared, VerifyTask, written_out
from lakescan.jobs.verify.watch import Watch, advice
from lakescan.policy import Policy
from lakescan.reports.ipython import usual_progress
from lakescan.reports.progress import Progress
from lakescan.reports.verification.model import (
    ColumnCheck,
    JoinCheck,
    RiskCheck,
    TableCheck,
    Verification,
)
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan

_PLACES = 8
#: Two columns join tables if so much of the fewer values is in the other.
_SHARED = 0.5
#: Categories whose equal values say nothing of the same row.
_NO_KEYS = frozenset({"AGE", "AMOUNT", "CREDIT_CARD_EXPIRATION", "DATETIME", "DATE_OF_BIRTH"})


def verify(
    target: str | Path,
    against: str | Path,
    policy: Policy | str | Path | None = None,
    *,
    engine: str | EngineOptions = "auto",
    selection: Selection | None = None,
    watch: Watch | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Hold an anonymized lake against its source.

    Args:
        target: what ``lakescan.anonymize`` wrote.
        against: what it was made of.
        policy: the policy by which it was made.
        engine: as in `lakescan.anonymize`.
        selection: which files of both, and how storage is reached.
        watch: which columns the risk is counted over; None for those that the scan finds.
        progress: is told how far the job is; None for the cell of a notebook, elsewhere nobody.

    Returns:
        Leaks column by column, differences of schema and rows, joins, and how far rows stand out.

    Raises:
        PolicyError: the policy is wrong, or does not suit the source.
        UsageError: a column that the risk should be counted over is in no table.
        LakeError: something could not be read.
    """
    started = time.monotonic()
    rules = decided(_policy(policy))
    chosen = selection or Selection()
    options = EngineOptions(engine) if isinstance(engine, str) else engine
    source, output = str(against), str(target)
    watching = progress or usual_progress()
    with started_for(options, [source], storage=chosen.storage):
        scanned = scan(source, rules, engine=options, selection=chosen, progress=watching).value
        pairs = list(paired(source, output, rules, chosen, scanned.datasets, watch or Watch()))
        task = VerifyTask(rules, secrets.token_bytes(32), (chosen.storage, chosen.storage))
        units = [unit for place, pair in enumerate(pairs) for unit in pair.units(place)]
        watching.phase("comparing")
        parts: list[list[Compared]] = [[] for _ in pairs]
        with closing(engine_for(options, units).run(task, units)) as outcomes:  # type: ignore[type-var]
            for outcome in outcomes:
                if outcome.result is None:
                    assert outcome.error is not None
                    raise outcome.error
                parts[outcome.unit.table].append(outcome.result)
    watching.phase("reporting")
    columns = tuple(_columns(pairs, parts))
    tables = tuple(_table(pair, found) for pair, found in zip(pairs, parts, strict=True))
    leaks = sum(column.leaks for column in columns)
    differs = any(table.differences for table in tables)
    return Verification(
        status="leaking" if leaks else "different" if differs else "clean",
        target=shown(output),
        source=shown(source),
        policy_hash=rules.hash,
        seconds=round(time.monotonic() - started, 3),
        leaks=leaks,
        columns=columns,
        tables=tables,
        joins=tuple(_joins(pairs, parts)),
        risks=tuple(_risks(pairs, parts)),
    )


def _policy(given: Policy | str | Path | None) -> Policy:
    if given is None:
        return Policy.default()
    return given if isinstance(given, Policy) else Policy.load(given)


def _columns(pairs: Sequence[Pair], parts: Sequence[Sequence[Compared]]) -> Iterator[ColumnCheck]:
    outputs: dict[str, Prints] = {}
    for pair, found in zip(pairs, parts, strict=True):
        for path in {path for part in found for path in part.outputs}:
            some = [part.outputs[path] for part in found if path in part.outputs]
            outputs[f"{pair.name}: {path}"] = np.unique(np.concatenate(some))
    for pair, found in zip(pairs, parts, strict=True):
        for planned in pair.plan.columns:
            keys = {key for part in found for key in part.cells if _is_of(planned, pair.plan, key)}
            for key in sorted(keys):
                yield _column(pair.name, planned, key, found, outputs)


def _is_of(planned: ColumnPlan, plan: TablePlan, key: tuple[int, str]) -> bool:
    return plan.at(*key) is planned


def _column(
    table: str,
    planned: ColumnPlan,
    key: tuple[int, str],
    parts: Sequence[Compared],
    outputs: Mapping[str, Prints],
) -> ColumnCheck:
    some = [part.originals[key] for part in parts if key in part.originals]
    originals = np.unique(np.concatenate(some)) if some else np.zeros(0, np.uint64)
    # A made-up street may be another row's: in its own output, what counts is whether cells stayed.
    by_rows = planned.category == "LOCATION" and _operator(planned) == "fake"
    by_rows &= all(key in part.same for part in parts if key in part.cells)
    own = written_out(f"{table}: {key[1]}") if by_rows else ""
    places = [
        (place, np.intersect1d(originals, made, assume_unique=True))
        for place, made in outputs.items()
        if written_out(place) != own
    ]
    leaked = [(place, hits) for place, hits in places if len(hits)]
    found = np.unique(np.concatenate([hits for _, hits in leaked])) if leaked else originals[:0]
    return ColumnCheck(
        table=table,
        column=key[1],
        entity=planned.entity,
        operator=_operator(planned),
        cells=sum(part.cells.get(key, 0) for part in parts),
        same=sum(part.same.get(key, 0) for part in parts),
        originals=len(originals),
        found=len(found),
        found_in=tuple(place for place, _ in leaked[:_PLACES]),
        nulls_before=sum(part.nulls_before.get(key, 0) for part in parts),
        nulls_after=sum(part.nulls_after.get(key, 0) for part in parts),
    )


def _table(pair: Pair, parts: Sequence[Compared]) -> TableCheck:
    before = sum(part.rows_before for part in parts)
    after = sum(part.rows_after for part in parts)
    return TableCheck(pair.name, before, after, tuple(pair.differences(before, after)))


def _joins(pairs: Sequence[Pair], parts: Sequence[Sequence[Compared]]) -> Iterator[JoinCheck]:
    """Columns of different tables that hold the same values, before and after."""
    before: dict[tuple[int, str], tuple[Prints, Counts]] = {}
    after: dict[tuple[int, str], tuple[Prints, Counts]] = {}
    for place, found in enumerate(parts):
        for path in {path for part in found for path in part.keys_before}:
            key = (place, path)
            before[key] = added(p.keys_before[path] for p in found if path in p.keys_before)
            after[key] = added(p.keys_after[path] for p in found if path in p.keys_after)
    plans = {
        (place, written_out(plan.path)): plan
        for place, pair in enumerate(pairs)
        for plan in pair.plan.columns
    }
    treated = {key: _operator(plan) for key, plan in plans.items()}
    keys = [key for key in before if key not in plans or plans[key].category not in _NO_KEYS]
    for left, right in itertools.combinations(sorted(keys), 2):
        if left[0] == right[0] or not {left, right} & treated.keys():
            continue
        rows = joined(before[left], before[right])
        fewer = min(len(before[left][0]), len(before[right][0]))
        shared = np.intersect1d(before[left][0], before[right][0], assume_unique=True)
        if rows and len(shared) >= max(2, _SHARED * fewer):
            yield JoinCheck(
                f"{pairs[left[0]].name}: {left[1]}",
                f"{pairs[right[0]].name}: {right[1]}",
                rows,
                joined(after[left], after[right]),
                (treated.get(left, ""), treated.get(right, "")),
            )


def _operator(plan: ColumnPlan) -> str:
    return "spans" if plan.whole is None else plan.whole.operator


def _risks(pairs: Sequence[Pair], parts: Sequence[Sequence[Compared]]) -> Iterator[RiskCheck]:
    for pair, found in zip(pairs, parts, strict=True):
        some = [part.groups for part in found if part.groups is not None]
        if not some:
            continue
        groups = together(some)
        quasi = [path for path in pair.quasi if path in groups.columns]
        if quasi:
            confidential = [path for path in pair.confidential if path in groups.columns]
            hints = advice(pair.report, pair.plan)
            yield risk_of(pair.name, groups, quasi, confidential, hints)
