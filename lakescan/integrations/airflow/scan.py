"""The operator that scans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import lakescan
from lakescan.errors import UsageError
from lakescan.integrations.airflow.base import LakescanOperator, bounds, places
from lakescan.integrations.airflow.summary import Summary, scan_summary
from lakescan.jobs.runs import open_run
from lakescan.jobs.scan.budget import Budget
from lakescan.policy import Gate, parse_gate
from lakescan.reports.gating import tripped
from lakescan.reports.model import ScanReport

if TYPE_CHECKING:
    from airflow.sdk import Context


class LakescanScanOperator(LakescanOperator):
    """Finds the personal data under some URIs.

    Its XCom is the run in numbers: status, rows, entities with how many columns hold them, and the
    run's folder; no value and no sample. A try after a failed one goes on where that was.

    Args:
        uris: what is scanned: one, or several.
        run_folder: where the run is kept; a submitted job needs it.
        reads: ``all``, or ``changed``: only what changed since the run in ``run_folder``.
        include, exclude: globs.
        fail_on: gates, beside those of the policy; one that trips fails the task for good.
        baseline: folder of an earlier run: only what is new since then trips a gate.
        budget: when to stop, as ``partial``, before everything is read.
        options: what `LakescanOperator` takes.
    """

    verb = "scan"
    template_fields: Sequence[str] = (
        *LakescanOperator.template_fields,
        "uris",
        "run_folder",
        "include",
        "exclude",
        "fail_on",
        "baseline",
    )

    def __init__(
        self,
        *,
        uris: str | Sequence[str],
        run_folder: str | None = None,
        reads: str = "all",
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        fail_on: Sequence[str] = (),
        baseline: str | None = None,
        budget: Budget | None = None,
        **options: Any,
    ) -> None:
        sources = [uris] if isinstance(uris, str) else list(uris)
        options.setdefault("inlets", places(*sources))
        options.setdefault("outlets", places(run_folder))
        super().__init__(**options)
        self.uris = uris
        self.run_folder = run_folder
        self.reads = reads
        self.include = include
        self.exclude = exclude
        self.fail_on = fail_on
        self.baseline = baseline
        self.budget = budget or Budget()

    def run_here(self, context: Context) -> Summary:
        """Scan in this process."""
        changed = self.reads == "changed"
        again = context["ti"].try_number > 1
        result = lakescan.scan(
            self._sources,
            self.rules,
            engine=self.engine_options,
            output=self.run_folder
            and lakescan.Output(self.run_folder, resume=again, incremental=changed),
            selection=lakescan.Selection(
                include=tuple(self.include), exclude=tuple(self.exclude), storage=self.storage
            ),
            progress=self.told,
            budget=self.budget,
        )
        return self._summary(result.value)

    def arguments(self) -> tuple[str, ...]:
        """The command line of ``lakescan scan``."""
        if self.run_folder is None:
            raise UsageError("a scan on a cluster needs a run folder", hint="give run_folder=")
        found = ["--output", self.run_folder]
        if self.reads == "changed":
            found.append("--incremental")
        found += bounds(self.budget)
        for name, values in (("--include", self.include), ("--exclude", self.exclude)):
            found += [word for value in values for word in (name, value)]
        return (*found, *self.shared_arguments(), "--", *self._sources)

    def summary_of(self, words: str) -> Summary:  # noqa: ARG002 - its folder tells more
        """The run that its folder tells of."""
        assert self.run_folder is not None
        return self._summary(open_run(self.run_folder, self.storage))

    def trouble(self, summary: Summary) -> str | None:
        """The gates that trip."""
        return "; ".join(summary["tripped"]) or None

    @property
    def _sources(self) -> list[str]:
        return [self.uris] if isinstance(self.uris, str) else list(self.uris)

    def _summary(self, report: ScanReport) -> Summary:
        rules = self.rules
        gates: tuple[Gate, ...] = (
            *rules.parsed_gates(),
            *(parse_gate(text, rules.custom_entities) for text in self.fail_on),
        )
        before = None if self.baseline is None else open_run(self.baseline, self.storage)
        trips = [trip.line() for trip in tripped(report, gates, before)]
        return {**scan_summary(report, self.run_folder), "tripped": trips}
