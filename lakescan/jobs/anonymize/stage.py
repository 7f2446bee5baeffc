"""Stage every output of a run on an engine, and commit them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from lakescan.connectors import Dataset
from lakescan.connectors.sinks import Committed, Origin, Staged, Transaction, sink_for
from lakescan.engines.choice import engine_for
from lakescan.engines.options import EngineOptions
from lakescan.errors import LakescanError
from lakescan.jobs.anonymize.kept import kept_of, made_of
from lakescan.jobs.anonymize.task import AnonymizeTask, AnonymizeUnit
from lakescan.udfs.anonymize.plan import TablePlan
from lakescan.udfs.anonymize.tally import Tallies, merged_tallies


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the tables.

    Args:
        engine: that ran; empty where the run had been committed before.
        tallies: for each table the counts of its columns.
        outputs: for each table the names of what was written.
        committed: what readers see now.
        kept: for each table how many of them an earlier run wrote.
    """

    engine: str
    tallies: tuple[Tallies, ...]
    outputs: tuple[tuple[str, ...], ...]
    committed: Committed
    kept: tuple[int, ...] = ()


def write_tables(
    transaction: Transaction,
    origin: Origin,
    tables: Sequence[tuple[Dataset, TablePlan]],
    task: AnonymizeTask,
    options: EngineOptions,
    release: Callable[[], None] = lambda: None,
    *,
    recipes: Sequence[str] = (),
) -> Outcome:
    """Write all tables, or none; what this run has staged before is not written again.

    Args:
        transaction: the run at the sink.
        origin: where the tables come from.
        tables: what is done to each.
        task: does it.
        options: of the engine.
        release: lets go of the source, before the commit.
        recipes: for each table what else than its rows its outputs depend on; with them, what the
            run before wrote of the same rows in the same way stays.

    Raises:
        LakescanError: of the first output that failed for good; what was staged is removed.
    """
    nothing: tuple[Tallies, ...] = tuple({} for _ in tables)
    names: tuple[tuple[str, ...], ...] = tuple(() for _ in tables)
    if transaction.committed is not None:
        return Outcome("", nothing, names, transaction.committed, tuple(0 for _ in tables))
    sink = sink_for(transaction.target.uri)
    try:
        units = [
            AnonymizeUnit(place, unit, plan)
            for place, (dataset, plan) in enumerate(tables)
            for unit in sink.plan(transaction, dataset, origin)
        ]
        stays: dict[str, Staged] = {}
        if recipes:
            units = [replace(u, output=made_of(u.output, recipes[u.table])) for u in units]
            stays = {u.output.id: one for u, one in kept_of(sink, transaction, units)}
        before = {one.unit: one for one in sink.staged(transaction)}
        before |= stays
        staged: list[Staged] = [before[u.output.id] for u in units if u.output.id in before]
        units_left = [unit for unit in units if unit.output.id not in before]
        engine = engine_for(options, units_left)
        counts: list[list[Tallies]] = [[] for _ in tables]
        with closing(engine.run(task, units_left)) as outcomes:  # type: ignore[type-var]
            for outcome in outcomes:
                if outcome.result is None:
                    assert outcome.error is not None
                    raise _named(outcome.error, outcome.unit)
                staged.append(outcome.result.staged)
                counts[outcome.unit.table].append(outcome.result.tallies)
        release()
        committed = sink.commit(transaction, staged)
    except LakescanError:
        sink.abort(transaction)
        raise
    return Outcome(
        engine.name,
        tuple(merged_tallies(each) for each in counts),
        tuple(
            tuple(dict.fromkeys(u.output.output for u in units if u.table == place))
            for place in range(len(tables))
        ),
        committed,
        tuple(
            sum(u.table == place and u.output.id in stays for u in units)
            for place in range(len(tables))
        ),
    )


def _named(error: LakescanError, unit: AnonymizeUnit) -> LakescanError:
    """The error of a unit, which says what was read where it did not say so itself."""
    source = next((split.uri for split in unit.output.splits), None)
    if error.uri is None and source is not None and source not in error.message:
        error.uri = source
        error.message = f"{source}: {error.message}"
    return error
