"""Stage every output of a run on an engine, and commit them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from lakescan.connectors import Dataset
from lakescan.connectors.sinks import Committed, Origin, Staged, Transaction, sink_for
from lakescan.engines.choice import engine_for
from lakescan.engines.options import EngineOptions
from lakescan.errors import LakescanError
from lakescan.jobs.anonymize.kept import kept_of, made_of
from lakescan.jobs.anonymize.outputs import Outputs
from lakescan.jobs.anonymize.task import AnonymizeTask, AnonymizeUnit
from lakescan.jobs.scan.budget import Budget, Spending
from lakescan.jobs.scan.docket import Left
from lakescan.udfs.anonymize.plan import TablePlan
from lakescan.udfs.anonymize.tally import Tallies, merged_tallies


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the tables.

    Args:
        engine: that ran; empty where the run had been committed before.
        tallies: for each table the counts of its columns.
        outputs: for each table the names of what was written.
        committed: what readers see now; of no version where they see nothing yet.
        kept: for each table how many of them an earlier run wrote.
        left: in words, what a spent budget left unwritten; empty where everything is there.
    """

    engine: str
    tallies: tuple[Tallies, ...]
    outputs: tuple[tuple[str, ...], ...]
    committed: Committed
    kept: tuple[int, ...] = ()
    left: str = ""


def write_tables(  # noqa: PLR0913 - the whole of the writing in one call
    transaction: Transaction,
    origin: Origin,
    tables: Sequence[tuple[Dataset, TablePlan]],
    task: AnonymizeTask,
    options: EngineOptions,
    release: Callable[[], None] = lambda: None,
    *,
    recipes: Sequence[str] = (),
    budget: Budget | None = None,
) -> Outcome:
    """Write all tables, or none; what this run has staged before is not written again.

    With a budget that is spent before all is written, nothing is committed: what is staged stays
    for the run to go on with.

    Args:
        transaction: the run at the sink.
        origin: where the tables come from.
        tables: what is done to each.
        task: does it.
        options: of the engine.
        release: lets go of the source, before the commit.
        recipes: for each table what else than its rows its outputs depend on; with them, what the
            run before wrote of the same rows in the same way stays.
        budget: of what is written now; what was staged before costs nothing.

    Raises:
        LakescanError: of the first output that failed for good; what was staged is removed.
    """
    if transaction.committed is not None:
        nothing: tuple[Tallies, ...] = tuple({} for _ in tables)
        names: tuple[tuple[str, ...], ...] = tuple(() for _ in tables)
        return Outcome("", nothing, names, transaction.committed, tuple(0 for _ in tables))
    sink = sink_for(transaction.target.uri)
    units = Outputs([plan for _, plan in tables])
    try:
        for place, (dataset, _) in enumerate(tables):
            planned = sink.plan(transaction, dataset, origin)
            if recipes:
                planned = (made_of(unit, recipes[place]) for unit in planned)
            units.add(place, planned)
        for one in sink.staged(transaction):
            units.staged(one)
        if recipes:
            for unit, one in kept_of(sink, transaction, units):
                units.staged(replace(one, unit=unit.output.id), kept=True)
        left = Left(units, units.done)
        engine = engine_for(options, left)
        counts: list[Tallies] = [{} for _ in tables]
        purse = _Purse(budget or Budget())
        spent = None
        with closing(engine.run(task, left)) as outcomes:  # type: ignore[type-var]
            for outcome in outcomes:
                if outcome.result is None:
                    assert outcome.error is not None
                    raise _named(outcome.error, outcome.unit)
                units.staged(outcome.result.staged)
                table = outcome.unit.table
                counts[table] = merged_tallies([counts[table], outcome.result.tallies])
                spent = purse.spent(outcome.unit, outcome.result.staged)
                if spent is not None and units.left:
                    break
        release()
        committed = (
            _not_yet(transaction, units.all_staged())
            if units.left
            else sink.commit(transaction, units.all_staged())
        )
    except LakescanError:
        sink.abort(transaction)
        raise
    return Outcome(
        engine.name,
        tuple(counts),
        tuple(tuple(units.names(place)) for place in range(len(tables))),
        committed,
        tuple(units.kept(place) for place in range(len(tables))),
        f"{units.left:,} of {len(units):,} outputs were left, as the budget of {spent} is spent; "
        "nothing shows before the rest is written, too (--resume)"
        if units.left
        else "",
    )


class _Purse:
    """A budget, and what is written of it."""

    def __init__(self, budget: Budget) -> None:
        self._spending = Spending(budget, 0, 0)
        self._rows = 0
        self._bytes = 0

    def spent(self, unit: AnonymizeUnit, staged: Staged) -> str | None:
        """Which bound is reached now that this unit is written, too; None if none is."""
        self._rows += staged.rows
        self._bytes += sum(split.size for split in unit.output.splits)
        return self._spending.spent(self._rows, self._bytes)


def _not_yet(transaction: Transaction, staged: Iterable[Staged]) -> Committed:
    """What is staged, as nobody sees it."""
    rows = size = 0
    for one in staged:
        rows += one.rows
        size += one.bytes
    return Committed(transaction.target.run_id, "", 0, rows, size)


def _named(error: LakescanError, unit: AnonymizeUnit) -> LakescanError:
    """The error of a unit, which says what was read where it did not say so itself."""
    source = next((split.uri for split in unit.output.splits), None)
    if error.uri is None and source is not None and source not in error.message:
        error.uri = source
        error.message = f"{source}: {error.message}"
    return error
