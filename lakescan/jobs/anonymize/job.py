"""The anonymize job: scan, plan, stage, commit."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from lakescan.connectors import Dataset, Selection, discover, shown
from lakescan.connectors.held import holding
from lakescan.connectors.model import Hidden, Misfits
from lakescan.connectors.sinks import FileLayout, Mode, Origin, Target, Transaction, sink_for
from lakescan.connectors.sql.address import DIALECTS
from lakescan.connectors.storage.lookup import scheme_of
from lakescan.engines.options import EngineOptions
from lakescan.errors import ChangedSourceError, TerminalError
from lakescan.jobs.accuracy import decided
from lakescan.jobs.anonymize.in_place import (
    check_in_place,
    names_root,
    recorded_before,
    with_earlier,
)
from lakescan.jobs.anonymize.kept import check_keeps, recipe_of
from lakescan.jobs.anonymize.keys import consistent, marked
from lakescan.jobs.anonymize.plan import TablePlanner, check_some_stay, check_subjects, idle_rules
from lakescan.jobs.anonymize.request import Writing
from lakescan.jobs.anonymize.result import AnonymizeResult
from lakescan.jobs.anonymize.resumed import run_of
from lakescan.jobs.anonymize.stage import write_tables
from lakescan.jobs.anonymize.summary import metadata_of, table_action
from lakescan.jobs.anonymize.targets import check_apart, check_has_files
from lakescan.jobs.anonymize.task import AnonymizeTask
from lakescan.jobs.early import started_for
from lakescan.jobs.keys import key_uri, keyring_at
from lakescan.jobs.scan.budget import Budget
from lakescan.jobs.scan.job import scan
from lakescan.jobs.scan.request import Output
from lakescan.policy import Policy
from lakescan.reports.anonymization.model import AnonymizeReport, TableAction
from lakescan.reports.ipython import usual_progress
from lakescan.reports.model import DatasetReport, ErrorReport, ScanReport
from lakescan.reports.progress import Progress
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.plan import TablePlan

#: Schemes of what goes on changing while it is read.
_LIVING = frozenset({*DIALECTS, "kafka"})


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
    budget: Budget | None = None,
) -> AnonymizeResult:
    """Write the same tables without the people in them: all of them, or nothing.

    Args:
        source: a URI or path.
        to: where the tables are written; None for a dry run, which writes nothing and shows masked
            samples of what it would do.
        policy: a policy or the path of one, with a section ``anonymize``.
        key: where the keyring is: ``env:NAME``, ``file:PATH`` or a vault's URI; never a key. None
            for what the policy says, else ``env:LAKESCAN_KEY``.
        engine: ``auto``, ``local``, ``ray`` or ``spark``, or `EngineOptions`.
        selection: which files, and how storage is reached.
        writing: what happens to what is in the target.
        progress: is told how far the job is; None for the cell of a notebook, elsewhere nobody.
        budget: when to stop writing, as ``partial``: nothing shows in the target until the same
            run has gone on (`Writing.resume`, or its name) and is through. The scan before
            counts in none of it.

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
    chosen = selection or Selection()
    with started_for(options, [str(source)], storage=chosen.storage):
        job = _Job(decided(rules), key, chosen, options, progress or usual_progress())
        if to is None:
            return job.preview(str(source))
        return job.run(str(source), str(to), writing or Writing(), budget)


def report_of(dataset: Dataset, reports: Sequence[DatasetReport]) -> DatasetReport | None:
    """What a scan says of a dataset, if it was the same then.

    The rows of a database or topic go on changing, and not every one says so: its columns count,
    not its version.
    """
    of_database = scheme_of(dataset.uri).partition("+")[0] in _LIVING
    return next(
        (
            report
            for report in reports
            if report.uri == dataset.uri and (of_database or report.version == dataset.version)
        ),
        None,
    )


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
        self._selection = replace(selection, misfits=Misfits.KEPT)
        self._engine = engine
        self._progress = progress
        self._started = time.monotonic()
        self._when = datetime.now(UTC).isoformat(timespec="seconds")

    def run(
        self, source: str, target: str, writing: Writing, budget: Budget | None
    ) -> AnonymizeResult:
        before: Mapping[str, str] = {}
        above = shown(source)
        check_apart(source, target, (*self._selection.exclude, *self._policy.exclude))
        if writing.mode == Mode.IN_PLACE:
            found = partial(self._discovered, source)
            before = check_in_place(source, target, writing, self._selection, found)
            above = names_root(source)
        elif writing.mode == Mode.UPDATE:
            before = recorded_before(target, writing, self._selection)
        if writing.incremental:
            check_keeps(sink_for(target), shown(target))
        if writing.layout != FileLayout.SAME:
            check_has_files(target)
        scanned, datasets = self._scanned(source, writing)
        plans = self._plans(datasets)
        self._progress.phase("writing")
        root, storage = shown(source), self._selection.storage
        named = [(dataset.uri, plan) for (dataset, _), plan in zip(datasets, plans, strict=True)]
        told = metadata_of(above, named, self._policy, self._keyring)
        metadata = with_earlier(told, before)
        run_id = run_of(target, writing, writing.storage or storage, metadata)
        transaction = sink_for(target).begin(
            Target(
                Hidden(target),
                run_id,
                self._mode(target, writing),
                writing.format,
                storage=writing.storage or storage,
                metadata={**metadata, "lakescan.run": run_id},
                layout=FileLayout(writing.layout),
            )
        )
        task = AnonymizeTask(self._policy, self._key, transaction, storage)
        with ExitStack() as held:
            held.enter_context(holding())
            # Once more: what is read from here on is one state of the source, as of now.
            now = self._again(source, transaction, datasets)
            tables = [
                (marked(dataset, plan), plan) for dataset, plan in zip(now, plans, strict=True)
            ]
            done = write_tables(
                transaction,
                Origin(root, storage),
                tables,
                task,
                self._engine,
                held.close,
                recipes=[recipe_of(plan, self._policy, self._keyring) for plan in plans]
                if writing.incremental
                else (),
                budget=budget,
            )
        actions = tuple(
            replace(
                table_action(report, plan, tallies, self._policy, self._keyring, kept=kept),
                outputs=names,
            )
            for (_, report), plan, tallies, names, kept in zip(
                datasets, plans, done.tallies, done.outputs, done.kept, strict=True
            )
        )
        shell = self._report(scanned, root, actions, datasets)
        if done.left:
            stopped = ErrorReport(shown(target), "Budget", done.left)
            self._progress.problem(stopped)
            shell = replace(shell, status="partial", errors=(*shell.errors, stopped))
        self._progress.phase("reporting")
        return AnonymizeResult(
            replace(
                shell,
                run_id=run_id,
                target=shown(target),
                engine=done.engine,
                version=done.committed.version,
                rows=done.committed.rows,
                bytes=done.committed.bytes,
            )
        )

    def preview(self, source: str) -> AnonymizeResult:
        """A dry run."""
        from lakescan.jobs.anonymize.preview import previews

        scanned, datasets = self._scanned(source, Writing())
        plans = self._plans(datasets)
        looks = tuple(
            previews(
                [dataset for dataset, _ in datasets],
                plans,
                self._policy,
                self._keyring,
                self._selection.storage,
            )
        )
        tables = tuple(
            table_action(report, plan, look.tallies, self._policy, self._keyring)
            for (_, report), plan, look in zip(datasets, plans, looks, strict=True)
        )
        report = self._report(scanned, shown(source), tables, datasets)
        return AnonymizeResult(replace(report, status="planned"), looks)

    def _mode(self, target: str, writing: Writing) -> Mode:
        """What an incremental run does: the first one creates, the others replace."""
        if not writing.incremental or writing.mode != Mode.CREATE:
            return Mode(writing.mode)
        before = recorded_before(target, writing, self._selection)
        return Mode.REPLACE if before else Mode.CREATE

    def _scanned(
        self, source: str, writing: Writing
    ) -> tuple[ScanReport, list[tuple[Dataset, DatasetReport]]]:
        """Find the datasets of the source, and scan all of them.

        Raises:
            PolicyError: a rule would break the type of the column that it names.
            TerminalError: a part of a dataset could not be read: no verdict is for all of it.
            ChangedSourceError: the source changed in between.
        """
        datasets = self._discovered(source)
        known = self._keyring is not None
        for dataset in datasets:
            unread = DatasetReport(dataset.uri, dataset.format, dataset.version, 0, 0, ())
            TablePlanner(self._policy, dataset, unread, known).check_named()
        scanned = scan(
            source,
            self._policy,
            engine=self._engine,
            output=None
            if writing.scan_output is None
            else Output(
                writing.scan_output, resume=writing.resume, incremental=writing.incremental
            ),
            selection=self._selection,
            progress=self._progress,
        ).value
        found = []
        for dataset in datasets:
            report = report_of(dataset, scanned.datasets)
            if report is None:
                raise ChangedSourceError(
                    f"{dataset.uri}: changed since it was scanned", hint="run again"
                )
            found.append((dataset, report))
        lost = {error.uri: error.message for error in scanned.errors if error.left_records_out}
        splits = (split for dataset in datasets for split in dataset.splits if lost)
        broken = next((split.uri for split in splits if split.uri in lost), None)
        if broken is not None:
            raise TerminalError(
                f"{broken} could not be read, so nothing was written: {lost[broken]}",
                hint="mend it, or leave it out with --exclude",
                uri=broken,
            )
        return scanned, found

    def _discovered(self, source: str) -> list[Dataset]:
        selection = replace(
            self._selection,
            include=(*self._selection.include, *self._policy.include),
            exclude=(*self._selection.exclude, *self._policy.exclude),
        )
        return [each for each in discover(source, selection) if isinstance(each, Dataset)]

    def _again(
        self, source: str, transaction: Transaction, datasets: Sequence[tuple[Dataset, object]]
    ) -> list[Dataset]:
        """The datasets of a database in one snapshot of it; of files as they are.

        Raises:
            ChangedSourceError: a table is not what it was, or is gone.
        """
        before = [dataset for dataset, _ in datasets]
        if scheme_of(source).partition("+")[0] not in DIALECTS or transaction.committed is not None:
            return before
        now = {dataset.uri: dataset for dataset in self._discovered(source)}
        for dataset in before:
            found = now.get(dataset.uri)
            if found is None or found.schema != dataset.schema:
                sink_for(transaction.target.uri).abort(transaction)
                raise ChangedSourceError(
                    f"{dataset.uri}: its columns changed since it was scanned", hint="run again"
                )
        return [now[dataset.uri] for dataset in before]

    def _plans(self, datasets: Sequence[tuple[Dataset, DatasetReport]]) -> list[TablePlan]:
        """What is done to each table.

        Raises:
            PolicyError: the policy would break a column's type, or a key.
        """
        tables = [dataset for dataset, _ in datasets]
        check_subjects(self._policy, tables)
        known = self._keyring is not None
        plans = [TablePlanner(self._policy, *each, known).plan() for each in datasets]
        for table, plan in zip(tables, plans, strict=True):
            check_some_stay(table, plan)
        return consistent(tables, plans, self._policy, has_key=known)

    def _report(
        self,
        scanned: ScanReport,
        source: str,
        tables: tuple[TableAction, ...],
        datasets: Sequence[tuple[Dataset, DatasetReport]],
    ) -> AnonymizeReport:
        """The report of what was planned, before anything is written."""
        return AnonymizeReport(
            run_id="",
            status="complete" if scanned.status == "complete" else "partial",
            source=source,
            target="",
            engine="",
            policy_hash=self._policy.hash,
            scan_id=scanned.run_id,
            version="",
            key_id=None if self._keyring is None else self._keyring.primary,
            rows=0,
            bytes=0,
            seconds=time.monotonic() - self._started,
            tables=tables,
            errors=(*scanned.errors, *idle_rules(self._policy, datasets)),
            started=self._when,
        )
