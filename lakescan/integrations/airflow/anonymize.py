"""The operator that anonymizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson

import lakescan
from lakescan.errors import UsageError
from lakescan.integrations.airflow.base import LakescanOperator, bounds, places
from lakescan.integrations.airflow.summary import Summary, anonymize_summary, answer_in
from lakescan.jobs.scan.budget import Budget

if TYPE_CHECKING:
    from airflow.sdk import Context


class LakescanAnonymizeOperator(LakescanOperator):
    """Writes the same tables without the people in them: all of them, or nothing.

    Its XCom is the job in numbers. The job is named after the task's run, so that a try after one
    that was killed goes on, and one after a try that was through writes nothing twice.

    Args:
        source: what is read.
        to: where the tables are written.
        mode: ``create``, ``replace`` or ``update``.
        writes: ``all``, or ``changed``: only what changed since the run before; see
            `lakescan.Writing`.
        scan_folder: where the scan's run is kept; what has not changed is then not read again.
        key: where the keyring is: ``env:NAME``, ``file:PATH``, a vault's URI; never a key. None
            for what the policy says.
        to_format: of the output; None for the source's own.
        layout: ``same``, or ``compacted``: the small files of a folder become one.
        include, exclude: globs.
        budget: when to stop writing, as ``partial``; nothing shows before a later try is through.
        options: what `LakescanOperator` takes.
    """

    verb = "anonymize"
    template_fields: Sequence[str] = (
        *LakescanOperator.template_fields,
        "source",
        "to",
        "scan_folder",
        "key",
        "include",
        "exclude",
    )

    def __init__(
        self,
        *,
        source: str,
        to: str,
        mode: str = "create",
        writes: str = "all",
        scan_folder: str | None = None,
        key: str | None = None,
        to_format: str | None = None,
        layout: str = "same",
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        budget: Budget | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("inlets", places(source))
        options.setdefault("outlets", places(to))
        super().__init__(**options)
        self.source = source
        self.to = to
        self.mode = mode
        self.writes = writes
        self.scan_folder = scan_folder
        self.key = key
        self.to_format = to_format
        self.layout = layout
        self.include = include
        self.exclude = exclude
        self.budget = budget or Budget()

    def run_here(self, context: Context) -> Summary:
        """Anonymize in this process."""
        name = self.submission(context).id
        try:
            return self._written(name)
        except UsageError as error:
            # A try before this one failed, and took back what it had begun: its name is used up.
            if f"run {name} was aborted" not in error.message:
                raise
            return self._written(f"{name}-{context['ti'].try_number}")

    def _written(self, run_id: str) -> Summary:
        result = lakescan.anonymize(
            self.source,
            self.to,
            self.rules,
            key=self.key,
            engine=self.engine_options,
            selection=lakescan.Selection(
                include=tuple(self.include), exclude=tuple(self.exclude), storage=self.storage
            ),
            writing=lakescan.Writing(
                mode=self.mode,
                format=self.to_format,
                layout=self.layout,
                run_id=run_id,
                incremental=self.writes == "changed",
                scan_output=self.scan_folder,
            ),
            progress=self.told,
            budget=self.budget,
        )
        return anonymize_summary(orjson.loads(result.to_json()))

    def arguments(self) -> tuple[str, ...]:
        """The command line of ``lakescan anonymize``."""
        found = ["--format", "json", "--to", self.to, "--mode", self.mode]
        if self.layout != "same":
            found += ["--layout", self.layout]
        if self.writes == "changed":
            found.append("--incremental")
        for name, value in (
            ("--key", self.key),
            ("--to-format", self.to_format),
            ("--scan-output", self.scan_folder),
        ):
            found += [name, value] if value is not None else []
        found += bounds(self.budget)
        for name, values in (("--include", self.include), ("--exclude", self.exclude)):
            found += [word for value in values for word in (name, value)]
        return (*found, *self.shared_arguments(), "--", self.source)

    def summary_of(self, words: str) -> Summary:
        """What the job printed, in numbers."""
        return anonymize_summary(answer_in(words))

    def trouble(self, summary: Summary) -> str | None:  # noqa: ARG002 - it wrote all, or failed
        """None: it wrote everything, or failed."""
        return None
