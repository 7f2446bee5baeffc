"""One scan under way: plan, run, reduce, commit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lakescan import __version__
from lakescan.connectors import Selection
from lakescan.connectors.held import holding
from lakescan.engines.choice import engine_for
from lakescan.engines.options import EngineOptions
from lakescan.engines.protocol import Outcome
from lakescan.errors import UsageError
from lakescan.jobs.accuracy import asked, decided
from lakescan.jobs.ledger.book import Book, new_run_id
from lakescan.jobs.ledger.folder import RunFolder, folder_uri
from lakescan.jobs.ledger.parts import Entry
from lakescan.jobs.result import ScanResult
from lakescan.jobs.scan.buckets import protection
from lakescan.jobs.scan.budget import Budget, Spending
from lakescan.jobs.scan.fold import Fold, error_report, status_of
from lakescan.jobs.scan.meter import Meter
from lakescan.jobs.scan.plan import Plan, make_plan
from lakescan.jobs.scan.request import Output
from lakescan.jobs.scan.task import ScanTask
from lakescan.jobs.scan.unit import Partial, ScanUnit
from lakescan.policy import AccuracyMode, Policy, Sampling
from lakescan.reports.ipython import usual_progress
from lakescan.reports.model import ErrorReport, ScanReport
from lakescan.reports.progress import Progress
from lakescan.reports.splits import SplitReport
from lakescan.udfs.detect import build_detectors


class Running:
    """One scan under way; the arguments are those of `scan`."""

    def __init__(
        self,
        policy: Policy,
        selection: Selection | None,
        engine: EngineOptions,
        progress: Progress | None,
        budget: Budget | None,
    ) -> None:
        self._hash = policy.hash
        self._policy = policy = decided(policy)
        self._selection = selection or Selection()
        self._engine = engine
        self._progress = progress or usual_progress()
        self._budget = budget or Budget()
        self._started = time.monotonic()
        self._when = datetime.now(UTC).isoformat(timespec="seconds")
        self._versions = tuple(sorted(build_detectors(policy).versions.items()))
        self._errors: dict[ErrorReport, None] = {}  # in order; the splits of a file fail alike

    def run(self, uris: list[str], kept: str | Path | Output | None) -> ScanResult:
        """Plan, read what is left to read, and report."""
        output = Output(str(kept)) if isinstance(kept, str | Path) else kept
        if not uris:
            raise UsageError("nothing to scan", hint="give a file, a folder or a URI")
        self._progress.phase("planning")
        book = None
        if output is not None:
            book = Book(RunFolder(output.uri, self._selection.storage), resume=output.resume)
        selection = replace(
            self._selection, exclude=(*self._selection.exclude, *_below(uris, output))
        )
        with holding():
            return self._held(uris, selection, output, book)

    def _held(
        self, uris: list[str], selection: Selection, output: Output | None, book: Book | None
    ) -> ScanResult:
        """Plan and run, while what connectors keep open is open."""
        plan = make_plan(uris, self._policy, selection, self._versions)
        for failure in plan.failures:
            self._problem(error_report(failure.uri, failure.error))
        fold = Fold(plan, self._policy)
        meter = Meter(plan, fold, self._progress)
        self._progress.phase("scanning")
        if book is not None and output is not None and output.reuses:
            self._take_over(plan, book, fold, meter)
        name = self._read(plan, fold, meter, book)
        for notice in fold.notices:
            self._problem(notice)
        self._progress.phase("reporting")
        report = self._report(fold, name, book.run_id if book else new_run_id())
        if book is not None:
            book.commit(report, plan.units.reports([d.uri for d in plan.datasets]))
        return ScanResult(report)

    def _take_over(self, plan: Plan, book: Book, fold: Fold, meter: Meter) -> None:
        """Fold what earlier runs did."""
        for entry in book.earlier(fold.wants):
            if fold.add(entry.partial) is not None:
                split = replace(entry.split, status="reused")
                plan.units.ended(split)
                if split.error is not None:
                    self._problem(ErrorReport(split.uri, split.error_kind or "", split.error))
                meter.reused += 1
                meter.tick()

    def _read(self, plan: Plan, fold: Fold, meter: Meter, book: Book | None) -> str:
        """Run the units that are left; the name of the engine that did."""
        units = fold.open_units
        engine = engine_for(self._engine, units)
        task = ScanTask(self._policy, self._selection.storage)
        spending = Spending(self._budget, fold.rows, fold.bytes)
        try:
            with closing(engine.run(task, units)) as outcomes:  # type: ignore[type-var]
                for outcome in outcomes:
                    self._ended(plan, fold, meter, book, outcome)
                    spent = spending.spent(fold.rows, fold.bytes)
                    if spent is not None and fold.left:
                        self._stop(plan, fold, spent)
                        break
        finally:
            if book is not None:
                book.flush()
        meter.tell()
        return engine.name

    def _ended(
        self,
        plan: Plan,
        fold: Fold,
        meter: Meter,
        book: Book | None,
        outcome: Outcome[ScanUnit, Partial],
    ) -> None:
        unit = outcome.unit
        split = _split_report(plan, outcome)
        if outcome.result is not None:
            if fold.add(outcome.result) is None:
                return
            if outcome.result.damage is not None:
                self._problem(error_report(unit.split.uri, outcome.result.damage))
            if book is not None:
                book.add(Entry(split, outcome.result))
        else:
            assert outcome.error is not None
            fold.give_up(unit)
            meter.failed += 1
            meter.failed_bytes += unit.split.size
            self._problem(error_report(unit.split.uri, outcome.error))
        plan.units.ended(split)
        meter.tick()

    def _stop(self, plan: Plan, fold: Fold, spent: str) -> None:
        """Leave the rest for a later run, because so much of the budget is spent."""
        for unit in fold.open_units:
            plan.units.ended(_left(plan, unit))
        for uri, count in fold.stop().items():
            message = f"{count:,} splits were left, as the budget of {spent} is spent (--resume)"
            self._problem(ErrorReport(uri, "Budget", message))

    def _problem(self, error: ErrorReport) -> None:
        if error not in self._errors:
            self._errors[error] = None
            self._progress.problem(error)

    def _report(self, fold: Fold, engine: str, run_id: str) -> ScanReport:
        errors = tuple(sorted(self._errors, key=lambda error: (error.uri, error.kind)))
        return ScanReport(
            run_id=run_id,
            status=status_of(errors, fold.committed),
            engine=engine,
            policy_hash=self._hash,
            rows_scanned=fold.rows,
            bytes_scanned=fold.bytes,
            seconds=time.monotonic() - self._started,
            datasets=fold.reports(),
            errors=errors,
            versions=(
                ("lakescan", __version__),
                ("accuracy_mode", str(self._policy.accuracy_mode)),
                *self._versions,
            ),
            started=self._when,
            buckets=protection(fold.reports(), self._selection.storage),
        )


def _left(plan: Plan, unit: ScanUnit) -> SplitReport:
    return SplitReport(
        unit=unit.id,
        dataset=plan.datasets[unit.dataset].uri,
        uri=unit.split.uri,
        version=unit.split.version,
        format=unit.split.format.name,
        range=unit.range,
        status="left",
        rows=0,
        bytes=0,
        seconds=0.0,
        attempts=0,
    )


def _split_report(plan: Plan, outcome: Outcome[ScanUnit, Partial]) -> SplitReport:
    unit, result = outcome.unit, outcome.result
    error = outcome.error or (None if result is None else result.damage)
    return replace(
        _left(plan, unit),
        status="failed" if result is None else "complete",
        rows=0 if result is None else result.rows,
        bytes=unit.split.size,
        seconds=outcome.seconds,
        attempts=outcome.attempts,
        error_kind=None if error is None else error.kind,
        error=None if error is None else str(error),
    )


def _below(uris: Sequence[str], output: Output | None) -> tuple[str, ...]:
    """Globs that leave out the run folder where it lies below a source."""
    if output is None:
        return ()
    folder = folder_uri(output.uri)
    roots = [folder_uri(uri) for uri in uris]
    return tuple(folder[len(root) + 1 :] for root in roots if folder.startswith(root + "/"))


def resolved(
    given: Policy | str | Path | None, mode: AccuracyMode | None, sample: Sampling | None
) -> Policy:
    """The policy of a scan: what is given, with what the call says instead."""
    if given is None:
        policy = Policy.default()
    else:
        policy = given if isinstance(given, Policy) else Policy.load(given)
    policy = asked(policy, mode)
    if sample is None:
        return policy
    kept = {name: getattr(policy, name) for name in type(policy).model_fields}
    return Policy.model_validate(kept | {"sampling": sample})
