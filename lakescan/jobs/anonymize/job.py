"""The anonymize job: scan, plan, stage, commit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lakescan.connectors import Dataset, Selection, discover
from lakescan.connectors.sinks import Mode, Origin, Staged, Target, Transaction, sink_for
from lakescan.engines.choice import engine_for
from lakescan.engines.options import EngineOptions
from lakescan.errors import ChangedSourceError, LakescanError, TerminalError
from lakescan.jobs.accuracy import decided
from lakescan.jobs.anonymize.plan import TablePlanner
from lakescan.jobs.anonymize.request import Writing
from lakescan.jobs.anonymize.result import AnonymizeResult
from lakescan.jobs.anonymize.summary import metadata_of, table_action
from lakescan.jobs.anonymize.task import AnonymizeTask, AnonymizeUnit
from lakescan.jobs.keys import key_uri, keyring_at
from lakescan.jobs.ledger.book import new_run_id
from lakescan.jobs.scan.job import scan
from lakescan.policy import Policy
from lakescan.reports.anonymization.model import AnonymizeReport, TableAction
from lakescan.reports.model import DatasetReport, ScanReport
from lakescan.reports.progress import Progress, Silent
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.plan import TablePlan
from lakescan.udfs.anonymize.tally import Tallies, merged_tallies


def anonymize(  # noqa: PLR0913 - the whole job in one call
    source: str | Path,
    to: str | Path | None,
    policy: Policy | str | Path | None = None,
    *,
    key: str | None = None,
    engine: str | EngineOptions = "auto",
    selection: Selection | None = None,
    writing: Writing | None = None,
    progress: Progress | None = None,
) -> AnonymizeResult:
    """Write the same tables without the people in them: all of them, or nothing.

    Args:
        source: a URI or path.
        to: where the tables are written; None for a dry run, which writes nothing and shows masked
            samples of what it would do.
        policy: a policy or the path of one, with a section ``anonymize``.
        key: where the keyring is: ``env:NAME``, ``file:PATH`` or a vault's URI; never a key. None
            for what the policy says, else ``env:LAKESCAN_KEY``.
        engine: ``auto``, ``local`` or ``ray``, or `EngineOptions`.
        selection: which files, and how storage is reached.
        writing: what happens to what is in the target.
        progress: is told how far the job is.

    Returns:
        What was done to which column.

    Raises:
        PolicyError: the policy is wrong, or would break a column's type; nothing was written.
        LakeError: something could not be read or written; nothing is visible.
    """
    rules = (
        policy
        if isinstance(policy, Policy)
        else Policy.load(policy)
        if policy
        else Policy.default()
    )
    options = EngineOptions(engine) if isinstance(engine, str) else engine
    job = _Job(decided(rules), key, selection or Selection(), options, progress or Silent())
    if to is None:
        return job.preview(str(source))
    return job.run(str(source), str(to), writing or Writing())


def _policy(given: Policy | str | Path | None) -> Policy:
    if given is None:
        return Policy.default()
    return given if isinstance(given, Policy) else Policy.load(given)


class _Job:
    """One job under way."""

    def __init__(
        self,
        policy: Policy,
        key: str | None,
        selection: Selection,
        engine: EngineOptions,
        progress: Progress,
    ) -> None:
        self._policy = policy
        self._key = key_uri(key, policy.anonymize.key)
        self._keyring: Keyring | None = None if self._key is None else keyring_at(self._key)
        self._selection = selection
        self._engine = engine
        self._progress = progress
        self._started = time.monotonic()
        self._when = datetime.now(UTC).isoformat(timespec="seconds")

    def run(self, source: str, target: str, writing: Writing) -> AnonymizeResult:
        scanned, datasets = self._scanned(source)
        plans = [self._planned(dataset, report) for dataset, report in datasets]
        self._progress.phase("writing")
        run_id = writing.run_id or new_run_id()
        named = [(dataset.uri, plan) for (dataset, _), plan in zip(datasets, plans, strict=True)]
        sink = sink_for(target)
        transaction = sink.begin(
            Target(
                target,
                run_id,
                Mode(writing.mode),
                writing.format,
                storage=writing.storage or self._selection.storage,
                metadata=metadata_of(named, self._policy, self._keyring),
            )
        )
        tallies: list[list[Tallies]] = [[] for _ in plans]
        outputs: list[list[str]] = [[] for _ in plans]
        engine_name, version, size, rows = "", "", 0, 0
        if transaction.committed is None:
            try:
                units = self._units(source, transaction, datasets, plans)
                engine_name, staged = self._write(transaction, units, tallies)
            except LakescanError:
                sink.abort(transaction)
                raise
            for unit in units:
                outputs[unit.table].append(unit.output.output)
            committed = sink.commit(transaction, staged)
        else:
            committed = transaction.committed
        version, size, rows = committed.version, committed.bytes, committed.rows
        tables = tuple(
            replace(
                table_action(report, plan, merged_tallies(counts), self._policy, self._keyring),
                outputs=tuple(names),
            )
            for (_, report), plan, counts, names in zip(
                datasets, plans, tallies, outputs, strict=True
            )
        )
        return AnonymizeResult(
            self._report(scanned, source, target, run_id, tables, engine_name, version, rows, size)
        )

    def preview(self, source: str) -> AnonymizeResult:
        """A dry run."""
        from lakescan.jobs.anonymize.preview import previews

        scanned, datasets = self._scanned(source)
        plans = [self._planned(dataset, report) for dataset, report in datasets]
        shown = tuple(
            previews(
                [dataset for dataset, _ in datasets],
                plans,
                self._policy,
                self._keyring,
                self._selection.storage,
            )
        )
        tables = tuple(
            table_action(report, plan, shown_tallies, self._policy, self._keyring)
            for (_, report), plan, shown_tallies in zip(
                datasets, plans, [each.tallies for each in shown], strict=True
            )
        )
        report = self._report(scanned, source, "", new_run_id(), tables, "", "", 0, 0)
        return AnonymizeResult(replace(report, status="planned"), shown)

    def _scanned(self, source: str) -> tuple[ScanReport, list[tuple[Dataset, DatasetReport]]]:
        """Scan all of the source, and find its datasets as they were scanned.

        Raises:
            TerminalError: a part of a dataset could not be read: no verdict is for all of it.
            ChangedSourceError: the source changed in between.
        """
        scanned = scan(
            source,
            self._policy,
            engine=self._engine,
            selection=self._selection,
            progress=self._progress,
        ).value
        selection = replace(
            self._selection,
            include=(*self._selection.include, *self._policy.include),
            exclude=(*self._selection.exclude, *self._policy.exclude),
        )
        datasets = [each for each in discover(source, selection) if isinstance(each, Dataset)]
        read = {(report.uri, report.version): report for report in scanned.datasets}
        found = []
        for dataset in datasets:
            report = read.get((dataset.uri, dataset.version))
            if report is None:
                raise ChangedSourceError(
                    f"{dataset.uri}: changed since it was scanned", hint="run again"
                )
            found.append((dataset, report))
        broken = {split.uri for dataset in datasets for split in dataset.splits}
        for error in scanned.errors:
            if error.uri in broken:
                raise TerminalError(
                    f"{error.uri} could not be read, so nothing was written: {error.message}",
                    hint="mend it, or leave it out with --exclude",
                    uri=error.uri,
                )
        return scanned, found

    def _planned(self, dataset: Dataset, report: DatasetReport) -> TablePlan:
        return TablePlanner(self._policy, dataset, report, self._keyring is not None).plan()

    def _units(
        self,
        source: str,
        transaction: Transaction,
        datasets: Sequence[tuple[Dataset, DatasetReport]],
        plans: Sequence[TablePlan],
    ) -> list[AnonymizeUnit]:
        sink = sink_for(transaction.target.uri)
        origin = Origin(source, self._selection.storage)
        return [
            AnonymizeUnit(place, unit, plan)
            for place, ((dataset, _), plan) in enumerate(zip(datasets, plans, strict=True))
            for unit in sink.plan(transaction, dataset, origin)
        ]

    def _write(
        self,
        transaction: Transaction,
        units: list[AnonymizeUnit],
        tallies: list[list[Tallies]],
    ) -> tuple[str, list[Staged]]:
        """Stage every unit.

        Raises:
            LakescanError: of the first that failed for good.
        """
        engine = engine_for(self._engine, units)
        task = AnonymizeTask(self._policy, self._key, transaction, self._selection.storage)
        staged: list[Staged] = []
        with closing(engine.run(task, units)) as outcomes:  # type: ignore[type-var]
            for outcome in outcomes:
                if outcome.result is None:
                    assert outcome.error is not None
                    raise outcome.error
                staged.append(outcome.result.staged)
                tallies[outcome.unit.table].append(outcome.result.tallies)
        return engine.name, staged

    def _report(  # noqa: PLR0913, PLR0917 - the parts of the report
        self,
        scanned: ScanReport,
        source: str,
        target: str,
        run_id: str,
        tables: tuple[TableAction, ...],
        engine: str,
        version: str,
        rows: int,
        size: int,
    ) -> AnonymizeReport:
        return AnonymizeReport(
            run_id=run_id,
            status="partial" if scanned.errors else "complete",
            source=source,
            target=target,
            engine=engine,
            policy_hash=self._policy.hash,
            scan_id=scanned.run_id,
            version=version,
            key_id=None if self._keyring is None else self._keyring.primary,
            rows=rows,
            bytes=size,
            seconds=time.monotonic() - self._started,
            tables=tables,
            errors=scanned.errors,
            started=self._when,
        )
